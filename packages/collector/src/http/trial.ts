/** Plays a plan over what is stored, person after person, within bounds of memory and time. It sends and stores nothing. */
import type { Survey } from '@earshot/contract'
import { watches, type AlertCause, type Finding } from '../core/alerts.ts'
import { isAnonymous } from '../core/anonymise.ts'
import type { FollowUpPlan } from '../core/followUpPlan.ts'
import type { StoredEvent } from '../core/project.ts'
import { createAlertTrial } from '../core/simulateAlerts.ts'
import { simulatePerson, sinceOf, type FindSurvey } from '../core/simulateFollowUps.ts'
import { day, formatMoment, type Millis } from '../core/time.ts'
import { createTrialTally, type RuleTrial, type TrialExample } from '../core/trialTally.ts'
import { cutPeriod } from '../core/zone.ts'
import type { EventStore } from '../ports/eventStore.ts'

/** What a plan would have done. */
export interface TrialReport {
  days: number
  zone: string
  from: string
  to: string
  /** From when on causes were looked at. */
  since: string
  /** False where there was more than the bounds allow: then it is of those who were heard of last. */
  isComplete: boolean
  /** People who were looked at. */
  people: number
  /** People of whom so much is stored that they were left out. */
  left: number
  rules: RuleTrial[]
  sample: TrialExample[]
}

/** How far it goes at most. */
export interface TrialBounds {
  /** People who are looked at. */
  people: number
  /** Events of one person. */
  events: number
  /** How long it may take. */
  time: Millis
}

/** Enough for a site of a hundred thousand showings a month, and harmless for the rest of the collector. */
export const trialBounds: TrialBounds = { people: 20_000, events: 2000, time: 10_000 }

/** Rows of events that are looked through at a time. */
const part = 5000
const page = 500
/** Examples of each rule. */
const examples = 10

/** What is to be played, and where. */
export interface Trying {
  store: EventStore
  site: number
  plan: FollowUpPlan
  /** Length of the span, which ends now. */
  days: number
  /** In which its days are counted. */
  zone: string
  now: Millis
  bounds: TrialBounds
  /** Milliseconds of any clock that only goes on. */
  elapsed(): Millis
  /** What a rule that watches a number finds at a moment. */
  findAt(cause: AlertCause, at: Millis): Promise<Finding | null>
}

/**
 * Plays it.
 *
 * @throws a failure of the store
 */
export async function tryPlan(trying: Trying): Promise<TrialReport> {
  const { store, site, plan, days, zone, now, bounds, elapsed, findAt } = trying
  const from = now - days * day
  const span = { since: sinceOf(plan, from), from, to: now }
  const tally = createTrialTally(plan, span, cutPeriod(from, now, 'day', zone, days + 2) ?? [], examples)
  const definitions = new Map(
    (await store.surveys(site)).map(({ survey }): [string, Survey] => [
      `${survey.version} ${survey.id}`,
      survey,
    ]),
  )
  const findSurvey: FindSurvey = (id, version) => definitions.get(`${version} ${id}`) ?? null
  const end = elapsed() + bounds.time
  const seen = new Set<string>()
  let people = 0
  let left = 0

  /** All of a visitor; null where it is too much. */
  const eventsOf = async (visitor: string): Promise<StoredEvent[] | null> => {
    const events: StoredEvent[] = []
    for (let after = 0; ;) {
      const rows = await store.eventsOf(site, visitor, { after, limit: page })
      for (const { event, receivedAt, occurredAt } of rows)
        events.push({ event, at: occurredAt, receivedAt, occurredAt })
      if (events.length > bounds.events) return null
      if (rows.length < page) return events
      after = rows.at(-1)?.row ?? 0
    }
  }
  const add = (who: { visitor: string; person: string | null }, events: readonly StoredEvent[]): void => {
    const trials = simulatePerson(plan, events, findSurvey, span)
    if (trials) tally.add(who, trials)
    if (trials) people++
    else left++
  }
  const play = async (visitor: string): Promise<void> => {
    const own = await eventsOf(visitor)
    if (own === null) {
      left++
      return
    }
    const persons = [...new Set(own.map(({ event }) => event.person))].filter((each) => each !== null)
    if (persons.length === 0) {
      add({ visitor, person: null }, own)
      return
    }
    for (const [index, person] of persons.entries()) {
      if (seen.has(`p/${person}`)) continue
      seen.add(`p/${person}`)
      const all = [...own]
      let isWhole = true
      for (const other of await store.visitorsOf(site, person)) {
        if (other.visitor === visitor) continue
        const more = all.length + other.events > bounds.events ? null : await eventsOf(other.visitor)
        if (more === null) isWhole = false
        else all.push(...more)
      }
      if (!isWhole) {
        left++
        continue
      }
      // What nobody in particular did on a device is of one person alone.
      const isOwn = ({ event }: StoredEvent): boolean =>
        event.person === person || (event.person === null && (index === 0 || event.visitor !== visitor))
      add({ visitor, person }, all.filter(isOwn))
    }
  }

  let isComplete = true
  // Numbers are looked at for each hour: they may have half of the time.
  const half = elapsed() + bounds.time / 2
  for (const rule of plan.rules.filter(watches)) {
    const trial = createAlertTrial(plan, rule, span)
    for (let at = trial.next(); at !== null && isComplete; at = trial.next())
      if (elapsed() < half) trial.add(await findAt(rule.after, at))
      else isComplete = false
    tally.add(null, trial.trials())
  }
  let isEnd = false
  for (let before: number | null = null; !isEnd;) {
    const { visitors, at, next }: Awaited<ReturnType<EventStore['heardOf']>> = await store.heardOf(site, {
      before,
      limit: part,
    })
    for (const visitor of visitors) {
      // Nobody did that; the counts of somebody were kept.
      if (isAnonymous(visitor)) continue
      if (seen.has(`v/${visitor}`)) continue
      if (people + left >= bounds.people || elapsed() >= end) {
        isComplete = false
        isEnd = true
        break
      }
      seen.add(`v/${visitor}`)
      await play(visitor)
    }
    if (next === null || (at !== null && at < span.since)) break
    before = next
    if (elapsed() >= end) {
      isComplete = false
      isEnd = true
    }
  }
  return {
    days,
    zone,
    from: formatMoment(from),
    to: formatMoment(now),
    since: formatMoment(span.since),
    isComplete,
    people,
    left,
    rules: tally.rules(),
    sample: tally.sample(),
  }
}
