/** Erases a person: asks what is to be kept, and says what was done. */
import type { JSX } from 'preact'
import { useId, useState } from 'preact/hooks'
import { erasureShape } from '../api/adminShapes.ts'
import type { Fault } from '../api/fault.ts'
import { ask } from '../api/request.ts'
import { forget } from '../api/use.ts'
import { formatCount } from '../numbers/format.ts'
import { Confirm } from './confirm.tsx'

type Keep = 'nothing' | 'counts'

const choices: readonly (readonly [keep: Keep, title: string, text: string])[] = [
  [
    'nothing',
    'Delete everything',
    'With all answers and events, their part in the numbers of the past goes too.',
  ],
  [
    'counts',
    'Keep the counts',
    'Scores and choices stay in the numbers, with survey, version, variant, channel and day. What was written, who it was, and all else is deleted, and nothing that is stored tells any more whose they were.',
  ],
]

interface ErasePersonProps {
  path: string
  onFault: (fault: Fault) => void
  /** Told what was done, in words. */
  onDone: (text: string) => void
}

/** @param path - Address of the person at the collector. */
export function ErasePerson({ path, onFault, onDone }: ErasePersonProps): JSX.Element {
  const name = useId()
  const [keep, setKeep] = useState<Keep>('nothing')
  const erase = async (): Promise<void> => {
    const reply = await ask(`${path}?keep=${keep}`, erasureShape, { method: 'DELETE' })
    if (!reply.ok) {
      onFault(reply.fault)
      return
    }
    const { events, responses, keptResponses } = reply.value
    forget()
    onDone(
      keep === 'nothing'
        ? `Erased: ${formatCount(events)} events and ${formatCount(responses)} responses. Numbers of the past change with them.`
        : `Erased: ${formatCount(events)} events. Still counted, and of nobody: ${formatCount(keptResponses)} ${keptResponses === 1 ? 'response' : 'responses'}.`,
    )
  }
  return (
    <Confirm
      label="Erase this person"
      question="Erase all answers and events of this person? This cannot be undone."
      yes="Erase for good"
      onYes={erase}
    >
      <fieldset class="ways">
        <legend>What is kept</legend>
        {choices.map(([each, title, text]) => (
          <label key={each}>
            <input
              type="radio"
              name={name}
              value={each}
              checked={keep === each}
              aria-describedby={`${name}-${each}`}
              onChange={() => setKeep(each)}
            />
            <span>
              <strong>{title}</strong>
              <span class="soft" id={`${name}-${each}`}>
                {text}
              </span>
            </span>
          </label>
        ))}
      </fieldset>
    </Confirm>
  )
}
