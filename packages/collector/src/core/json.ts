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

function isDeeperThan(text: string, most: number): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (inString) {
      if (code === 0x5c) index++
      else if (code === 0x22) inString = false
    } else if (code === 0x22) inString = true
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > most) return true
    } else if (code === 0x5d || code === 0x7d) depth--
  }
  return false
}
