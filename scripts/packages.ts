/** Checks the packages as a stranger would install them: publint and are-the-types-wrong over each tarball, what is in it, and that all have one version. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packAll } from './pack.ts'
import { report, type Violation } from './violation.ts'

/** What of a manifest a stranger depends on. */
export interface Manifest {
  name: string
  version: string
  license?: string
  scripts?: Record<string, string>
  engines?: { node?: string }
  dependencies?: Record<string, string>
  publishConfig?: { access?: string; provenance?: boolean }
}

/** Files that every package has. */
const needed = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']

/** What only those need who change the package. */
const ownOnly = /(\.test\.|fixtures\.|Suite\.ts$|\.tsbuildinfo$|tsconfig|^etc\/)/

/** What a package cannot be without, by its name. */
const neededBy: Readonly<Record<string, readonly string[]>> = {
  '@earshot/collector': [
    'dist/bin.js',
    'dist/browser/earshot.js',
    'dist/browser/integrity.json',
    'dist/dashboard/index.html',
    'dist/docs/index.html',
  ],
  '@earshot/sdk': ['dist/browser/earshot.js', 'dist/browser/integrity.json'],
}

/** npm runs these on the machine of whoever installs the package. */
const installScripts = ['preinstall', 'install', 'postinstall', 'prepare']

/**
 * What is wrong with packages, from their manifests and the paths in their tarballs.
 *
 * @example
 * packageViolations([{ manifest, files: ['package.json'] }]) // [{ file: 'contract', problem: 'has no README.md', … }]
 */
export function packageViolations(
  packages: readonly { manifest: Manifest; files: readonly string[] }[],
): Violation[] {
  const versions = new Set(packages.map(({ manifest }) => manifest.version))
  return packages.flatMap(({ manifest, files }) => {
    const found: Violation[] = []
    const add = (problem: string, mend: string): void => {
      found.push({ file: manifest.name, problem, mend })
    }
    if (versions.size > 1)
      add(
        `has version ${manifest.version}, and not all have it`,
        'Versions go together: pnpm changeset version.',
      )
    for (const path of [...needed, ...(neededBy[manifest.name] ?? [])])
      if (!files.includes(path)) add(`has no ${path}`, 'Run pnpm build, or add it to "files".')
    for (const path of files)
      if (ownOnly.test(path)) add(`brings ${path}, which nobody needs`, 'Leave it out in "files".')
    for (const name of installScripts)
      if (manifest.scripts?.[name]) add(`runs a script on ${name}`, 'Nothing may run where it is installed.')
    for (const [name, range] of Object.entries(manifest.dependencies ?? {}))
      if (/^(workspace|catalog|file|link):/.test(range)) add(`needs ${name} ${range}`, 'Pack it with pnpm.')
    if (manifest.license !== 'MIT') add('does not say its licence', 'Say MIT.')
    // SQLite searches texts from 22.16 on.
    const node = manifest.name === '@earshot/collector' ? '>=22.16' : '>=22.13'
    if (manifest.engines?.node !== node) add('does not say which Node it needs', `Say ${node}.`)
    if (manifest.publishConfig?.access !== 'public' || !manifest.publishConfig.provenance)
      add('would not be published openly, and with its provenance', 'Say so in "publishConfig".')
    return found
  })
}

/** Manifest and paths of a tarball. */
function readTarball(tarball: string): { manifest: Manifest; files: string[] } {
  const tar = (...options: string[]): string =>
    execFileSync('tar', [...options], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  const manifest = JSON.parse(tar('-xzOf', tarball, 'package/package.json')) as Manifest
  const files = tar('-tzf', tarball).trim().split('\n')
  return { manifest, files: files.map((path) => path.replace(/^package\//, '')) }
}

if (import.meta.main) {
  const run = (command: string, options: string[]): void => {
    execFileSync('pnpm', ['exec', command, ...options], { stdio: 'inherit' })
  }
  const folder = mkdtempSync(join(tmpdir(), 'earshot-pack-'))
  try {
    const packed = await packAll(folder)
    for (const { tarball } of packed) {
      run('publint', ['run', tarball, '--strict'])
      run('attw', [tarball, '--profile', 'esm-only', '--quiet'])
    }
    const violations = packageViolations(packed.map(({ tarball }) => readTarball(tarball)))
    report('packages', violations, `${packed.length} packages of version ${packed[0]?.version}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
