/** Checks the packages as a stranger would install them: publint and are-the-types-wrong over each. */
import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { dirname } from 'node:path'

const run = (command: string, options: string[]): void => {
  execFileSync('pnpm', ['exec', command, ...options], { stdio: 'inherit' })
}

for (const folder of globSync('packages/*/package.json').map(dirname).toSorted()) {
  run('publint', ['run', folder, '--strict'])
  run('attw', ['--pack', folder, '--profile', 'esm-only', '--quiet'])
}
