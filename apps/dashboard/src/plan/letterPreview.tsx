/** How the messages of a rule look while it is written: of the draft, before it is in force and before anybody gets one. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { previewShape } from '../api/mailShapes.ts'
import { ask } from '../api/request.ts'
import { useKept, useLoad } from '../api/use.ts'
import { SelectField } from '../parts/fields.tsx'
import { LanguageField } from '../parts/languageField.tsx'
import { LetterFrame } from '../parts/letterFrame.tsx'
import { Ready } from '../parts/states.tsx'
import { lettersOf, type PreviewWish } from './letters.ts'
import type { PlanRule } from './plan.ts'
import '../styles/mail.css'

/** Nothing is asked for before somebody opens it. */
export function LetterPreview({ rule }: { rule: PlanRule }): JSX.Element {
  const [isOpen, setOpen] = useState(false)
  return (
    <details onToggle={(toggled) => setOpen(toggled.currentTarget.open)}>
      <summary>How it looks as it stands here</summary>
      {isOpen && <Letters rule={rule} />}
    </details>
  )
}

function Letters({ rule }: { rule: PlanRule }): JSX.Element {
  const [step, setStep] = useState(0)
  const [language, setLanguage] = useState('')
  const letters = lettersOf([rule], [])
  const chosen = letters[step] ?? letters[0]
  const wish: PreviewWish | null = chosen?.wish.survey
    ? { ...chosen.wish, ...(language !== '' && { locale: language }) }
    : null
  const asked = useKept(
    useLoad(wish && `preview ${JSON.stringify(wish)}`, (signal) =>
      ask('/v1/mail/preview', previewShape, { method: 'POST', body: wish ?? {}, signal }),
    ),
    'draft',
  )
  if (!wish) return <p class="group hint">Choose the survey that it asks, and it is shown here.</p>
  return (
    <div class="group">
      <div class="filters">
        {letters.length > 1 && (
          <SelectField
            label="Message"
            value={String(chosen ? letters.indexOf(chosen) : 0)}
            options={letters.map((_, index) => [
              String(index),
              index === 0 ? 'the first' : `reminder ${index}`,
            ])}
            onValue={(next) => setStep(Number(next))}
          />
        )}
        <LanguageField value={language} onValue={setLanguage} />
      </div>
      <Ready asked={asked}>
        {({ subject, html, locale }) => (
          <>
            <p>
              <strong lang={locale} dir="auto">
                {subject}
              </strong>
            </p>
            <LetterFrame html={html} scheme="light" width={480} />
          </>
        )}
      </Ready>
    </div>
  )
}
