/** `pnpm house [revision]`: how large the house is: files, lines of code, the largest and the median file, and the names that files export. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readSource } from './imports.ts'

/** What a set of files comes to. Lines are those that hold more than blanks and comments. */
export interface House {
  files: number
  lines: number
  largest: number
  median: number
  exports: number
}

/** What is shipped or shown: sources of packages and apps, without tests and what only tests use. */
export const isOfTheHouse = (path: string): boolean =>
  /^(packages\/[^/]+\/src|apps\/[^/]+\/(src|site|server|sim))\/.*\.tsx?$/.test(path) &&
  !/(\.d|\.test|Suite|fixtures)\.tsx?$/.test(path)

/**
 * Counts files of TypeScript.
 *
 * @example
 * measureHouse([{ path: 'a.ts', text: 'export const a = 1' }]) // { files: 1, lines: 1, …, exports: 1 }
 */
export function measureHouse(files: readonly { path: string; text: string }[]): House {
  const lines = files.map(({ path, text }) => readSource(path, text).codeLines).sort((a, b) => a - b)
  return {
    files: files.length,
    lines: lines.reduce((sum, each) => sum + each, 0),
    largest: lines.at(-1) ?? 0,
    median: lines[lines.length >> 1] ?? 0,
    exports: files.reduce((sum, { text }) => sum + countExports(text), 0),
  }
}

/** Names that a file exports; `export *` is one. */
function countExports(text: string): number {
  const lists = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)]
  const named = lists.reduce(
    (sum, [, list = '']) => sum + list.split(',').filter((each) => each.trim()).length,
    0,
  )
  return named + [...text.matchAll(/^export (?!(?:type )?\{)/gm)].length
}

const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8', maxBuffer: 2 ** 27 })

if (import.meta.main) {
  const revision = process.argv[2]
  const paths = git('ls-tree', '-r', '--name-only', revision ?? 'HEAD').split('\n')
  const read = (path: string): string =>
    revision ? git('show', `${revision}:${path}`) : readFileSync(path, 'utf8')
  const house = measureHouse(paths.filter(isOfTheHouse).map((path) => ({ path, text: read(path) })))
  for (const [name, value] of Object.entries(house))
    console.log(`${name.padEnd(8)} ${value.toLocaleString('en').padStart(8)}`)
}
