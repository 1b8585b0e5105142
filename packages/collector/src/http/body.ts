/** Reads a request body as JSON or a form: bounded, unpacked, and never an exception for what a client did. */
import { gunzip } from 'node:zlib'
import { maxBodyBytes } from '@earshot/contract'
import { readJson } from '../core/json.ts'
import { cleanText } from '../core/text.ts'
import type { ByteHold } from './budget.ts'
import { problem } from './errors.ts'

/** The body, or the response that says why there is none. */
export type BodyResult<Value> = { ok: true; value: Value } | { ok: false; response: Response }

const refuse = (status: number, code: string, detail: string): { ok: false; response: Response } => ({
  ok: false,
  response: problem(status, code, detail),
})

const tooLarge = (): { ok: false; response: Response } =>
  refuse(
    413,
    'body_too_large',
    `A body may have ${maxBodyBytes} bytes, after decompression. Send the events in smaller batches.`,
  )

/** The answer when there is no memory for a body. */
export const overloaded = (): { ok: false; response: Response } => ({
  ok: false,
  response: problem(
    503,
    'overloaded',
    'Nothing was stored: too many requests are being read at once. Send the same again later.',
    { 'retry-after': '10' },
  ),
})

/**
 * Reads a body as JSON.
 *
 * @param memory what the body may take
 * @param types content types that are taken; another one is answered with 415
 * @example
 * const body = await readBody(request, memory, ['application/json'])
 * if (!body.ok) return body.response
 */
export async function readBody(
  request: Request,
  memory: ByteHold,
  types: readonly string[],
): Promise<BodyResult<unknown>> {
  const type = (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (!types.includes(type))
    return refuse(
      415,
      'unsupported_type',
      `Send the body as ${types.join(' or ')}, not "${type.slice(0, 100)}".`,
    )
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase()
  if (encoding !== 'identity' && encoding !== 'gzip')
    return refuse(
      415,
      'unsupported_encoding',
      `Send the body plain or as gzip, not "${encoding.slice(0, 100)}".`,
    )
  const bytes = await readBytes(request, memory)
  if (!bytes.ok) return bytes
  const plain = encoding === 'gzip' ? await unpack(bytes.value) : bytes
  if (!plain.ok) return plain
  if (plain !== bytes && !memory.take(plain.value.byteLength)) return overloaded()
  // Broken UTF-8 becomes U+FFFD: one bad byte in a comment must not cost the batch.
  const json = readJson(new TextDecoder().decode(plain.value))
  return json.ok ? json : refuse(400, 'invalid_json', `The body is not JSON: ${json.message}.`)
}

/** Reads what a form of HTML sends; anything else is a form without fields. */
export async function readForm(request: Request, memory: ByteHold): Promise<BodyResult<URLSearchParams>> {
  const bytes = await readBytes(request, memory)
  if (!bytes.ok) return bytes
  const type = request.headers.get('content-type') ?? ''
  const isForm = /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type)
  const text = isForm ? new TextDecoder().decode(bytes.value) : ''
  const fields = new URLSearchParams()
  for (const [name, value] of new URLSearchParams(text)) fields.append(name, cleanText(value))
  return { ok: true, value: fields }
}

async function readBytes(request: Request, memory: ByteHold): Promise<BodyResult<Uint8Array>> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) return tooLarge()
  if (!request.body) return { ok: true, value: new Uint8Array() }
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = request.body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return { ok: true, value: Buffer.concat(chunks) }
      size += value.byteLength
      // Not cancelled: the server lets the rest run dry, so that the client gets to read this answer.
      if (size > maxBodyBytes) return tooLarge()
      if (!memory.take(value.byteLength)) return overloaded()
      chunks.push(value)
    }
  } catch {
    return refuse(400, 'truncated_body', 'The connection ended before the body did. Send the request again.')
  } finally {
    reader.releaseLock()
  }
}

async function unpack(bytes: Uint8Array): Promise<BodyResult<Uint8Array>> {
  return new Promise((resolve) => {
    gunzip(bytes, { maxOutputLength: maxBodyBytes }, (error, value) => {
      if (!error) resolve({ ok: true, value })
      else if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') resolve(tooLarge())
      else resolve(refuse(400, 'invalid_encoding', 'The body is not gzip, although its header says so.'))
    })
  })
}
