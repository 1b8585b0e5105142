/** What the playground and the page of its preview say to each other. */
import type { FeedbackEvent, SiteSettings, Survey } from '@earshot/contract'
import type { EarshotEvents, Reason } from '@earshot/sdk'
import type { View } from './view.ts'

/** To the preview: all that it shows. It finds out by itself what of it is new. */
export interface Show {
  survey: Survey
  settings: SiteSettings
  view: Omit<View, 'width'>
  /** Raised to show the same once more. */
  round: number
}

/** From the preview. */
export type Told =
  /** The page listens. */
  | { type: 'ready' }
  /** Earshot began anew: what waited on the device of the preview is gone. */
  | { type: 'began' }
  | { type: 'suppressed'; reason: Reason }
  | { type: 'queued'; id: string; kind: EarshotEvents['queued']['type'] }
  /** A request that the collector would have got. */
  | { type: 'sent'; events: FeedbackEvent[] }
