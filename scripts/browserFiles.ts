/** Brings the SDK's files for browsers into the package of the collector, which serves them, with the hash of each for `integrity`. The last step of the build. */
import { createHash } from 'node:crypto'
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const built = 'packages/sdk/dist/browser'
const served = 'packages/collector/dist/browser'

/** The file with the hashes, beside those that it is about. */
export const integrityFile = 'integrity.json'

/** What stands in that file. */
export interface Integrity {
  /** Of the SDK. */
  version: string
  /** By the name of a file, what the attribute `integrity` of a script tag takes: `sha384-…`. */
  files: Record<string, string>
}

/**
 * The hashes of all scripts in a directory.
 *
 * @example
 * integrityOf('packages/sdk/dist/browser').files['earshot.js'] // 'sha384-…'
 */
export function integrityOf(directory: string): Integrity {
  const { version } = JSON.parse(readFileSync(join(directory, 'version.json'), 'utf8')) as { version: string }
  // The simulation is for no page.
  const names = globSync(join(directory, '*.js')).map((path) => basename(path))
  const files = names
    .filter((name) => name !== 'simulate.js')
    .toSorted()
    .map((name) => [name, `sha384-${hash(readFileSync(join(directory, name)))}`] as const)
  return { version, files: Object.fromEntries(files) }
}

const hash = (content: Uint8Array): string => createHash('sha384').update(content).digest('base64')

if (import.meta.main) {
  writeFileSync(join(built, integrityFile), `${JSON.stringify(integrityOf(built), null, 2)}\n`)
  rmSync(served, { recursive: true, force: true })
  cpSync(built, served, { recursive: true })
}
