/** Reads the one request that nearly all are, where it has arrived in one piece and says nothing that could be taken in two ways. */
import type { IncomingHttpHeaders } from 'node:http'

/** A request whose head and body are both there. */
export interface UsualRequest {
  /** By their names in lower case; each stood there once. */
  headers: IncomingHttpHeaders
  body: Buffer
}

/** The only address that is read here. */
export const usualTarget = '/v1/feedback'

const requestLine = `POST ${usualTarget} HTTP/1.1\r\n`
const endOfHead = Buffer.from('\r\n\r\n')
/** Longest head; node:http takes twice as much. */
const longestHead = 8192
const mostHeaders = 50
// Visible characters and blanks alone, one line for each header, a line feed only behind a carriage return (RFC 9112, 5).
const lines = /^(?:[\w!#$%&'*+.^`|~-]+:[\x20-\x7e]*\r\n)+$/
const digits = /^\d{1,9}$/
/** What changes where a body ends, or what a connection is. */
const unusual: readonly string[] = ['transfer-encoding', 'upgrade', 'trailer', 'expect']

/**
 * Reads a request. It takes far less than HTTP allows: whatever it does not take is for node:http to judge, which must
 * be given the same bytes.
 *
 * @param piece all that has arrived and was not read
 * @returns null where the request is any other one, is not whole, or has something behind it
 * @example
 * readUsualRequest(Buffer.from('POST /v1/feedback HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}'))?.body.toString() // '{}'
 */
export function readUsualRequest(piece: Buffer): UsualRequest | null {
  const end = piece.indexOf(endOfHead)
  if (end < 0 || end > longestHead) return null
  const head = piece.toString('latin1', 0, end + 2)
  if (!head.startsWith(requestLine)) return null
  const fields = head.slice(requestLine.length)
  if (!lines.test(fields)) return null
  const headers: Record<string, string> = {}
  let count = 0
  for (let at = 0; at < fields.length;) {
    const colon = fields.indexOf(':', at)
    const next = fields.indexOf('\r\n', colon)
    const name = fields.slice(at, colon).toLowerCase()
    if (++count > mostHeaders || headers[name] !== undefined) return null
    headers[name] = fields.slice(colon + 1, next).trim()
    at = next + 2
  }
  const { host, connection = 'keep-alive', 'content-length': length = '' } = headers
  if (host === undefined || connection.toLowerCase() !== 'keep-alive' || !digits.test(length)) return null
  for (const name of unusual) if (headers[name] !== undefined) return null
  const start = end + endOfHead.length
  if (piece.length - start !== Number(length)) return null
  return { headers, body: piece.subarray(start) }
}
