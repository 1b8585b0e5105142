/** Counts what a report stands on: from what the store keeps counted where it can, else from the responses themselves. */
import type { Condition } from '../core/attributes.ts'
import { createDropOffs } from '../core/dropOffs.ts'
import type { MomentRow } from '../core/moments.ts'
import { createFacts, momentsFor } from '../core/peopleFacts.ts'
import type { KeptResponse } from '../core/project.ts'
import type { DropOff } from '../core/reportParts.ts'
import type { ReportPlan } from '../core/reportPlan.ts'
import type { StoredSurvey } from '../core/surveys.ts'
import { createTally, emptySample, type Sample, type Tallied } from '../core/tally.ts'
import { day, type Millis } from '../core/time.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { ResponseFilter } from '../ports/responseStore.ts'

/** What is to be counted. */
export interface Wanted {
  site: number
  plan: ReportPlan
  from: Millis | undefined
  to: Millis | undefined
  /** The period before; null where there is none. */
  before: readonly [Millis, Millis] | null
  /** Bounds of the intervals; none where none were asked for. */
  bounds: readonly Millis[]
  by: string | null
  where: readonly Condition[]
  suspects: 'include' | 'exclude'
}

const utf8 = new TextDecoder()
/** Responses per read. */
const page = 1000
/** More than any site has. */
const allSuspects = 1_000_000

/**
 * Counts.
 *
 * Whole days in UTC of all answers on a scale, without segments and conditions, come from the counts that the store keeps. All else comes
 * from its columns, where it has some; else each period is a question to the store, and for segments and conditions each
 * response of the survey up to the end of the period is looked at, a page at a time.
 *
 * What is known of people beyond their responses is read only where the segments or the conditions need it.
 */
export async function countAll(store: EventStore, wanted: Wanted): Promise<Tallied> {
  const { site, plan, from, to, before, bounds, by, where, suspects } = wanted
  const asked = { plan, from: from ?? null, to: to ?? null, before, bounds, by, where, suspects }
  const isChosen = plan.question !== null && plan.question.kind !== 'scale'
  if (by === null && where.length === 0 && !isChosen) {
    const byDay = await store.tallyDays?.(site, plan.survey, asked)
    if (byDay) return byDay
    const isByDay = plan.basis === 'all' && isOfDays(wanted) && (await countsAll(store, wanted))
    const counted = isByDay ? null : await store.tally?.(site, plan.survey, asked)
    if (counted) return counted
    const period = (start: Millis | undefined, end: Millis | undefined): Promise<Sample> =>
      countPeriod(store, site, plan, start, end, suspects)
    return {
      total: await period(from, to),
      before: before ? await period(...before) : emptySample(plan.question),
      intervals: await Promise.all(bounds.slice(1).map((end, index) => period(bounds[index], end))),
      segments: new Map(),
    }
  }
  const counted = await store.tally?.(site, plan.survey, asked)
  if (counted) return counted
  const without = await suspectsOf(store, site, plan.survey, suspects)
  const tally = createTally(
    { plan, from: from ?? null, to: to ?? null, before, bounds, by, where, without },
    createFacts(await allMoments(store, site, momentsFor(by, where))),
  )
  for await (const responses of pagesOf(store, site, { survey: plan.survey, to }))
    for (const each of responses) tally.add(each)
  return tally.result()
}

/** Whether all periods begin with a day in UTC; where the last one ends within a day, that day alone is read from the answers. */
function isOfDays({ from, before, bounds }: Wanted): boolean {
  const starts = [from ?? 0, ...(before ?? []), ...bounds.slice(0, -1)]
  return starts.every((each) => each % day === 0)
}

/** Whether nobody is left out. */
async function countsAll(store: EventStore, { site, plan, suspects }: Wanted): Promise<boolean> {
  return suspects === 'include' || (await store.suspects(site, { survey: plan.survey })) === 0
}

async function countPeriod(
  store: EventStore,
  site: number,
  { survey, question, versions, basis, ...plan }: ReportPlan,
  from: Millis | undefined,
  to: Millis | undefined,
  suspects: 'include' | 'exclude',
): Promise<Sample> {
  const variant = plan.variant ?? undefined
  if (!question)
    return {
      kind: 'showings',
      counts: await store.responseCounts(site, { survey, from, to, variant, suspects }),
    }
  const asked = { survey, versions, question: question.id, variant, from, to, basis, suspects }
  return { kind: 'scores', rows: await store.scores(site, asked) }
}

/** Ids of the responses that are doubted, where they do not count. */
export async function suspectsOf(
  store: EventStore,
  site: number,
  survey: string,
  suspects: 'include' | 'exclude',
): Promise<ReadonlySet<string>> {
  if (suspects === 'include') return new Set()
  const found = await store.listSuspects(site, { survey }, allSuspects)
  return new Set(found.filter((each) => !each.isCleared).map((each) => each.response))
}

/** All moments of these names, in the order of arrival. */
export async function allMoments(
  store: EventStore,
  site: number,
  names: readonly string[],
  to?: Millis,
): Promise<MomentRow[]> {
  const all: MomentRow[] = []
  if (names.length === 0) return all
  for (let after = 0; ;) {
    const rows = await store.moments(site, { names, to }, { after, limit: page })
    for (const each of rows) all.push(each)
    if (rows.length < page) return all
    after = rows.at(-1)?.row ?? after
  }
}

/** All responses of a filter in the order of arrival, a page at a time. */
export async function* pagesOf(
  store: EventStore,
  site: number,
  filter: ResponseFilter,
): AsyncGenerator<KeptResponse[]> {
  // Text is read faster than objects get from one thread to another.
  const lines = store.lines?.bind(store)
  for (let after = 0; ;) {
    if (lines) {
      const { bytes, count, row } = await lines(site, filter, { after, limit: page })
      const text = utf8.decode(bytes)
      yield text === '' ? [] : (JSON.parse(`[${text.trimEnd().replaceAll('\n', ',')}]`) as KeptResponse[])
      if (count < page) return
      after = row
    } else {
      const rows = await store.oldest(site, filter, { after, limit: page })
      yield rows.map((each) => each.response)
      if (rows.length < page) return
      after = rows.at(-1)?.row ?? after
    }
  }
}

/** Where responses of a period end that were begun. */
export async function countDropOff(
  store: EventStore,
  { site, plan, from, to, suspects }: Pick<Wanted, 'site' | 'plan' | 'from' | 'to' | 'suspects'>,
  stored: readonly StoredSurvey[],
): Promise<DropOff[]> {
  const { survey, variant } = plan
  const without = await suspectsOf(store, site, survey, suspects)
  const ends = createDropOffs(stored.map((each) => each.survey))
  for await (const responses of pagesOf(store, site, { survey, from, to, variant: variant ?? undefined }))
    for (const each of responses) if (!without.has(each.id)) ends.add(each)
  return ends.result()
}
