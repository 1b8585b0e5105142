/** Which messages there are to look at: those of each rule that writes, with its reminders, and the bare one of each survey. */
import { formablePlan } from './plan.ts'

type Texts = Record<string, string>

/** What `POST /v1/mail/preview` is asked. */
export interface PreviewWish {
  survey?: string
  subject?: Texts
  text?: Texts
  locale?: string
}

/** One message. */
export interface Letter {
  /** In the address of the page. */
  id: string
  title: string
  wish: PreviewWish
}

/**
 * All messages.
 *
 * @param rules of the plan, as it is stored
 * @param surveys ids of those that are served
 * @example
 * lettersOf([], ['nps']).map((each) => each.id) // ['survey nps']
 */
export function lettersOf(rules: readonly unknown[], surveys: readonly string[]): Letter[] {
  const plan = formablePlan({ rules })
  const written = (plan?.rules ?? []).flatMap(({ id, do: action, text, reminders = [] }): Letter[] => {
    const mail = action['mail'] as { survey?: string; subject?: Texts } | undefined
    if (mail?.survey === undefined) return []
    const letter = (step: number, subject: Texts | undefined, words: Texts | undefined): Letter => ({
      id: `rule ${id} ${step}`,
      title: step === 0 ? `rule ${id}` : `rule ${id}, reminder ${step}`,
      wish: {
        ...(mail.survey !== undefined && { survey: mail.survey }),
        ...(subject && { subject }),
        ...(words && { text: words }),
      },
    })
    return [
      letter(0, mail.subject, text),
      ...reminders.map((each, index) => letter(index + 1, each.subject ?? mail.subject, each.text ?? text)),
    ]
  })
  return [
    ...written,
    ...surveys.map((survey) => ({ id: `survey ${survey}`, title: `survey ${survey}`, wish: { survey } })),
  ]
}
