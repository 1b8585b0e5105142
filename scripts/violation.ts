/** What a check finds, and how it tells: one line per violation, exit code 1 if there is any. */

/** One thing that is wrong. */
export interface Violation {
  /** Path from the root of the repository, with `:line` where that helps. */
  file: string
  /** What is wrong, in words. */
  problem: string
  /** How to mend it. */
  mend: string
}

/**
 * Prints each violation on one line and lets the process end with code 1; prints `ok` when there is none.
 *
 * @example
 * report('layers', [{ file: 'a.ts', problem: 'imports b', mend: 'Remove it.' }]) // a.ts: imports b. Remove it.
 */
export function report(check: string, violations: readonly Violation[], ok = 'ok'): void {
  for (const { file, problem, mend } of violations) console.error(`${file}: ${problem}. ${mend}`)
  if (violations.length > 0) {
    console.error(`${check}: ${violations.length} ${violations.length === 1 ? 'violation' : 'violations'}`)
    process.exitCode = 1
  } else console.log(`${check}: ${ok}`)
}
