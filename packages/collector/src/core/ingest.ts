/** Judges a batch of events one by one: which are new, which were stored before, which are refused and why. */
import {
  maxBatchEvents,
  type FeedbackEvent,
  type Receipt,
  type Rejection,
  type Survey,
} from '@earshot/contract'
import { eventSchema, type Envelope } from '@earshot/contract/schema'
import {
  createAdmission,
  readDeclared,
  type Declared,
  type InlinePolicy,
  type KnownSurveys,
} from './admit.ts'
import { checkAnswer, type Flaw } from './answer.ts'
import { describeValue, firstIssue } from './issues.ts'
import { isSurveyEvent, type StoredEvent } from './project.ts'
import { surveyKey, type SurveyKey } from './surveys.ts'
import { cleanText, cleanValue, cutText, isRecord, ownValue } from './text.ts'
import { occurredAt, parseMoment, type Millis } from './time.ts'

/** One event of a request after its shape was checked. */
interface Candidate {
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
  /** What the store must look up before the batch can be judged: event ids, lower case. */
  ids: string[]
  /** What the store must look up: definitions. */
  surveys: SurveyKey[]
}

/** What the store found. */
export interface Known extends KnownSurveys {
  /** Those of the batch's ids that are stored already. */
  ids: ReadonlySet<string>
}

/** What is to be stored and what is to be said. */
export interface Verdict {
  accepted: { sentId: string; stored: StoredEvent }[]
  duplicates: string[]
  rejected: Rejection[]
  /** Inline definitions that accepted events rely on and that are new or have new wording. */
  surveys: Survey[]
}

/** Most inline definitions per site. They come from anybody who has the public key. */
export const maxInlineSurveys = 200

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const typeNames: Readonly<Record<FeedbackEvent['type'], true>> = {
  display: true,
  answer: true,
  complete: true,
  dismiss: true,
  snooze: true,
  followup: true,
  optout: true,
  identify: true,
  track: true,
}

/**
 * Checks the shape of every event and says what the store must look up.
 *
 * @param receivedAt milliseconds
 * @example
 * const batch = readBatch(envelope, clock.now())
 */
export function readBatch(envelope: Envelope, receivedAt: Millis): Batch {
  const sentAt = parseMoment(envelope.sentAt) ?? receivedAt
  const candidates = envelope.events.slice(0, maxBatchEvents).map((raw) => readEvent(raw, sentAt, receivedAt))
  const surveys = new Map<string, SurveyKey>()
  for (const { result } of candidates) {
    if ('flaw' in result || !isSurveyEvent(result.stored.event)) continue
    const { survey: id, surveyVersion: version } = result.stored.event
    surveys.set(surveyKey(id, version), { id, version })
  }
  return {
    candidates,
    declared: readDeclared(envelope.surveys ?? []),
    ids: [...new Set(candidates.map((each) => each.id))].filter((id) => id !== ''),
    surveys: [...surveys.values()],
  }
}

/**
 * Judges a batch with what the store knows. Each event is judged alone. An id that is stored already, or that the
 * batch gave before, is a duplicate whatever else the event says: the first one stored stands.
 *
 * @example
 * const verdict = judge(batch, known, { inline: 'accept', most: maxInlineSurveys })
 */
export function judge(batch: Batch, known: Known, policy: InlinePolicy): Verdict {
  const admit = createAdmission(batch.declared, known, policy)
  const verdict: Verdict = { accepted: [], duplicates: [], rejected: [], surveys: [] }
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
    const { stored } = result
    if (isSurveyEvent(stored.event)) {
      const { survey: name, surveyVersion: version } = stored.event
      const admission = admit({ id: name, version })
      const flaw =
        'flaw' in admission
          ? admission.flaw
          : stored.event.type === 'answer'
            ? checkAnswer(admission.survey, stored.event.data)
            : null
      if (flaw) {
        refuse(sentId, flaw)
        continue
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
  const isNew = ({ stored }: Verdict['accepted'][number]): boolean => inserted.has(stored.event.id)
  return {
    accepted: verdict.accepted.filter(isNew).map((each) => each.sentId),
    duplicates: [
      ...verdict.duplicates,
      ...verdict.accepted.filter((each) => !isNew(each)).map((each) => each.sentId),
    ],
    rejected: verdict.rejected,
  }
}

function readEvent(raw: unknown, sentAt: Millis, receivedAt: Millis): Candidate {
  const rawId = ownValue(raw, 'id')
  const sentId = typeof rawId === 'string' ? cleanText(cutText(rawId, 100)) : ''
  const lower = sentId.toLowerCase()
  const candidate = { sentId, id: uuidPattern.test(lower) ? lower : '' }
  const type = ownValue(raw, 'type')
  if (typeof type === 'string' && !Object.hasOwn(typeNames, type)) {
    const flaw: Flaw = {
      code: 'unknown_type',
      message: `type ${describeValue(type)} is not known; known are ${Object.keys(typeNames).join(', ')}`,
      path: 'type',
    }
    return { ...candidate, result: { flaw } }
  }
  const clean = cleanEvent(raw)
  const result = eventSchema.safeParse(clean)
  if (!result.success) {
    const { path, message } = firstIssue(result.error, clean)
    return { ...candidate, result: { flaw: { code: 'invalid_event', message, path } } }
  }
  const event = result.data
  const at = parseMoment(event.at) ?? receivedAt
  // A UUID means the same in upper and lower case, so ids are kept in one.
  const normal = isSurveyEvent(event) ? { ...event, response: event.response.toLowerCase() } : event
  const stored = {
    event: { ...normal, id: lower },
    at,
    receivedAt,
    occurredAt: occurredAt(at, sentAt, receivedAt),
  }
  return { ...candidate, result: { stored } }
}

// Names that must match to the letter: cleaning one could turn it into another name that exists.
const names = new Set(['id', 'type', 'at', 'survey', 'response'])

/** Cleans the free text of an event and leaves its identifiers to the schema. */
function cleanEvent(raw: unknown): unknown {
  if (!isRecord(raw)) return raw
  const cleaned = Object.entries(raw).map(([key, value]): [string, unknown] => {
    if (names.has(key)) return [key, value]
    if (key !== 'data' || !isRecord(value) || !Object.hasOwn(value, 'question'))
      return [key, cleanValue(value)]
    return [key, { ...(cleanValue(value) as object), question: value.question }]
  })
  return Object.fromEntries(cleaned)
}
