/** Cleans text that came from outside: no control characters, no broken surrogates, and cuts that split no character. */

// C0 controls except tab and line feed. They show nothing, break CSV and terminals, and NUL ends strings in C.
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f]/g
// With the `u` flag a surrogate that belongs to a pair is part of one code point, so this matches lone ones only.
const loneSurrogates = /[\ud800-\udfff]/gu

/**
 * Removes C0 control characters except tab and line feed and puts U+FFFD for lone surrogates. Everything else stays
 * as it is, in every script.
 *
 * @example
 * cleanText('a\u0000b\r\nc\ud800') // 'ab\nc\ufffd'
 */
export function cleanText(text: string): string {
  return text.replace(controls, '').replace(loneSurrogates, '\ufffd')
}

/**
 * Cuts to at most `most` UTF-16 units without splitting a surrogate pair.
 *
 * @example
 * cutText('ab😀', 3) // 'ab'
 */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text
  const last = text.charCodeAt(most - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most)
}

/**
 * Cleans every string inside a JSON value, keys too. Own properties only, so a key `__proto__` stays a plain key.
 *
 * @example
 * cleanValue({ note: 'a\u0000' }) // { note: 'a' }
 */
export function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(cleanValue)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [cleanText(key), cleanValue(each)]))
}

/** True for text that is a UUID, in lower case. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}

/** True for a JSON object; false for null, arrays and everything else. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An own property of a JSON object, or undefined: what the prototype has is never read. */
export function ownValue(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/**
 * The known name that is most alike, if any is close enough to be a slip of the pen (an edit distance of at most 2,
 * or a third of the length of a longer name). Names of more than 32 characters get no suggestion.
 *
 * @example
 * nearestName('nps-q5', ['nps-q4', 'csat']) // 'nps-q4'
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  // Names come from outside, and the distance takes time by the square of their length.
  if (name.length > 32) return undefined
  const most = Math.max(2, Math.floor(name.length / 3))
  const ranked = known
    .filter((each) => Math.abs(each.length - name.length) <= most)
    .map((each) => ({ each, distance: editDistance(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ distance }) => distance <= most)
  ranked.sort((a, b) => a.distance - b.distance || (a.each < b.each ? -1 : 1))
  return ranked[0]?.each
}

/**
 * The question for the end of a message when a known name is much alike, with a space before it; else nothing.
 *
 * @example
 * didYouMean('nps-q5', ['nps-q4']) // ' Did you mean "nps-q4"?'
 */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = nearestName(name, [...new Set(known)])
  return near === undefined ? '' : ` Did you mean "${near}"?`
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
