/** Takes what identifies people out of answers, where a site wants it. */
import { scrubText, type AnswerValue, type Privacy, type Question, type Scrub } from '@earshot/contract'
import type { EventDraft } from '../model.ts'

/**
 * An answer without what its site has scrubbed.
 *
 * @param question what was asked: what it asks for on purpose, as an address or in a form, is left as it is
 */
export function scrubDraft(draft: EventDraft, privacy: Privacy, question?: Question): EventDraft {
  const { scrub } = privacy
  if (draft.type !== 'answer' || !scrub?.length) return draft
  const { value, other } = draft.data
  const asked = question?.kind === 'text' ? question : undefined
  const data = { ...draft.data }
  // The collector takes no longer and no shorter text than the question does.
  if (typeof value === 'string' && asked?.input !== 'email' && !asked?.pattern)
    data.value = scrubText(value, scrub)
      .slice(0, value.length)
      .padEnd(asked?.minLength ?? 0)
  if (other !== undefined) data.other = scrubText(other, scrub).slice(0, other.length)
  return { ...draft, data }
}

/** The same for the answers that are kept to go on with after a reload. */
export function scrubAnswers(
  answers: Readonly<Record<string, AnswerValue>>,
  scrub: readonly Scrub[],
  questions: readonly Question[],
): Record<string, AnswerValue> {
  const asIs = questions.flatMap((each) =>
    each.kind === 'text' && (each.input === 'email' || each.pattern) ? [each.id] : [],
  )
  const scrubbed = Object.entries(answers).map(([id, value]): [string, AnswerValue] => [
    id,
    typeof value === 'string' && !asIs.includes(id) ? scrubText(value, scrub) : value,
  ])
  return Object.fromEntries(scrubbed)
}
