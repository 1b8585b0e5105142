/** What the collector really has, read past the line that can be cut. */
import type { Relay } from './relay.ts'
import type { RunningCollector } from './collectors.ts'

/** Answer of `GET /verify/state?survey=…&response=…`. */
export interface State {
  line: { open: boolean }
  /** Whether the story of a customer is told: `GET /verify/story`. */
  story: boolean
  /** `GET /v1/responses/{id}` as the collector gives it; null while it has no event of that response. */
  stored: unknown
  /** The report of the survey as the collector gives it, with every answer counted; null without a survey that has one. */
  report: unknown
  /** `GET /v1/stats` as the collector gives it. */
  stats: unknown
}

/** Asks the collector directly, without the network. */
export async function readState(
  collector: RunningCollector,
  relay: Relay,
  survey: string | null,
  response: string | null,
  story: boolean,
): Promise<State> {
  // Every answer counts here, also a second one of the same visitor, so that each changes the report by one.
  const metric = survey && (await metricOf(collector, survey))
  const report = survey && metric && `/v1/reports/${metric}?survey=${encodeURIComponent(survey)}&basis=all`
  const [stored, counted, stats] = await Promise.all([
    response ? read(collector, `/v1/responses/${encodeURIComponent(response)}`) : null,
    report ? read(collector, report) : null,
    read(collector, '/v1/stats'),
  ])
  return { line: { open: relay.isOpen() }, story, stored, report: counted, stats }
}

/** The report that the first metric of a survey has; null when the collector does not know the survey. */
async function metricOf(collector: RunningCollector, survey: string): Promise<string | null> {
  const known = (await read(collector, `/v1/surveys/${encodeURIComponent(survey)}`)) as {
    metrics: string[]
  } | null
  // Both versions of the effort score share one report.
  return known?.metrics[0]?.replace(/^ces[12]$/, 'ces') ?? null
}

async function read(collector: RunningCollector, path: string): Promise<unknown> {
  const answer = await collector.admin(path)
  if (answer.status === 404) return null
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
  return answer.json()
}
