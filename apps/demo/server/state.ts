/** What the collector really has, read past the line that can be cut. */
import type { Relay } from './relay.ts'
import type { RunningCollector } from './collectors.ts'

/** Answer of `GET /verify/state?survey=…&response=…`. */
export interface State {
  line: { open: boolean }
  /** `GET /v1/responses/{id}` as the collector gives it; null while it has no event of that response. */
  stored: unknown
  /** `GET /v1/reports/nps` as the collector gives it, with every answer counted; null without a survey. */
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
): Promise<State> {
  // Every answer counts here, also a second one of the same visitor, so that each changes the report by one.
  const report = survey && `/v1/reports/nps?survey=${encodeURIComponent(survey)}&basis=all`
  const [stored, counted, stats] = await Promise.all([
    response ? read(collector, `/v1/responses/${encodeURIComponent(response)}`) : null,
    report ? read(collector, report) : null,
    read(collector, '/v1/stats'),
  ])
  return { line: { open: relay.isOpen() }, stored, report: counted, stats }
}

async function read(collector: RunningCollector, path: string): Promise<unknown> {
  const answer = await collector.admin(path)
  if (answer.status === 404) return null
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
  return answer.json()
}
