/** Signed links: what stands in one, and whether it is ours. A few bytes and a MAC, in letters that need no escape in an address. */
import { languages, type Language } from '@earshot/contract'
import type { Millis } from './time.ts'

/** HMAC-SHA-256: 32 bytes. */
export type Mac = (key: Uint8Array, data: Uint8Array) => Uint8Array

/** What a link is for. */
export type LinkBody =
  | {
      /** Opens the survey of one follow-up, for one person. */
      kind: 'survey'
      site: number
      language: Language
      /** Row of the follow-up's job. */
      row: number
      /** What the row must be about, as `bindingOf` gives it: 8 bytes. */
      binding: Uint8Array
      expires: Millis
    }
  | {
      /** Ends mail to one person. It never expires: who has an old message must get out too. */
      kind: 'unsubscribe'
      site: number
      language: Language
      /** Names of the person and of the address, as `hiddenName` gives them: 16 bytes each. */
      who: Uint8Array
      mail: Uint8Array
    }

/** What is needed to sign and to look. */
export interface LinkTools {
  mac: Mac
  /** In constant time. */
  equal: (a: Uint8Array, b: Uint8Array) => boolean
}

const macLength = 16
const kinds = ['survey', 'unsubscribe'] as const
const lengths = { survey: 24, unsubscribe: 38 } as const
const minute = 60_000
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * A token for the path of a link.
 *
 * @param key secret of the site
 * @example
 * signLink({ kind: 'survey', site: 1, language: 'de', row: 7, binding, expires }, key, tools) // 54 letters
 */
export function signLink(body: LinkBody, key: Uint8Array, { mac }: LinkTools): string {
  const bytes = bytesOf(body)
  const sum = mac(key, bytes).slice(0, macLength)
  return encode(Uint8Array.of(...bytes, ...sum))
}

/**
 * What a token says, if one of the keys has signed it; null for any other text. Whether it has expired is not looked at.
 *
 * @param keys all that are good now; each is tried, so that how long it takes tells nothing
 */
export function readLink(
  token: string,
  keysOf: (site: number) => readonly Uint8Array[],
  { mac, equal }: LinkTools,
): LinkBody | null {
  const bytes = decode(token)
  const body = bytes && bodyOf(bytes)
  if (!bytes || !body) return null
  const signed = bytes.slice(0, -macLength)
  const sum = bytes.slice(-macLength)
  let isOurs = false
  for (const key of keysOf(body.site)) if (equal(mac(key, signed).slice(0, macLength), sum)) isOurs = true
  return isOurs ? body : null
}

/** The site that a token names, before anything is known of it; null for what is no token. */
export function siteIn(token: string): number | null {
  const bytes = decode(token)
  return (bytes && bodyOf(bytes)?.site) ?? null
}

/** Ties a link to what its row must be about, so that it opens nothing else, whatever becomes of the numbers of rows. */
export function bindingOf(
  { id, person, survey }: { id: string; person: string; survey: string },
  key: Uint8Array,
  mac: Mac,
): Uint8Array {
  return mac(key, utf8(`binding\n${JSON.stringify([id, person, survey])}`)).slice(0, 8)
}

/** A name by which somebody is known without being named: the same each time, and of no use without the key. */
export function hiddenName(kind: 'person' | 'mail', text: string, key: Uint8Array, mac: Mac): Uint8Array {
  return mac(key, utf8(`${kind}\n${text}`)).slice(0, 16)
}

/** As it is kept. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function utf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text.replace(/\p{Cs}/gu, '\ufffd')) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else
      bytes.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      )
  }
  return Uint8Array.from(bytes)
}

function bytesOf(body: LinkBody): Uint8Array {
  const bytes = new Uint8Array(lengths[body.kind])
  const view = new DataView(bytes.buffer)
  view.setUint8(0, kinds.indexOf(body.kind) + 1)
  view.setUint32(1, body.site)
  view.setUint8(5, languages.indexOf(body.language))
  if (body.kind === 'survey') {
    // Six bytes are more rows than there will be.
    view.setUint16(6, Math.floor(body.row / 2 ** 32))
    view.setUint32(8, body.row % 2 ** 32)
    view.setUint32(12, Math.ceil(body.expires / minute))
    bytes.set(body.binding, 16)
  } else {
    bytes.set(body.who, 6)
    bytes.set(body.mail, 22)
  }
  return bytes
}

function bodyOf(bytes: Uint8Array): LinkBody | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kind = kinds[(bytes[0] ?? 0) - 1]
  if (!kind || bytes.length !== lengths[kind] + macLength) return null
  const language = languages[bytes[5] ?? 0]
  if (!language) return null
  const site = view.getUint32(1)
  return kind === 'survey'
    ? {
        kind,
        site,
        language,
        row: view.getUint16(6) * 2 ** 32 + view.getUint32(8),
        expires: view.getUint32(12) * minute,
        binding: bytes.slice(16, 24),
      }
    : { kind, site, language, who: bytes.slice(6, 22), mail: bytes.slice(22, 38) }
}

function encode(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(index, index + 3)
    const group = (a << 16) | (b << 8) | c
    const letters = Math.min(4, bytes.length - index + 1)
    for (let each = 0; each < letters; each++) text += alphabet[(group >> (18 - 6 * each)) & 63]
  }
  return text
}

/** Null also for what no encoder writes: each token has one spelling. */
function decode(text: string): Uint8Array | null {
  if (text.length > 200 || text.length % 4 === 1) return null
  const bytes: number[] = []
  let held = 0
  let bits = 0
  for (const letter of text) {
    const value = alphabet.indexOf(letter)
    if (value < 0) return null
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 255)
  }
  return bits > 0 && (held & ((1 << bits) - 1)) !== 0 ? null : Uint8Array.from(bytes)
}
