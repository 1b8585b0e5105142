/** Judges a batch of events one by one: which are new, which were stored before, which are refused and why. */
import {
  maxBatchEvents,
  type FeedbackEvent,
  type Receipt,
  type Rejection,
  type Survey,
} from '@earshot/contract'
import { eventSchema, isExactEvent, type Envelope } from '@earshot/contract/schema'
import {
  createAdmission,
  readDeclared,
  type Declared,
  type InlinePolicy,
  type KnownSurveys,
} from './admit.ts'
import { checkAnswer, type Flaw } from './answer.ts'
import { describeValue, firstCrowd, firstIssue } from './issues.ts'
import { redactAnswer } from './policy.ts'
import { isSurveyEvent, type StoredEvent } from './project.ts'
import { surveyKey, type SurveyKey } from './surveys.ts'
import { cleanValue, cutText, isRecord, isUuid, ownValue } from './text.ts'
import { occurredAt, parseMoment, type Millis } from './time.ts'

/** One event of a request after its shape was checked. */
export interface Candidate {
  /** As it was sent, to be named in the receipt. */
  sentId: string
  /** As it is stored: lower case. Empty if it cannot be an id. */
  id: string
  result: { stored: StoredEvent } | { flaw: Flaw }
}

/** A request whose events have been checked for their shape. */
export interface Batch {
  candidates: Candidate[]
  declared: Declared
  /** Visitors who came in a burst; see `Suspicion`. */
  bursts?: ReadonlySet<string> | undefined
  /** It tells of what is past: nothing follows from it. */
  isPast?: boolean | undefined
  /** What the store must look up before the batch can be judged: event ids, lower case. */
  ids: string[]
  /** What the store must look up: definitions. */
  surveys: SurveyKey[]
  /** What the store must look up: how many events it has of these responses. Ids, lower case. */
  responses: string[]
  /** What the store must look up: which of these visitors were erased. */
  visitors: string[]
}

/** What the store found. */
export interface Known extends KnownSurveys {
  /** Those of the batch's ids that are stored already. */
  ids: ReadonlySet<string>
  /** How many events are stored, by the ids of the batch's responses; a response without one may be missing. */
  counts: ReadonlyMap<string, number>
  /** Those of the batch's visitors that were erased. */
  erased: ReadonlySet<string>
}

/** What is to be stored and what is to be said. */
export interface Verdict {
  accepted: { sentId: string; stored: StoredEvent }[]
  /** Ids as they were sent, of events that are not stored, because their visitor was erased. */
  dropped: string[]
  duplicates: string[]
  rejected: Rejection[]
  /** Inline definitions that accepted events rely on and that are new or have new wording. */
  surveys: Survey[]
}

/** Most inline definitions per site. They come from anybody who has the public key. */
export const maxInlineSurveys = 200

const types: Readonly<Record<FeedbackEvent['type'], true>> = {
  display: true,
  answer: true,
  complete: true,
  dismiss: true,
  snooze: true,
  followup: true,
  optout: true,
  identify: true,
  group: true,
  track: true,
  loss: true,
}

/**
 * Most events of one response. Each new one folds all of them again, so without a bound a single id could keep the
 * collector busy. A patient respondent who changes every answer stays far below.
 */
const maxResponseEvents = 200

/** Longest id that a receipt repeats, so that a client finds its event again. */
const maxSentId = 1000

/**
 * Checks the shape of every event and says what the store must look up.
 *
 * @param receivedAt milliseconds
 * @param isClean whether no text can need cleaning
 * @example
 * const batch = readBatch(envelope, clock.now())
 */
export function readBatch(envelope: Envelope, receivedAt: Millis, isClean = false): Batch {
  const sentAt = parseMoment(envelope.sentAt) ?? receivedAt
  const candidates = envelope.events
    .slice(0, maxBatchEvents)
    .map((raw) => readEvent(raw, sentAt, receivedAt, isClean))
  return batchOf(candidates, readDeclared(envelope.surveys ?? []))
}

/** A batch of candidates, which says what the store must look up when it is asked. */
export function batchOf(candidates: Candidate[], declared: Declared): Batch {
  return new CheckedBatch(candidates, declared)
}

type Needs = Pick<Batch, 'ids' | 'surveys' | 'responses' | 'visitors'>

// A class, since an object with four getters of its own costs more to make than the batch to check.
class CheckedBatch implements Batch {
  readonly candidates: Candidate[]
  readonly declared: Declared
  #needs: Needs | undefined

  constructor(candidates: Candidate[], declared: Declared) {
    this.candidates = candidates
    this.declared = declared
  }
  get ids(): string[] {
    return this.#look().ids
  }
  get surveys(): SurveyKey[] {
    return this.#look().surveys
  }
  get responses(): string[] {
    return this.#look().responses
  }
  get visitors(): string[] {
    return this.#look().visitors
  }
  #look(): Needs {
    this.#needs ??= needsOf(this.candidates)
    return this.#needs
  }
}

function needsOf(candidates: readonly Candidate[]): Needs {
  const surveys = new Map<string, SurveyKey>()
  const ids = new Set<string>()
  const responses = new Set<string>()
  const visitors = new Set<string>()
  for (const { id: eventId, result } of candidates) {
    if (eventId !== '') ids.add(eventId)
    if ('flaw' in result) continue
    visitors.add(result.stored.event.visitor)
    if (!isSurveyEvent(result.stored.event)) continue
    const { survey: id, surveyVersion: version, response } = result.stored.event
    surveys.set(surveyKey(id, version), { id, version })
    responses.add(response)
  }
  return { ids: [...ids], surveys: [...surveys.values()], responses: [...responses], visitors: [...visitors] }
}

/**
 * Judges a batch with what the store knows. Each event is judged alone, except that the site has room for so many
 * inline surveys, and a response for so many events: who comes after that is refused. An id that is stored already, or that the
 * batch gave before, is a duplicate whatever else the event says: the first one stored stands. What an erased visitor sends
 * late, from another device or a tab that was offline, is dropped, and the receipt calls it accepted: it is dealt with, and
 * must leave the queue that it waits in.
 *
 * @example
 * const verdict = judge(batch, known, { inline: 'accept', most: maxInlineSurveys })
 */
export function judge(batch: Batch, known: Known, policy: InlinePolicy): Verdict {
  const { admit, settle } = createAdmission(batch.declared, known, policy)
  const counts = new Map(known.counts)
  const verdict: Verdict = { accepted: [], dropped: [], duplicates: [], rejected: [], surveys: [] }
  const taken = new Set(known.ids)
  const surveys = new Map<string, Survey>()
  const refuse = (sentId: string, flaw: Flaw): void => {
    verdict.rejected.push({ id: sentId, code: flaw.code, message: flaw.message, path: flaw.path })
  }
  for (const { sentId, id, result } of batch.candidates) {
    if (taken.has(id)) {
      verdict.duplicates.push(sentId)
      continue
    }
    if ('flaw' in result) {
      refuse(sentId, result.flaw)
      continue
    }
    let { stored } = result
    if (known.erased.has(stored.event.visitor)) {
      taken.add(id)
      verdict.dropped.push(sentId)
      continue
    }
    if (isSurveyEvent(stored.event)) {
      const { survey: name, surveyVersion: version, response } = stored.event
      const admission = admit({ id: name, version })
      const count = counts.get(response) ?? 0
      const flaw =
        'flaw' in admission
          ? admission.flaw
          : ((stored.event.type === 'answer' ? checkAnswer(admission.survey, stored.event.data) : null) ??
            (count >= maxResponseEvents ? fullResponse : null))
      if (flaw) {
        refuse(sentId, flaw)
        continue
      }
      settle({ id: name, version })
      counts.set(response, count + 1)
      if (policy.redact && stored.event.type === 'answer' && 'survey' in admission) {
        const { data } = stored.event
        const question = admission.survey.questions.find((each) => each.id === data.question)
        const event = redactAnswer(stored.event, question, policy.redact)
        if (event !== stored.event) stored = { ...stored, event }
      }
      if ('survey' in admission && admission.store) surveys.set(surveyKey(name, version), admission.survey)
    }
    taken.add(id)
    verdict.accepted.push({ sentId, stored })
  }
  verdict.surveys = [...surveys.values()]
  return verdict
}

/**
 * The receipt for a verdict.
 *
 * @param inserted ids that the store really wrote; another writer may have been first with one of them
 */
export function receiptFor(verdict: Verdict, inserted: ReadonlySet<string>): Receipt {
  const accepted: string[] = []
  const duplicates = [...verdict.duplicates]
  for (const { sentId, stored } of verdict.accepted)
    if (inserted.has(stored.event.id)) accepted.push(sentId)
    else duplicates.push(sentId)
  accepted.push(...verdict.dropped)
  return { accepted, duplicates, rejected: verdict.rejected }
}

const fullResponse: Flaw = {
  code: 'invalid_event',
  message: `the response has ${maxResponseEvents} events already, which is the most; start a new response for a new showing`,
  path: 'response',
}

/** The parts of an event that may have any keys; see `firstCrowd`. */
const crowdPlaces = [
  'data',
  'data.props',
  'data.traits',
  'data.hidden',
  'data.events',
  'data.surveys',
  'context',
]
/** Those with choices: 50 options, and "other". */
const choicePlaces = ['data.value', 'data.order']
const mostChoices = 51

function readEvent(raw: unknown, sentAt: Millis, receivedAt: Millis, isClean: boolean): Candidate {
  const rawId = ownValue(raw, 'id')
  const sentId = typeof rawId === 'string' ? cutText(rawId, maxSentId) : ''
  const lower = sentId.toLowerCase()
  const candidate = { sentId, id: isUuid(lower) ? lower : '' }
  const read = isClean && isExactEvent(raw) ? raw : checkEvent(raw)
  if ('flaw' in read) return { ...candidate, result: read }
  const event = normal(read, lower)
  const at = parseMoment(event.at) ?? receivedAt
  const stored = { event, at, receivedAt, occurredAt: occurredAt(at, sentAt, receivedAt) }
  return { ...candidate, result: { stored } }
}

/** A UUID means the same in upper and lower case, so ids are kept in one. */
function normal(event: FeedbackEvent, id: string): FeedbackEvent {
  if (!isSurveyEvent(event)) return event.id === id ? event : { ...event, id }
  const response = event.response.toLowerCase()
  return event.id === id && event.response === response ? event : { ...event, id, response }
}

/** Cleans an event; the schema judges what the plain code does not take, and says what is wrong. */
function checkEvent(raw: unknown): FeedbackEvent | { flaw: Flaw } {
  const type = ownValue(raw, 'type')
  if (isRecord(raw) && !(typeof type === 'string' && Object.hasOwn(types, type))) {
    const flaw: Flaw = {
      code: 'unknown_type',
      message: `type is not known (found ${describeValue(type)}); known are ${Object.keys(types).join(', ')}`,
      path: 'type',
    }
    return { flaw }
  }
  const crowd = firstCrowd(raw, crowdPlaces) ?? firstCrowd(raw, choicePlaces, mostChoices)
  if (crowd) return { flaw: { code: 'invalid_event', ...crowd } }
  const clean = cleanEvent(raw)
  if (isExactEvent(clean)) return clean
  const result = eventSchema.safeParse(clean)
  if (result.success) return result.data
  const { path, message } = firstIssue(result.error, clean)
  return { flaw: { code: 'invalid_event', message, path } }
}

// Names that must match to the letter: cleaning one could turn it into another name that exists.
const names = new Set(['id', 'type', 'at', 'survey', 'response', 'variant'])
const namesInData = ['question', 'order', 'followUp']

/** Cleans the free text of an event and leaves its identifiers to the schema. */
function cleanEvent(raw: unknown): unknown {
  if (!isRecord(raw)) return raw
  const cleaned = Object.entries(raw).map(([key, value]): [string, unknown] => {
    if (names.has(key)) return [key, value]
    if (key !== 'data' || !isRecord(value)) return [key, cleanValue(value)]
    const kept = Object.entries(value).filter(
      ([inner, each]) => namesInData.includes(inner) || (inner === 'value' && Array.isArray(each)),
    )
    return [key, { ...(cleanValue(value) as object), ...Object.fromEntries(kept) }]
  })
  return Object.fromEntries(cleaned)
}
