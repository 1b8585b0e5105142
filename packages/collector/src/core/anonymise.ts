/** What stays of a response when its person is erased and only the counts are kept: what was chosen, on which day, by nobody. */
import type {
  AnswerValue,
  DismissEvent,
  DisplayEvent,
  EventBase,
  Question,
  Survey,
  SurveyEvent,
} from '@earshot/contract'
import { derivedId } from './derivedId.ts'
import type { StoredEvent, StoredResponse } from './project.ts'
import type { Suspicion } from './suspicion.ts'
import { formatMoment, parseMoment, type Millis } from './time.ts'

/** What was kept of a visitor who is gone. */
export interface Anonymised {
  /** Events of the visitor that were deleted: all. */
  events: number
  /** Responses that still count, as if each was of somebody of whom nothing is known. */
  keptResponses: number
  /** Events that were made in their place. */
  keptEvents: number
}

/** A response that is to count on. */
export interface Countable {
  response: StoredResponse
  /** Of the version of the response; where it is missing no answer can be told from a text. */
  survey: Survey | undefined
  /** Why it is doubted; none where somebody has found it good. */
  reasons: readonly Suspicion[]
}

/** What begins the id of a visitor who is nobody. */
const prefix = 'anonymous-'

const day: Millis = 86_400_000
/**
 * Between being seen and what follows. It is the same for all, and as long as a card must be in view, so that nobody is taken for
 * a program who was not before.
 */
const pause: Millis = 1000

/**
 * Whether a visitor is one of those that stand for nobody.
 *
 * @example
 * isAnonymous('anonymous-0f6c…') // true
 */
export function isAnonymous(visitor: string): boolean {
  return visitor.startsWith(prefix)
}

/**
 * The events of a response of nobody that reports count as they count this one: it is of the same survey, version, variant and
 * channel, its answers are the same on the same days, and it came as far. Nothing else is in them, but for the touchpoint and the
 * stage that the survey gives to all. Ids are new and random, so
 * neither two responses of one person nor a response and its person can be found by each other.
 *
 * Days are those of UTC, in which all that is counted by days is counted, and stand as their noon: that is the same date in
 * nearly every zone. Where it is not noon yet, they stand as their beginning, for nothing happens after it was stored.
 *
 * @param at now
 * @param bytes random ones
 * @example
 * anonymise({ response, survey, reasons: [] }, now, random.bytes)[0].event.visitor // 'anonymous-0f6c…'
 */
export function anonymise(
  { response, survey, reasons }: Countable,
  at: Millis,
  bytes: (count: number) => Uint8Array,
): StoredEvent<SurveyEvent>[] {
  const coarse = (moment: string): Millis => {
    const start = Math.floor((parseMoment(moment) ?? 0) / day) * day
    return start + day / 2 + pause <= at ? start + day / 2 : start
  }
  const { firstAt, displayedAt, completedAt, dismissedAt, variant } = response
  // Who was too fast stays so.
  const step = reasons.includes('too-fast') ? 0 : pause
  const answers = Object.entries(response.answers).flatMap(([question, given]) => {
    const value = counted(
      survey?.questions.find((each) => each.id === question),
      given.value,
    )
    return value === null ? [] : [{ question, value, moment: coarse(given.at) + step }]
  })
  const completed = completedAt === null ? null : coarse(completedAt) + step
  const dismissed = dismissedAt === null ? null : coarse(dismissedAt) + step
  const first = coarse(firstAt)
  const others = [...answers.map((each) => each.moment), completed, dismissed]
  // It counts on the day on which something was first heard of it, also where that was "later".
  const isShown = displayedAt !== null || !others.some((each) => each !== null && each < first + day)

  const randomId = (moment: Millis): string => derivedId(moment, '', () => bytes(10))
  const visitor = `${prefix}${hexOf(bytes(16))}`
  const id = randomId(first)
  // What the survey says of itself is the same for all who answer it.
  const told = (key: 'touchpoint' | 'stage'): string | null =>
    response[key] !== null && response[key] === survey?.[key] ? response[key] : null
  const touchpoint = told('touchpoint')
  const stage = told('stage')
  const context: EventBase['context'] = {
    channel: response.channel,
    ...(touchpoint !== null && { touchpoint }),
    ...(stage !== null && { stage }),
  }
  const made: StoredEvent<SurveyEvent>[] = []
  const add = (
    moment: Millis,
    rest:
      | Pick<DisplayEvent, 'type' | 'data'>
      | Pick<DismissEvent, 'type' | 'data'>
      | { type: 'answer'; data: { question: string; value: AnswerValue; revision: number } }
      | { type: 'complete'; data: Record<string, never> },
  ): void => {
    const base: EventBase = {
      id: randomId(moment),
      at: formatMoment(moment),
      visitor,
      person: null,
      session: 'anonymous',
      seq: made.length + 1,
      context,
    }
    const about = {
      survey: response.survey,
      surveyVersion: response.version,
      response: id,
      ...(variant !== null && { variant }),
    }
    const event: SurveyEvent = { ...base, ...about, ...rest }
    made.push({ event, at: moment, receivedAt: moment, occurredAt: moment })
  }

  if (isShown) {
    const hidden = reasons.includes('trap') ? { hidden: { trap: true } } : {}
    add(first, { type: 'display', data: { trigger: 'show', ...hidden } })
  }
  for (const { question, value, moment } of answers)
    add(moment, { type: 'answer', data: { question, value, revision: 0 } })
  if (completed !== null) add(completed, { type: 'complete', data: {} })
  if (dismissed !== null)
    add(dismissed, { type: 'dismiss', data: { reason: response.dismissReason ?? 'close' } })
  return made
}

/**
 * What of an answer says nothing of anybody: the score, the choices of those there are, yes or no. Of what was written no word
 * stays, nor a number that somebody was free to choose; that there was an answer does, since reports count it.
 */
function counted(question: Question | undefined, value: AnswerValue): AnswerValue | null {
  switch (question?.kind) {
    case 'scale':
      return typeof value === 'number' && value >= question.min && value <= question.max ? value : null
    case 'choice': {
      const known = new Set(question.options.map((each) => each.id))
      if (question.other !== undefined) known.add('other')
      return Array.isArray(value) ? value.filter((each) => known.has(each)) : null
    }
    case 'yesno':
    case 'link':
      return typeof value === 'boolean' ? value : null
    case 'text':
      return ''
    default:
      return null
  }
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
