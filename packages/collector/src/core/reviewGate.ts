/** Finds rules of the plan that let an answer decide who is asked for a review in public. */
import { mayAskReview, type Survey } from '@earshot/contract'
import type { PlanRule, Texts } from './followUpPlan.ts'

/** A rule that does, and the link that it leads to. */
export interface ReviewGate {
  rule: string
  survey: string
  question: string
}

/**
 * The first rule that goes out after some answers only, and asks a survey with such a link, or has its address in a text.
 *
 * @param surveys that are served
 * @example
 * reviewGate(plan.rules, surveys) // { rule: 'thank-promoters', survey: 'tell', question: 'review' }
 */
export function reviewGate(rules: readonly PlanRule[], surveys: readonly Survey[]): ReviewGate | null {
  const links = surveys.flatMap(({ id: survey, questions }) =>
    questions.flatMap((each) => (each.kind === 'link' && mayAskReview(each) ? [{ survey, link: each }] : [])),
  )
  for (const rule of rules) {
    if (rule.after.on !== 'answer' || rule.after.when === undefined || !reachesPerson(rule)) continue
    const asked = 'mail' in rule.do ? rule.do.mail.survey : rule.survey
    const said = textsOf(rule)
    const found = links.find(
      ({ survey, link }) =>
        survey === asked || (link.purpose === 'review' && said.some((text) => hasAddress(text, link.href))),
    )
    if (found) return { rule: rule.id, survey: found.survey, question: found.link.id }
  }
  return null
}

const reachesPerson = ({ do: action }: PlanRule): boolean =>
  'mail' in action || ('webhook' in action && action.reaches === 'person')

function textsOf({ text, reminders = [], do: action }: PlanRule): string[] {
  const all: (Texts | undefined)[] = [text, 'mail' in action ? action.mail.subject : undefined]
  for (const each of reminders) all.push(each.text, each.subject)
  return all.flatMap((each) => Object.values(each ?? {}))
}

/** Whether an address stands in a text, and not as the beginning of another. A path of the site is no address in a message. */
function hasAddress(text: string, href: string): boolean {
  if (href.startsWith('/')) return false
  return text.split(/[\s<>"'()[\]]+/).some((word) => word.replace(/[.,;:!?]+$/, '') === href)
}
