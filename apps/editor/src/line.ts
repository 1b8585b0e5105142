/** Takes the preview's requests in the collector's place: nothing of a preview leaves the page. */
import type { FeedbackEvent, FeedbackRequest, Place, Receipt } from '@earshot/contract'

/** A name that no server can have (RFC 6761). */
export const previewCollector = 'https://collector.invalid'

export interface Line {
  /** `false` cuts it: requests fail, as without a network. */
  open: boolean
}

/**
 * Puts itself in the place of `fetch`, for that one address.
 *
 * @param sent hears the events of each request that gets through
 */
export function takeRequests(sent: (events: FeedbackEvent[]) => void): Line {
  const line: Line = { open: true }
  const real = window.fetch
  window.fetch = async (input, init) => {
    const address = input instanceof Request ? input.url : String(input)
    if (!address.startsWith(previewCollector)) return real(input, init)
    if (!line.open) throw new TypeError('The line of the preview is cut.')
    if (address.endsWith('/places')) return Response.json({ granted: true } satisfies Place)
    if (!address.endsWith('/feedback')) return Response.json({})
    const { events } = JSON.parse(init?.body as string) as FeedbackRequest
    sent(events)
    const accepted = events.map((each) => each.id)
    return Response.json({ accepted, duplicates: [], rejected: [] } satisfies Receipt)
  }
  return line
}
