/** Asks the demo's server what the collector has, and pulls the switch of the line. */
import type { FeedbackEvent } from '@earshot/contract'

/** What of a report is shown. */
export interface Report {
  /** Null without an answer. */
  nps: number | null
  interval: readonly [number, number] | null
  n: number
}

/** A response as the collector gives it. */
export interface Stored {
  response: unknown
  events: { event: FeedbackEvent; receivedAt: string }[]
}

export interface Truth {
  open: boolean
  stored: Stored | null
  report: Report
}

interface Body {
  line: { open: boolean }
  stored: Stored | null
  report: { estimate: { value: number | null; interval: [number, number] | null; n: number } }
}

/** Reads past the line, so that it also answers while the line is cut. */
export async function readTruth(survey: string, response: string | null): Promise<Truth> {
  const query = new URLSearchParams({ survey, ...(response ? { response } : {}) })
  const answer = await fetch(`/verify/state?${query}`)
  if (!answer.ok) throw new Error(`The demo's server answered ${answer.status}.`)
  const { line, stored, report } = (await answer.json()) as Body
  const { value, interval, n } = report.estimate
  return { open: line.open, stored, report: { nps: value, interval, n } }
}

/** Cuts or mends the line; gives back how it is. */
export async function setLine(open: boolean): Promise<boolean> {
  const answer = await fetch('/line', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ open }),
  })
  return ((await answer.json()) as { open: boolean }).open
}
