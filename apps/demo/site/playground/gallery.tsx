/** The choice of a template: by name, by purpose, by stage of the journey. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { entries, type Entry, SelectField, TextField } from '@earshot/editor'

const stageTexts: Readonly<Record<string, string>> = {
  consideration: 'Consideration',
  purchase: 'Purchase',
  retention: 'Retention',
  advocacy: 'Advocacy',
  staff: 'Staff',
  any: 'Any stage',
}

export const stageText = (stage: string): string => stageTexts[stage] ?? stage

interface GalleryProps {
  chosen: string
  onChoose(name: string): void
}

export function Gallery({ chosen, onChoose }: GalleryProps): JSX.Element {
  const [words, setWords] = useState('')
  const [stage, setStage] = useState('')
  const found = entries.filter((each) => fits(each, words, stage))
  const there = new Set(entries.map((each) => each.stage))
  const stages = Object.entries(stageTexts).filter(([each]) => there.has(each))
  return (
    <>
      <div class="row">
        <TextField label="Find a template" value={words} placeholder="Name or purpose" onText={setWords} />
        <SelectField
          label="Stage of the journey"
          value={stage}
          options={[['', 'All stages'], ...stages]}
          onValue={setStage}
        />
      </div>
      <p class="unseen" role="status">
        {found.length === 1 ? 'One template' : `${found.length} templates`}
      </p>
      {found.length > 0 ? (
        <ul class="gallery">
          {found.map(({ name, title, purpose, stage: of }) => (
            <li key={name}>
              <button
                type="button"
                aria-pressed={name === chosen}
                data-template={name}
                onClick={() => onChoose(name)}
              >
                <span class="name">{title}</span>
                <span class="purpose">{purpose}</span>
                <span class="stage">{stageText(of)}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <p class="soft">No template has these words. Try fewer, or all stages.</p>
      )}
    </>
  )
}

function fits({ name, title, purpose, stage: of }: Entry, words: string, stage: string): boolean {
  const text = `${name} ${title} ${purpose} ${stageText(of)}`.toLowerCase()
  return (
    (stage === '' || stage === of) &&
    words
      .toLowerCase()
      .split(/\s+/)
      .every((each) => text.includes(each))
  )
}
