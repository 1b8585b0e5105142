/** What a site keeps of what people write, and for how long. */
import {
  patternSize,
  patternSpans,
  scrubText,
  type AnswerEvent,
  type Question,
  type Scrub,
} from '@earshot/contract'

/** What becomes of answers when they arrive, and when they get old. */
export interface SitePolicy {
  /** Taken out of free text. */
  scrub: readonly Scrub[]
  /** Taken out of free text besides; the name stands in its place. */
  patterns: readonly { name: string; pattern: string }[]
  /** Answers are deleted so many days after the last was heard of them; null: never. */
  retentionDays: number | null
}

/** A site that keeps everything as it is sent. */
export const usualPolicy: SitePolicy = { scrub: [], patterns: [], retentionDays: null }

/** Most patterns of a site. */
export const mostPatterns = 20
/** Most states of all patterns together: each is a step for each character of a text. */
export const mostStates = 500

/** Whether patterns are few and small enough to go through every text that arrives. */
export function arePatternsSmall(patterns: SitePolicy['patterns']): boolean {
  return patterns.reduce((sum, each) => sum + patternSize(each.pattern), 0) <= mostStates
}

/**
 * A text without what is to be taken out.
 *
 * @example
 * redactText('Order 123456, ada@example.com', { scrub: ['email'], patterns: [{ name: 'order', pattern: '\\d{6}' }] })
 * // 'Order [order], [email]'
 */
export function redactText(
  text: string,
  { scrub, patterns }: Pick<SitePolicy, 'scrub' | 'patterns'>,
): string {
  let clean = scrubText(text, scrub)
  for (const { name, pattern } of patterns) {
    let result = ''
    let rest = 0
    for (const [start, end] of patternSpans(pattern, clean)) {
      result += `${clean.slice(rest, start)}[${name}]`
      rest = end
    }
    clean = result + clean.slice(rest)
  }
  return clean
}

/**
 * An answer without what is to be taken out; the same one when there is nothing.
 *
 * @param question what was asked: what it asks for on purpose, as an address or in a form, is left as it is
 */
export function redactAnswer(
  event: AnswerEvent,
  question: Question | undefined,
  policy: Pick<SitePolicy, 'scrub' | 'patterns'>,
): AnswerEvent {
  const { value, other } = event.data
  const isFree = question?.kind === 'text' && question.input !== 'email' && !question.pattern
  const data = { ...event.data }
  if (isFree && typeof value === 'string') data.value = redactText(value, policy)
  if (other !== undefined) data.other = redactText(other, policy)
  return data.value === value && data.other === other ? event : { ...event, data }
}
