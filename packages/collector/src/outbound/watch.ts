/** Looks whether a number of a survey is an alert, and puts down what follows; by the hour, and once for each alert. */
import {
  alertCauseId,
  findingOf,
  lastLook,
  lookAt,
  nextLook,
  plannedBy,
  watches,
  windowsAt,
  type AlertCause,
  type AlertWatch,
  type Finding,
} from '../core/alerts.ts'
import type { Job, Settlement } from '../core/jobs.ts'
import { planReport, type ReportPlan } from '../core/reportPlan.ts'
import type { Sample } from '../core/tally.ts'
import type { Millis } from '../core/time.ts'
import type { EventStore } from '../ports/eventStore.ts'

/**
 * Does the look of a rule, and puts the next one down. What is known of the alert is written down together with what it begins,
 * so that nobody begins it twice, and nobody forgets it. Looks that nobody made are not made up for.
 *
 * @throws a failure of the store
 */
export async function watch(job: Job, store: EventStore, now: Millis): Promise<Settlement> {
  const plan = await store.plan(job.site)
  const rule = plan?.rules.find((each) => each.id === job.id)
  // Whoever puts the rule again puts this down again.
  if (!rule || !watches(rule)) return { state: 'gone', tries: 0, reason: null }
  const { after } = rule
  const at = lastLook(after, now)
  const finding = await findAt(store, job.site, after, at)
  const { watch: body, fires } = lookAt(after, job.body as AlertWatch | null, finding, at)
  const looked = { state: 'waiting', due: nextLook(after, now), tries: 0, reason: null, body } as const
  if (!fires) return looked
  const planned = { ...plannedBy(rule, fires, alertCauseId(fires, at), at), visitor: null, person: null }
  const { id, due } = planned
  return {
    ...looked,
    add: [{ kind: 'followup', id, lane: null, target: null, visitor: null, due, body: planned }],
  }
}

/** What the numbers of a moment say; null where the survey has no such number. */
export async function findAt(
  store: EventStore,
  site: number,
  cause: AlertCause,
  at: Millis,
): Promise<Finding | null> {
  const plan = await planOf(store, site, cause)
  return plan && judge(cause, plan, at, (span) => countWindow(store, site, plan, span))
}

/**
 * The same for many moments: what is known of the survey is looked up once for each cause, and no window is counted twice, since
 * that of one moment is the one before of another.
 */
export function createFinder(
  store: EventStore,
  site: number,
): (cause: AlertCause, at: Millis) => Promise<Finding | null> {
  const plans = new Map<AlertCause, ReportPlan | null>()
  const counted = new Map<AlertCause, Map<Millis, Promise<Sample>>>()
  return async (cause, at) => {
    const known = plans.get(cause)
    const plan = known === undefined ? await planOf(store, site, cause) : known
    plans.set(cause, plan)
    if (!plan) return null
    const windows = counted.get(cause) ?? new Map<Millis, Promise<Sample>>()
    counted.set(cause, windows)
    return judge(cause, plan, at, (span) => {
      const found = windows.get(span[0]) ?? countWindow(store, site, plan, span)
      windows.set(span[0], found)
      return found
    })
  }
}

async function planOf(
  store: EventStore,
  site: number,
  { survey, metric, question }: AlertCause,
): Promise<ReportPlan | null> {
  const wanted = { survey, ...(question !== undefined && { question }) }
  const planned = planReport(metric, wanted, await store.surveys(site, survey), [])
  return planned.ok ? planned.plan : null
}

async function judge(
  cause: AlertCause,
  { question }: ReportPlan,
  at: Millis,
  count: (span: readonly [Millis, Millis]) => Promise<Sample>,
): Promise<Finding> {
  const spans = windowsAt(cause, at)
  const [window, before] = await Promise.all([count(spans.window), count(spans.before)])
  return findingOf(cause, { question, window, before }, at)
}

/** Counts what a report of these days would stand on. */
async function countWindow(
  store: EventStore,
  site: number,
  { survey, question, versions, basis }: ReportPlan,
  [from, to]: readonly [Millis, Millis],
): Promise<Sample> {
  const suspects = 'exclude'
  if (!question)
    return { kind: 'showings', counts: await store.responseCounts(site, { survey, from, to, suspects }) }
  const asked = { survey, versions, question: question.id, from, to, basis, suspects } as const
  return { kind: 'scores', rows: await store.scores(site, asked) }
}
