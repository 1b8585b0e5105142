import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const repository = join(import.meta.dirname, '../../..')

it('the command of the README starts everything on a fresh clone: page, collector, an answer, the dashboard', async () => {
  expect(readFileSync(join(repository, 'README.md'), 'utf8')).toContain('\nnpx -y pnpm@12 demo')
  const first = join(import.meta.dirname, 'first.ts')
  // It ends with an error where one of its steps does not come.
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@earshot/source', first], {
    cwd: repository,
    maxBuffer: 1e7,
  })
  expect(stdout).toContain('`npx -y pnpm@12 demo`')
  expect(stdout).toContain('2 commands, 2 addresses, 2 clicks, 1 paste')
}, 1_200_000)
