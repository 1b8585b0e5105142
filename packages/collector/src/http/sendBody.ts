/** Sends the body of a response to a connection, as fast as it takes it. */
import type { ServerResponse } from 'node:http'

/** Bytes of a download that are in memory on their way to the connection. */
const partBytes = 256 * 1024

/** Resolves when all is sent, or the connection is gone. */
export async function sendBody(response: Response, outgoing: ServerResponse): Promise<void> {
  const { body } = response
  if (!body) return
  const download = response.headers.has('content-disposition') ? openDownload(body) : null
  const reader = download ?? body.getReader()
  const gone = (): void => void reader.cancel().catch(() => undefined)
  outgoing.once('close', gone)
  await (download
    ? sendParts(download, outgoing)
    : sendChunks(reader as ReadableStreamDefaultReader, outgoing))
  outgoing.off('close', gone)
}

async function sendChunks(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  outgoing: ServerResponse,
): Promise<void> {
  for (;;) {
    const { done, value } = await reader.read()
    if (done || outgoing.destroyed) return
    if (!outgoing.write(value)) await writable(outgoing)
  }
}

function writable(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      outgoing.off('drain', go)
      outgoing.off('close', go)
      resolve()
    }
    outgoing.once('drain', go)
    outgoing.once('close', go)
  })
}

/** Where the stream can write to memory that it is given. */
function openDownload(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | null {
  try {
    return body.getReader({ mode: 'byob' })
  } catch {
    return null
  }
}

/**
 * All that is downloaded goes through one piece of memory. With a new one for each part there would be as many as Node lets
 * stand before it looks after memory outside of its heap, which is 60 MB and more.
 */
async function sendParts(reader: ReadableStreamBYOBReader, outgoing: ServerResponse): Promise<void> {
  let part = new Uint8Array(partBytes)
  for (;;) {
    const { done, value } = await reader.read(part)
    if (done || outgoing.destroyed) return
    await written(value, outgoing)
    part = new Uint8Array(value.buffer)
  }
}

/** Resolves when the system has the bytes, so that their memory may be written to again, or the connection is gone. */
function written(bytes: Uint8Array, outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      outgoing.off('close', go)
      resolve()
    }
    outgoing.once('close', go)
    outgoing.write(bytes, go)
  })
}
