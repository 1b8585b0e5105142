import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { first } from './waitingFirst.ts'

const cwd = join(import.meta.dirname, '..')
const files = globSync('{packages/*/src,apps/*/{e2e,sim}}/**/*.test.ts', { cwd })

it.each(first)('%s is a test file', (name) => {
  expect(files.filter((file) => `/${file}`.endsWith(`/${name}.test.ts`))).toHaveLength(1)
})
