/** Regular expressions that cannot hang: a subset that runs in time linear in the text. */

/** A state of the machine (Thompson's): it reads a character, looks at its place, or leads on without reading. */
interface State {
  /** Where it leads; nothing at the end. */
  next?: State | undefined
  /** Another way on. */
  or?: State | undefined
  /** Which characters it reads. */
  letter?: Letter | undefined
  /** What must be true of its place: `^`, `$`, `\b` or `\B`. */
  place?: string | undefined
}

/** A set of characters. One character cannot keep RegExp busy, so the browser says what is in it. */
interface Letter {
  set: RegExp
  /** The last character that was asked for, and the answer: many states ask about the same one. */
  asked?: string
  has?: boolean
}

/** Makes the states of a part, given where they lead. */
type Part = (next: State) => State

const mostStates = 2000
const mostTimes = 100
const mostDepth = 100
const mostCached = 100

/** Escape, class, group, quantifier, or any one character. */
const tokens =
  /\\(?:[bBdDsSwWfnrtv]|[^A-Za-z0-9])|\[\^?(?:\\(?:[dDsSwWfnrtv]|[^A-Za-z0-9])|[^\]\\])+\]|\(\?:|\{\d+(?:,\d*)?\}|[^]/g

/** What can be wrong with a pattern, told apart by letter: the words are for those who write one, and stay out of the browser. */
type Flaw = 'size' | 'sign' | 'depth' | 'group' | 'open' | 'range' | 'order' | 'times' | 'close'

/** The first state of a pattern. Tells what is wrong, and throws. */
function build(source: string, told?: (flaw: Flaw, index: number, token: string) => void): State {
  const list = [...source.matchAll(tokens)]
  const letters = new Map<string, Letter>()
  let at = 0
  let spent = 0
  let depth = 0

  const peek = (): string => list[at]?.[0] ?? ''
  const tell = (flaw: Flaw): void => told?.(flaw, list[at]?.index ?? source.length, peek())
  const refuse = (unless: boolean, flaw: Flaw): void => {
    if (unless) return
    tell(flaw)
    throw new Error(flaw)
  }
  // Parts that are empty make no state, yet a thousand times a thousand of them take time: so they count too.
  const spend = (): void => refuse(++spent <= mostStates, 'size')
  const make = (state: State): State => {
    spend()
    return state
  }

  const either = (): Part => {
    const ways = [sequence()]
    while (peek() === '|') {
      at++
      ways.push(sequence())
    }
    return (next) => ways.map((way) => way(next)).reduce((or, way) => make({ next: way, or }))
  }

  const sequence = (): Part => {
    const parts: Part[] = []
    while (!/^[|)]?$/.test(peek())) parts.push(piece())
    return (next) => parts.reduceRight((then, part) => part(then), next)
  }

  const piece = (): Part => {
    const token = peek()
    refuse(!/^(?:[*+?[{\\]$|\{.)/.test(token), 'sign')
    if (token[0] === '(') {
      refuse(++depth <= mostDepth, 'depth')
      at++
      refuse(token !== '(' || peek() !== '?', 'group')
      const inner = either()
      refuse(peek() === ')', 'open')
      at++
      depth--
      return repeated(inner)
    }
    // Told ahead: it is RegExp that throws.
    tell('range')
    const letter = letters.get(token) ?? { set: new RegExp(token, 'i') }
    letters.set(token, letter)
    at++
    return /^(?:[\^$]|\\b)$/i.test(token)
      ? (next) => make({ next, place: token })
      : repeated((next) => make({ next, letter }))
  }

  const repeated = (part: Part): Part => {
    const sign = peek()
    const [least, most = least] =
      sign[0] === '{' && sign[1] ? sign.slice(1, -1).split(',') : (limits[sign] ?? [])
    if (!least) return part
    const low = Number(least)
    const high = Number(most || Infinity)
    refuse(low <= high, 'order')
    refuse(low <= mostTimes && (high <= mostTimes || !most), 'times')
    at++
    // The shortest or the longest: whether something is found is the same.
    if (peek() === '?') at++
    return (next) => {
      let then = next
      if (!most) {
        then = make({ or: next })
        then.next = part(then)
      } else for (let time = low; time < high; time++) then = make({ next: part(then), or: next })
      for (let time = 0; time < low; time++) {
        spend()
        then = part(then)
      }
      return then
    }
  }

  const whole = either()
  refuse(at === list.length, 'close')
  return whole({})
}

const limits: Readonly<Record<string, string[]>> = { '*': ['0', ''], '+': ['1', ''], '?': ['0', '1'] }

/** Whether the character is one that a state reads. */
function reads(letter: Letter, character: string): boolean {
  if (letter.asked !== character) {
    letter.asked = character
    letter.has = letter.set.test(character)
  }
  return letter.has!
}

/** Whether what must be true of a place in the text is. */
function holds(place: string, text: string, index: number): boolean {
  if (place === '^') return index === 0
  if (place === '$') return index === text.length
  const isEdge = /\w/.test(text.charAt(index - 1)) !== /\w/.test(text.charAt(index))
  return isEdge === (place === '\\b')
}

/**
 * Runs all ways through a pattern at once, so that nothing is tried twice: at most one step for each state and
 * character.
 */
export function runPattern(source: string, text: string, whole: boolean): { found: boolean; steps: number } {
  return run(build(source), text, whole)
}

function run(start: State, text: string, whole: boolean): { found: boolean; steps: number } {
  let steps = 0
  let now = new Set<State>()
  for (let index = 0; ; index++) {
    const isEnd = index === text.length
    const after = new Set<State>()
    if (!whole || index === 0) now.add(start)
    // A set is walked to its end also while it grows, and takes every state once.
    for (const state of now) {
      steps++
      const { next, or, letter, place } = state
      if (!next) {
        if (!whole || isEnd) return { found: true, steps }
      } else if (letter) {
        if (!isEnd && reads(letter, text.charAt(index))) after.add(next)
      } else if (!place || holds(place, text, index)) {
        now.add(next)
        if (or) now.add(or)
      }
    }
    if (isEnd) return { found: false, steps }
    now = after
  }
}

/**
 * All parts of a text that some match of a pattern covers, those that touch as one. A pattern that `patternFlaw` finds fault
 * with covers nothing. Takes at most one step for each state and character, like a search.
 *
 * @example
 * patternSpans('\\d{6}', 'order 123456!') // [[6, 12]]
 */
export function patternSpans(source: string, text: string): [start: number, end: number][] {
  let first: State
  try {
    first = build(source)
  } catch {
    return []
  }
  const spans: [start: number, end: number][] = []
  // For each state the earliest place at which a way into it began: its match covers those of all others.
  let now = new Map<State, number>()
  for (let index = 0; index <= text.length; index++) {
    const after = new Map<State, number>()
    const character = text.charAt(index)
    const seen = new Set<State>()
    // The earliest first, each to its end, so that whoever comes first to a state is the earliest.
    for (const [seed, start] of [...now, [first, index] as const].toSorted((a, b) => a[1] - b[1])) {
      const open = [seed]
      for (let state = open.pop(); state; state = open.pop()) {
        if (seen.has(state)) continue
        seen.add(state)
        const { next, or, letter, place } = state
        if (!next) cover(spans, start, index)
        else if (letter) {
          if (index < text.length && reads(letter, character))
            after.set(next, Math.min(start, after.get(next) ?? start))
        } else if (!place || holds(place, text, index)) {
          open.push(next)
          if (or) open.push(or)
        }
      }
    }
    now = after
  }
  return spans
}

/** Adds a match to those before, which all end earlier. */
function cover(spans: [start: number, end: number][], start: number, end: number): void {
  if (start === end) return
  let from = start
  while (spans.length > 0 && spans.at(-1)![1] >= from) from = Math.min(from, spans.pop()![0])
  spans.push([from, end])
}

/** How many states a pattern has, which is what a search costs for each character; 0 for one with a flaw. */
export function patternSize(source: string): number {
  try {
    const all = new Set([build(source)])
    for (const { next, or } of all) for (const each of [next, or]) if (each) all.add(each)
    return all.size
  } catch {
    return 0
  }
}

const signWords: Readonly<Record<string, string>> = {
  '[': 'the class is empty or not closed; for the character itself write \\[',
  '{': 'a quantifier is {2}, {2,} or {2,5}; for the character itself write \\{',
  '\\': 'there is no such escape, nor a backreference; for the character itself write \\\\',
}
const flawWords: Readonly<Record<Flaw, string>> = {
  size: `it has over ${mostStates} states; write smaller numbers in {…}`,
  sign: 'there is nothing to repeat; for the character itself put a backslash before it',
  depth: `groups stand deeper than ${mostDepth} in each other; take some out`,
  group: 'the only groups are (…) and (?:…); there is no lookaround, and groups have no names',
  open: 'a group is not closed; write ) here, or \\( for the character itself',
  range: 'a range in the class runs backwards; write the lower character first',
  order: 'the quantifier runs backwards; write the lower number first',
  times: `a quantifier counts to ${mostTimes} at most; write a smaller number`,
  close: 'this closes no group; for the character itself write \\)',
}

/**
 * What is wrong with a pattern: where, what, and how to mend it; null when it is sound.
 *
 * @example
 * patternFlaw('a**') // 'at "*" (character 2): there is nothing to repeat; …'
 */
export function patternFlaw(source: string): string | null {
  let words: string | null = null
  try {
    build(source, (flaw, index, token) => {
      const problem = (flaw === 'sign' && signWords[token]) || flawWords[flaw]
      const place = token ? `at "${token}" (character ${index})` : 'at the end'
      words = flaw === 'size' ? problem : `${place}: ${problem}`
    })
    return null
  } catch {
    return words
  }
}

const cache = new Map<string, (text: string) => boolean>()

/**
 * Makes a matcher of a pattern: whether it is found anywhere in a text, or with `whole`, whether it is all of it.
 * Without regard to case. A pattern that `patternFlaw` finds fault with matches nothing.
 *
 * A subset of JavaScript's regular expressions with the same meaning: characters, `.` `[a-z]` `[^…]` `\d` `\w` `\s`
 * `\D` `\W` `\S` `\b` `\B` `\t` `\n` `\r` `\f` `\v`, any other sign after a backslash, `^` `$` (of the whole text),
 * `(…)` `(?:…)` `|` `*` `+` `?` `{2}` `{2,}` `{2,5}` up to 100, each also with `?` after it. No backreference, no
 * lookaround. A character is a UTF-16 unit, as in `maxLength`: an emoji is two.
 *
 * @example
 * compilePattern('\\d{6}', { whole: true })('1234567') // false
 */
export function compilePattern(source: string, options?: { whole?: boolean }): (text: string) => boolean {
  const whole = options?.whole === true
  const key = `${whole}${source}`
  let found = cache.get(key)
  if (!found) {
    try {
      const start = build(source)
      found = (text) => run(start, text, whole).found
    } catch {
      found = () => false
    }
    // The oldest goes. A site has a few patterns, so this only bounds what a mistake can take.
    if (cache.size >= mostCached) for (const oldest of [...cache.keys()].slice(0, 1)) cache.delete(oldest)
    cache.set(key, found)
  }
  return found
}

/**
 * Finds a pattern in a text, or says whether a glob is all of it: `*` stands for anything but `/`, `**` for anything,
 * and everything else, also `?`, for itself. Without regard to case. A bad pattern finds nothing.
 *
 * @example
 * findsPattern({ glob: '/shop/**' }, '/shop/cart/2') // true
 * findsPattern({ pattern: '^/(de|fr)/' }, '/de/shop') // true
 */
export function findsPattern(what: { glob: string } | { pattern: string }, text: string): boolean {
  if ('pattern' in what) return compilePattern(what.pattern)(text)
  const source = what.glob.replace(/\*+|[\\^$.|?+()[\]{}]/g, (sign) =>
    sign[0] === '*' ? (sign[1] ? '[\\s\\S]*' : '[^/]*') : `\\${sign}`,
  )
  return compilePattern(source, { whole: true })(text)
}
