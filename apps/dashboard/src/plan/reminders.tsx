/** What each reminder by mail says, where that is not what the first message said. */
import type { JSX } from 'preact'
import type { PlanRule } from './plan.ts'
import { Words } from './words.tsx'

type Reminder = NonNullable<PlanRule['reminders']>[number]

interface RemindersProps {
  reminders: readonly Reminder[]
  /** What is wrong at a path inside the rule. */
  flawOf: (path: string) => string | undefined
  onReminders: (reminders: Reminder[]) => void
}

export function Reminders({ reminders, flawOf, onReminders }: RemindersProps): JSX.Element {
  const put = (at: number, name: 'text' | 'subject', said: PlanRule['text']): void =>
    onReminders(
      reminders.map((each, index) => {
        if (index !== at) return each
        const { [name]: _, ...others } = each
        return said ? { ...others, [name]: said } : others
      }),
    )
  return (
    <>
      {reminders.map((each, index) => (
        <fieldset key={index}>
          <legend>
            Reminder {index + 1}, {each.after} {each.after === 1 ? 'day' : 'days'} later
          </legend>
          <div class="row">
            <Words
              label={`subject of reminder ${index + 1}`}
              hint="Empty: that of the first message."
              text={each.subject}
              flaw={flawOf(`reminders.${index}.subject`)}
              onText={(subject) => put(index, 'subject', subject)}
            />
            <Words
              label={`words of reminder ${index + 1}`}
              hint="Empty: those of the first message."
              text={each.text}
              lines={2}
              flaw={flawOf(`reminders.${index}.text`)}
              onText={(text) => put(index, 'text', text)}
            />
          </div>
        </fieldset>
      ))}
    </>
  )
}
