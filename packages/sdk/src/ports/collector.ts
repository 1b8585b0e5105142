/** The way to the collector, and what it serves. */
import type { SiteSettings, Survey } from '@earshot/contract'
import type { Wait } from '../core/backOff.ts'
import type { Answer } from '../core/outbox.ts'

/** Surveys and settings of the collector. */
export interface Served {
  surveys: Survey[]
  plain?: string[] | undefined
  settings?: SiteSettings | undefined
  /** While they cannot be had anew: what every tab must respect. */
  wait?: Wait | undefined
}

export interface Transport {
  /**
   * Posts a body; `leaving` lets the request outlive the page, where the browser can (elsewhere the rows wait for the
   * next page). Never rejects: no answer is status 0.
   */
  send(body: string, leaving: boolean): Promise<Answer>
}

/** Asks the collector; a path is one under its version. */
export type Ask = (path: string, init?: RequestInit) => Promise<Response>
