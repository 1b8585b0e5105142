/** Streams what is read from the store page by page, in memory that does not grow with what is streamed. */
import type { Streams } from './streams.ts'

/** A part of what is streamed, in memory that nobody else has. */
export interface Page {
  bytes: Uint8Array<ArrayBuffer>
  /** Of the last response, after which the next page begins. */
  row: number
  hasMore: boolean
}

/**
 * Reads the page after a row.
 *
 * @param room memory for it, which is given away; it may be left unused
 */
export type ReadPage = (after: number, room: ArrayBuffer | undefined) => Promise<Page>

/** How large a page should be, about, and the least memory that is worth to be used again. */
export const pageBytes: number = 512 * 1024

/**
 * While a page is sent the next one is read, and no more, however slow the client is: two pieces of memory go to and fro. Into
 * memory of the reader's own they are copied, so that whoever reads an export of hours needs not one piece more.
 *
 * @param header what stands before all pages
 * @example
 * new Response(streamPages(streams, 'id,survey\r\n', read))
 */
export function streamPages(streams: Streams, header: string, read: ReadPage): ReadableStream<Uint8Array> {
  let page: Page = { bytes: new TextEncoder().encode(header), row: 0, hasMore: true }
  let sent = 0
  let ahead: Promise<Page> | undefined
  let ended = (): void => undefined
  const turn = async (): Promise<void> => {
    const { buffer } = page.bytes
    const spare = buffer.byteLength < pageBytes ? undefined : buffer
    page = await (ahead ?? read(page.row, undefined))
    sent = 0
    ahead = page.hasMore ? read(page.row, spare) : undefined
    // Who waits for it is told; until then nobody does.
    ahead?.catch(() => undefined)
  }
  return new ReadableStream({
    type: 'bytes',
    start(controller) {
      ended = streams.begin(() => controller.error(new Error('the collector is shutting down')))
    },
    async pull(controller) {
      try {
        while (sent === page.bytes.byteLength && page.hasMore) await turn()
      } catch (error) {
        ended()
        throw error
      }
      const rest = page.bytes.subarray(sent)
      const into = controller.byobRequest?.view
      if (rest.byteLength === 0) {
        ended()
        controller.close()
        controller.byobRequest?.respond(0)
      } else if (into) {
        const part = rest.subarray(0, into.byteLength)
        new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(part)
        sent += part.byteLength
        controller.byobRequest?.respond(part.byteLength)
      } else {
        sent += rest.byteLength
        controller.enqueue(rest.slice())
      }
    },
    cancel: () => ended(),
  })
}
