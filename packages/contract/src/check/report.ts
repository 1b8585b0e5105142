/** What is wrong with a survey, and how findings become it. */
import { nearestName } from './nearest.ts'

/** One thing that is wrong with a survey, for whoever wrote it. */
export interface SurveyFlaw {
  /** Where, dotted: `questions.1.when.fact`; empty for the whole. */
  path: string
  /** What is there, in a few characters. */
  found: string
  /** What may be there. */
  allowed: string
  /** The valid name that is most alike, where one is. */
  nearest?: string | undefined
  /** A sentence for people: where, what is wrong, how to mend it. */
  message: string
  /** `error`: the survey is not accepted. `warning`: it is, but it may not do what it was written for. */
  severity: 'error' | 'warning'
}

/** Where something is. */
export type Path = readonly PropertyKey[]

/** What a check says. */
export interface Finding {
  at: Path
  found: unknown
  allowed: string
  /** What is wrong with it; default only what is found and what is allowed. */
  problem?: string
  /** Names of which one may have been meant. */
  names?: Iterable<string>
  /** The name that is meant, where it is known without looking for it. */
  nearest?: string | undefined
  /** Whether what is there is of the right type all the same, so that other checks can look at it. */
  usable?: boolean
}

/** A flaw as it was found. */
export interface Entry {
  at: Path
  /** What is wrong and how to mend it, without the place. */
  words: string
  usable: boolean
  flaw: SurveyFlaw
}

/** Takes findings. */
export interface Report {
  error(finding: Finding): void
  warning(finding: Finding): void
  /** Whether there is an error at this place or inside it. */
  hasErrorIn(path: Path): boolean
  readonly entries: readonly Entry[]
}

/** Values that are loose: checked each by itself as far as they are there, and missing where they were not sound. */
export type Loose<T> = T extends readonly (infer Item)[]
  ? (Loose<Item> | undefined)[]
  : T extends object
    ? { [Key in keyof T]?: Loose<T[Key]> | undefined }
    : T

/**
 * An empty report.
 *
 * @param hints how many suggestions there may be: each compares a name with all that are known, and surveys come from
 * anybody
 */
export function createReport(hints: number): Report {
  const entries: Entry[] = []
  // Each place with an error and all places around it: a survey from outside may have very many.
  const errorPlaces = new Set<string>()
  let left = hints

  const suggest = ({ found, names }: Finding): string | undefined =>
    names && typeof found === 'string' && left-- > 0 ? nearestName(found, names) : undefined

  const add = (severity: SurveyFlaw['severity'], finding: Finding): void => {
    const { at, allowed, usable = false } = finding
    const path = at.join('.')
    const found = describeFound(finding.found)
    const nearest = finding.nearest ?? suggest(finding)
    const problem = finding.problem ?? (finding.found === undefined ? 'is missing' : `is ${found}`)
    const words = `${problem}; ${nearest === undefined ? `allowed is ${allowed}` : `did you mean "${nearest}"?`}`
    const message = `${path || 'the whole'} ${words}`
    const named = nearest === undefined ? {} : { nearest }
    entries.push({ at, words, usable, flaw: { path, found, allowed, ...named, message, severity } })
    if (severity === 'error')
      for (let length = 0; length <= at.length; length++) errorPlaces.add(at.slice(0, length).join('.'))
  }

  return {
    error: (finding) => add('error', finding),
    warning: (finding) => add('warning', finding),
    hasErrorIn: (path) => errorPlaces.has(path.join('.')),
    entries,
  }
}

/** The same report for what stands inside something: places are told from there. */
export function within(report: Report, around: Path): Report {
  const inside = (finding: Finding): Finding => ({ ...finding, at: [...around, ...finding.at] })
  return {
    error: (finding) => report.error(inside(finding)),
    warning: (finding) => report.warning(inside(finding)),
    hasErrorIn: (path) => report.hasErrorIn([...around, ...path]),
    get entries() {
      return report.entries
    },
  }
}

/**
 * A value in a few characters, whatever it is.
 *
 * @example
 * describeFound(['a', 'b']) // 'a list of 2'
 */
export function describeFound(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return value.length > 60 ? `"${value.slice(0, 60)}…"` : `"${value}"`
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** Names as a list: `"a", "b" or "c"`. */
export function namesInWords(names: Iterable<string>): string {
  const quoted = [...names].map((each) => `"${each}"`)
  const last = quoted.pop()
  if (last === undefined) return 'none'
  return quoted.length > 0 ? `${quoted.join(', ')} or ${last}` : last
}

/** Reports every id that stands a second time in a list. */
export function checkUnique(
  report: Report,
  at: Path,
  items: readonly ({ id?: string | undefined } | undefined)[],
  what: string,
): void {
  const seen = new Set<string>()
  for (const [index, item] of items.entries()) {
    const id = item?.id
    if (id === undefined) continue
    if (seen.has(id))
      report.error({
        at: [...at, index, 'id'],
        found: id,
        allowed: `an id that no other ${what} has`,
        problem: `is "${id}", as is the id of an earlier ${what}`,
      })
    seen.add(id)
  }
}
