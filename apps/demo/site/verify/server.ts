/** Asks the demo's server what the collector has, and pulls the switch of the line. */
import type { FeedbackEvent } from '@earshot/contract'
import type { Story } from '../../server/story.ts'
import type { Hero } from './storySteps.ts'

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
  /** Whether the story of a customer can be followed. */
  story: boolean
  stored: Stored | null
  report: Report
}

interface Body {
  line: { open: boolean }
  story: boolean
  stored: Stored | null
  report: { estimate: { value: number | null; interval: [number, number] | null; n: number } }
}

/** Reads past the line, so that it also answers while the line is cut. */
export async function readTruth(survey: string, response: string | null): Promise<Truth> {
  const query = new URLSearchParams({ survey, ...(response ? { response } : {}) })
  const answer = await fetch(`/verify/state?${query}`)
  if (!answer.ok) throw new Error(`The demo's server answered ${answer.status}.`)
  const { line, story, stored, report } = (await answer.json()) as Body
  const { value, interval, n } = report.estimate
  return { open: line.open, story, stored, report: { nps: value, interval, n } }
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

/** Makes a customer whose address the collector knows. */
export async function beginStory(): Promise<Hero> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch('/verify/story', { method: 'POST', headers, body: '{}' })
  if (!answer.ok) throw new Error(`The demo's server answered ${answer.status}.`)
  return (await answer.json()) as Hero
}

/** How far the story of a customer has come. */
export async function readStory({ person, ticket }: Hero): Promise<Story> {
  const answer = await fetch(`/verify/story?${new URLSearchParams({ person, ticket })}`)
  if (!answer.ok) throw new Error(`The demo's server answered ${answer.status}.`)
  return (await answer.json()) as Story
}
