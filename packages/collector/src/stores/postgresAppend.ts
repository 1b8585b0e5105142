/** Judges and stores the requests of a group: looks up, works out, writes, all in one transaction. */
import type { LossEvent, SurveyEvent, Survey } from '@earshot/contract'
import type { Batch, Known, Verdict } from '../core/ingest.ts'
import { isSurveyEvent, type StoredEvent } from '../core/project.ts'
import { surveyKey, type SurveySource } from '../core/surveys.ts'
import type { Millis } from '../core/time.ts'
import type { Appended } from '../ports/eventStore.ts'
import { lookUp, type Found } from './postgresLookup.ts'
import { dropEventJobs } from './postgresJobs.ts'
import { monthOf, type Months } from './postgresMonth.ts'
import { refold, type Head } from './postgresPlan.ts'
import type { Ask, Postgres } from './postgresPool.ts'
import type { Outcome } from './postgresQueue.ts'
import { followSuspects } from './postgresSuspects.ts'
import { keyText } from './postgresText.ts'
import { write } from './postgresWrite.ts'
import { lostName } from './sqliteAppend.ts'

/** One request. */
export interface Request {
  batch: Batch
  judge: (known: Known) => Verdict
  at: Millis
}

/** Most events in a group: enough that the commit costs next to nothing, few enough that nobody waits long for it. */
export const mostEvents = 1000

/** Says that what a group wants to do must be done alone. */
const mustBeAlone = Symbol('must be alone')

/**
 * Prepares the writing of groups.
 *
 * Groups of several collectors run side by side, and notice when they have stored the same event or added to the same
 * response: then the later one begins anew, alone. What hangs on more than events and responses, that is definitions that
 * come inline and surveys with a quota, is done alone from the start; see `Lock`.
 *
 * @param slot the rows of the counters that are ours
 */
export function createAppend(
  postgres: Postgres,
  months: Months,
  slot: number,
): (site: number, group: Request[]) => Promise<Outcome<Appended>[]> {
  // What made the last group go alone will be in the next one too, most of the time.
  let isAlone = false

  return async (site, group) => {
    const at = group.reduce((last, each) => Math.max(last, each.at), 0)
    await months.ensure(new Set(group.flatMap((each) => each.batch.ids.map(monthOf))), at)
    const attempt = (alone: boolean): Promise<Outcome<Appended>[] | typeof mustBeAlone> => {
      let mode: 'shared' | 'exclusive' = alone ? 'exclusive' : 'shared'
      return postgres.transaction(
        () => ({ site, mode }),
        async (ask) => {
          const isExclusive = mode === 'exclusive'
          // If others are in the way, the next try is alone.
          mode = 'exclusive'
          const batches = group.map((each) => each.batch)
          const found = await lookUp(ask, site, batches, at)
          const work = createWork(found, at)
          const outcomes = group.map((each) => work.take(each))
          isAlone = work.surveys.size > 0 || hasQuota(found, work.heads.values())
          if (isAlone && !isExclusive) return mustBeAlone
          await storeInline(ask, site, [...work.surveys.values()], at)
          await write(ask, site, slot, {
            events: work.events,
            heads: [...work.heads.values()],
            ground: found.ground,
            counters: { ...work.counters, ...(await countLosses(ask, site, work.losses)) },
          })
          await followSuspects(ask, site, work.heads.values(), work.bursts, found.hasSuspects)
          const past = outcomes.flatMap((each, index) =>
            each.ok && group[index]?.batch.isPast ? [...each.result.inserted] : [],
          )
          if (past.length > 0) await dropEventJobs(ask, site, past)
          return outcomes
        },
      )
    }
    const done = await attempt(isAlone)
    if (done !== mustBeAlone) return done
    return (await attempt(true)) as Outcome<Appended>[]
  }
}

/** Whether a fold hangs on how many others there are. */
function hasQuota({ ground }: Found, heads: Iterable<Head>): boolean {
  if (ground.quotas.size === 0) return false
  return [...heads].some(({ response, stored }) =>
    [response, stored.response].some((each) => each && ground.quotas.has(each.survey)),
  )
}

interface Work {
  take(request: Request): Outcome<Appended>
  events: StoredEvent[]
  /** Responses that have new events. */
  heads: Map<string, Head>
  /** Inline definitions that are to be stored. */
  surveys: Map<string, Survey>
  losses: LossEvent[]
  /** Responses that came in a burst. */
  bursts: Set<string>
  counters: { accepted: number; duplicates: number; rejected: number; events: number }
}

/** Takes requests one after the other; each sees what those before it will have stored. */
function createWork(found: Found, at: Millis): Work {
  const events: StoredEvent[] = []
  const heads = new Map<string, Head>()
  const surveys = new Map<string, Survey>()
  const losses: LossEvent[] = []
  const bursts = new Set<string>()
  const counters = { accepted: 0, duplicates: 0, rejected: 0, events: 0 }

  const knownTo = (batch: Batch): Known => {
    const definitions = batch.surveys.flatMap(({ id, version }) => {
      const key = surveyKey(id, version)
      const survey = found.surveys.get(key)
      return survey ? [[key, survey] as const] : []
    })
    return {
      ids: new Set(batch.ids.filter((id) => found.ids.has(id))),
      counts: new Map(batch.responses.map((id) => [id, found.heads.get(id)?.events.length ?? 0])),
      erased: new Set(batch.visitors.filter((each) => found.erased.has(each))),
      surveys: new Map(definitions),
      names: definitions.length < batch.surveys.length ? found.names : [],
    }
  }

  const storeSurvey = (survey: Survey): void => {
    const key = surveyKey(survey.id, survey.version)
    const source: SurveySource = 'inline'
    if (!found.surveys.has(key)) {
      const { id, version } = survey
      found.names = [...found.names, { id, version, source }]
    }
    found.surveys.set(key, { survey, source })
    surveys.set(key, survey)
  }

  const storeEvent = (stored: StoredEvent): string | null => {
    events.push(stored)
    found.ids.add(stored.event.id)
    if (stored.event.type === 'loss') losses.push(stored.event)
    if (!isSurveyEvent(stored.event)) return null
    const id = stored.event.response
    const empty = { response: null, isOverQuota: false }
    const head = found.heads.get(id) ?? {
      id,
      before: 0,
      events: [],
      ...empty,
      stored: { ...empty, ignored: 0 },
    }
    head.events.push(stored as StoredEvent<SurveyEvent>)
    found.heads.set(id, head)
    heads.set(id, head)
    return id
  }

  const apply = (verdict: Verdict, doubted: ReadonlySet<string> | undefined): Appended => {
    const inserted = new Set<string>()
    const touched = new Set<string>()
    for (const survey of verdict.surveys) storeSurvey(survey)
    for (const { stored } of verdict.accepted) {
      if (found.ids.has(stored.event.id)) continue
      const response = storeEvent(stored)
      inserted.add(stored.event.id)
      if (response === null) continue
      touched.add(response)
      if (doubted?.has(stored.event.visitor)) bursts.add(response)
    }
    for (const id of touched) {
      const head = found.heads.get(id)
      if (head) refold(head, found.ground, at)
    }
    counters.accepted += inserted.size
    counters.events += inserted.size
    counters.duplicates += verdict.duplicates.length + verdict.accepted.length - inserted.size
    counters.rejected += verdict.rejected.length
    return { verdict, inserted }
  }

  return {
    events,
    heads,
    surveys,
    losses,
    bursts,
    counters,
    take({ batch, judge }) {
      let verdict: Verdict
      try {
        verdict = judge(knownTo(batch))
      } catch (error) {
        // Nothing of it was applied, so the others go on without it.
        return { ok: false, error }
      }
      return { ok: true, result: apply(verdict, batch.bursts) }
    },
  }
}

/** What devices gave up, by the names of the counters. */
async function countLosses(
  ask: Ask,
  site: number,
  losses: readonly LossEvent[],
): Promise<Record<string, number>> {
  const counts = new Map<string, number>()
  const add = (name: string, by: number): void => void counts.set(name, (counts.get(name) ?? 0) + by)
  const told = losses.flatMap(({ data }) => Object.entries(data.surveys))
  if (told.length > 0) {
    // Names come from anybody who has the public key, so only those of surveys that are known take room.
    const rows = await ask(
      'SELECT DISTINCT id FROM earshot.surveys WHERE site = $1 AND id = ANY($2::text[])',
      [site, [...new Set(told.map(([survey]) => keyText(survey)))]],
    )
    const known = new Set(rows.map((row) => String(row.id)))
    for (const [survey, each] of told) if (known.has(keyText(survey))) add(lostName(keyText(survey)), each)
  }
  for (const { data } of losses) for (const each of Object.values(data.events)) add('lost', each)
  return Object.fromEntries(counts)
}

async function storeInline(ask: Ask, site: number, surveys: readonly Survey[], at: Millis): Promise<void> {
  for (const survey of surveys) await putDefinition(ask, site, survey, 'inline', at)
}

/** Stores a version of a survey, or replaces it. */
export async function putDefinition(
  ask: Ask,
  site: number,
  survey: Survey,
  source: SurveySource,
  at: Millis,
): Promise<void> {
  const quota = source === 'served' ? (survey.quota ?? null) : null
  await ask(
    `INSERT INTO earshot.surveys (site, id, version, source, quota, body, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (site, id, version) DO UPDATE SET source = excluded.source, quota = excluded.quota,
       body = excluded.body, updated_at = excluded.updated_at`,
    [site, survey.id, survey.version, source, quota, JSON.stringify(survey), at],
  )
}
