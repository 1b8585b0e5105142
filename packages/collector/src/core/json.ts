/** Reads JSON from outside: bounded depth, and an explanation instead of an exception. */
import { cutText } from './text.ts'

/** Deepest nesting of a request body. The deepest legal one, a rule of a trigger of an inline survey, has 29; V8 overflows its stack on absurd ones. */
const maxDepth = 32

/** What reading gave: the value, or what is wrong. */
export type JsonResult = { ok: true; value: unknown } | { ok: false; message: string }

/**
 * Parses a request body. Bodies nested deeper than 32 are refused before they are parsed.
 *
 * @example
 * readJson('{"a":1}') // { ok: true, value: { a: 1 } }
 * readJson('{"a":') // { ok: false, message: 'Unexpected end of JSON input' }
 */
export function readJson(text: string): JsonResult {
  if (isDeeperThan(text, maxDepth))
    return { ok: false, message: `nested deeper than ${maxDepth} levels; no request needs that` }
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch (error) {
    return { ok: false, message: cutText(error instanceof Error ? error.message : 'unreadable', 200) }
  }
}

/** What may stand for a control character or half a surrogate pair. Anything else that JSON holds is clean. */
const suspicious = /\\[bfru]/

/**
 * Whether no text of a JSON body can need cleaning.
 *
 * @example
 * isClean('{"a":"\\n"}') // true
 * isClean('{"a":"\\u0000"}') // false
 */
export function isClean(text: string): boolean {
  return !text.includes('\\') || !suspicious.test(text)
}

const quote = 0x22
const openList = 0x5b
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/** Index of the quotation mark that ends the string which begins here; the length of the text when none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end
    while (text.charCodeAt(before - 1) === 0x5c) before--
    if ((end - before) % 2 === 0) return end
  }
  return text.length
}

function isDeeperThan(text: string, most: number): boolean {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === quote) index = endOfString(text, index)
    else if (code === openList || code === openObject) {
      if (++depth > most) return true
    } else if (code === closeList || code === closeObject) depth--
  }
  return false
}
