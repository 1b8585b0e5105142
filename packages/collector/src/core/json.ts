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

/** The text of one event of a request, and how many keys its objects have. */
export interface EventText {
  text: string
  keys: number
}

/** By the index of the event; null when the texts are not what is to be stored. */
export type EventTexts = readonly EventText[] | null

/** What may stand for a control character or half a surrogate pair. Anything else that JSON holds is clean. */
const suspicious = /\\[bfru]/

/**
 * Finds the texts of the events in the JSON of a request, so that they need not be written again. Null when some text may
 * need cleaning, when there is white space between the parts, or when there is not exactly one list of events.
 *
 * @param text of a request that `readJson` could read
 * @example
 * eventTexts('{"events":[{"id":"1"}]}') // [{ text: '{"id":"1"}', keys: 1 }]
 */
export function eventTexts(text: string): EventTexts {
  if (text.includes('\\') && suspicious.test(text)) return null
  const found: EventText[] = []
  let lists = 0
  let isIn = false
  let depth = 0
  let start = 0
  let keys = 0
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case quote:
        index = endOfString(text, index)
        break
      case colon:
        keys++
        break
      case openList:
        if (++depth === 2 && text.startsWith('"events":', index - 9)) {
          isIn = true
          lists++
        }
        break
      case openObject:
        if (++depth === 3 && isIn) {
          start = index
          keys = 0
        }
        break
      case closeObject:
        if (depth-- === 3 && isIn) found.push({ text: text.slice(start, index + 1), keys })
        break
      case closeList:
        if (depth-- === 2) isIn = false
        break
      case 0x20:
      case 0x0a:
      case 0x0d:
      case 0x09:
        return null
    }
  }
  return lists === 1 ? found : null
}

const quote = 0x22
const colon = 0x3a
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
