/** Publishes the packages under the address of the repository that publishes them: without it npm takes no provenance. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { published } from './pack.ts'

/**
 * The manifest of a package with the address of its repository.
 *
 * @param address - `https://github.com/owner/name`
 * @example
 * withRepository({ name: '@earshot/sdk' }, 'https://github.com/owner/name', 'packages/sdk').homepage // 'https://github.com/owner/name#readme'
 */
export function withRepository<Manifest extends object>(
  manifest: Manifest,
  address: string,
  directory: string,
): Manifest & { homepage: string } {
  const repository = { type: 'git', url: `git+${address}.git`, directory }
  return { ...manifest, homepage: `${address}#readme`, bugs: `${address}/issues`, repository }
}

if (import.meta.main) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env
  const address = process.env['EARSHOT_REPOSITORY'] ?? (server && name ? `${server}/${name}` : undefined)
  if (!address?.startsWith('https://')) {
    console.error(
      'Say whose release it is: EARSHOT_REPOSITORY=https://github.com/owner/name. A workflow of GitHub says so itself.',
    )
    process.exitCode = 1
  } else {
    const manifests = published.map((each) => `packages/${each}/package.json`)
    const before = manifests.map((path) => readFileSync(path, 'utf8'))
    try {
      for (const [index, path] of manifests.entries()) {
        const manifest = JSON.parse(before[index] ?? '{}') as object
        const named = withRepository(manifest, address, path.replace('/package.json', ''))
        writeFileSync(path, `${JSON.stringify(named, null, 2)}\n`)
      }
      execFileSync('pnpm', ['exec', 'changeset', 'publish'], { stdio: 'inherit' })
    } finally {
      for (const [index, path] of manifests.entries()) writeFileSync(path, before[index] ?? '')
    }
  }
}
