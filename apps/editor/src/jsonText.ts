/** Where everything stands in a JSON text, and where the text stops being JSON. */

/** What a text is. */
export interface ReadText {
  /** The value; undefined where the text is no JSON. */
  value: unknown
  /** What is wrong with the text, and where. */
  error: { line: number; message: string } | null
  /** The line of a path such as `questions.1.title`; of what is around it where it is not there. */
  lineOf(path: string): number
}

const words = ['true', 'false', 'null'] as const
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const text = new RegExp(String.raw`"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"`, 'y')
const space = /[\t\n\r ]*/y
/** Deeper than any survey; the browser's own stack is deeper. */
const mostDepth = 200

/** Thrown inside, told outside. */
interface Stop {
  at: number
  message: string
}

/**
 * Reads a text. The browser's parser gives the value, this one the places: browsers tell them in different words, or
 * not at all.
 *
 * @example
 * readText('{\n  "a" 1\n}').error // { line: 2, message: 'Expected ":" after "a", found 1.' }
 */
export function readText(source: string): ReadText {
  const places = new Map<string, number>()
  const lineAt = (at: number): number => source.slice(0, at).split('\n').length
  const lineOf = (path: string): number => {
    const parts = path === '' ? [] : path.split('.')
    for (let length = parts.length; length > 0; length--) {
      const at = places.get(parts.slice(0, length).join('.'))
      if (at !== undefined) return lineAt(at)
    }
    return 1
  }
  const stop = scan(source, places)
  if (stop) return { value: undefined, error: { line: lineAt(stop.at), message: stop.message }, lineOf }
  return { value: JSON.parse(source) as unknown, error: null, lineOf }
}

/** Notes the place of every value, and tells where it cannot go on. */
function scan(source: string, places: Map<string, number>): Stop | null {
  let at = 0
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(source)?.[0] ?? null
    if (found !== null) at += found.length
    return found
  }
  const found = (): string => {
    if (at >= source.length) return 'the end of the text'
    return (/^(?:"[^"\n]{0,30}"?|[\w.+-]{1,30}|[^])/.exec(source.slice(at, at + 40))?.[0] ?? '').trim()
  }
  const fail = (message: string): Stop => ({ at, message: `${message}, found ${found()}.` })
  const skip = (): void => void match(space)

  const readValue = (path: string, depth: number): Stop | null => {
    skip()
    if (!places.has(path)) places.set(path, at)
    if (depth > mostDepth) return fail('Nothing may be so deep inside')
    if (source[at] === '{') return readObject(path, depth)
    if (source[at] === '[') return readList(path, depth)
    if (source[at] === '"') return match(text) === null ? unclosed() : null
    if (match(number) !== null) return null
    for (const word of words)
      if (source.startsWith(word, at)) {
        at += word.length
        return null
      }
    return fail('Expected a value')
  }
  const unclosed = (): Stop => {
    const line = source.slice(at).split('\n', 1)[0] ?? ''
    const isOpen = !/^"(?:[^"\\]|\\.)*"/.test(line)
    return {
      at,
      message: isOpen
        ? 'This text has no closing quote on its line.'
        : 'This text has an escape that JSON does not know; write \\\\ for a backslash.',
    }
  }
  const inside = (path: string, key: string | number): string => (path === '' ? `${key}` : `${path}.${key}`)

  const readObject = (path: string, depth: number): Stop | null => {
    at++
    skip()
    if (source[at] === '}') {
      at++
      return null
    }
    for (;;) {
      skip()
      if (source[at] === '}') return fail('Take the comma before the closing bracket away: expected a name')
      if (source[at] !== '"') return fail('Expected a name in double quotes')
      const start = at
      const name = match(text)
      if (name === null) return unclosed()
      const key = JSON.parse(name) as string
      // Of a name that stands twice the last one counts.
      places.set(inside(path, key), start)
      skip()
      if (source[at] !== ':') return fail(`Expected ":" after ${name}`)
      at++
      const stop = readValue(inside(path, key), depth + 1)
      if (stop) return stop
      skip()
      if (source[at] === '}') {
        at++
        return null
      }
      if (source[at] !== ',') return fail(`Expected a comma or "}" after "${key}"`)
      at++
    }
  }
  const readList = (path: string, depth: number): Stop | null => {
    at++
    skip()
    if (source[at] === ']') {
      at++
      return null
    }
    for (let index = 0; ; index++) {
      skip()
      if (source[at] === ']') return fail('Take the comma before the closing bracket away: expected a value')
      const stop = readValue(inside(path, index), depth + 1)
      if (stop) return stop
      skip()
      if (source[at] === ']') {
        at++
        return null
      }
      if (source[at] !== ',') return fail('Expected a comma or "]" after the value')
      at++
    }
  }

  const stop = readValue('', 0)
  if (stop) return stop
  skip()
  return at < source.length ? fail('Expected nothing more') : null
}
