import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { first } from './longestFirst.ts'

const cwd = join(import.meta.dirname, '..')
const files = globSync('{packages/*/src,apps/*/{e2e,sim}}/**/*.test.{ts,tsx}', { cwd })

it.each(first)('%s is a test file', (name) => {
  expect(files.filter((file) => `/${file.replace(/x$/, '')}`.endsWith(`/${name}.test.ts`))).toHaveLength(1)
})
