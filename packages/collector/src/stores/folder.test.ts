import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../fixtures.ts'
import { makeFolder } from './folder.ts'

it('makes a folder with those above it, for nobody else to read, and leaves one as it is that is there', () => {
  const above = join(temporaryDirectory(), 'a')
  const folder = join(above, 'b', 'c')
  makeFolder(folder)
  for (const each of [above, join(above, 'b'), folder]) expect(statSync(each).mode & 0o777).toBe(0o700)
  const open = join(above, 'open')
  mkdirSync(open, { mode: 0o755 })
  makeFolder(open)
  expect(statSync(open).mode & 0o777).toBe(0o755)
})

it('says what the system says where it cannot, and ends', () => {
  const file = join(temporaryDirectory(), 'file')
  writeFileSync(file, '')
  expect(() => makeFolder(file)).toThrow(/EEXIST/)
  expect(() => makeFolder(join(file, 'below'))).toThrow(/ENOTDIR/)
  if (existsSync('/proc/self')) expect(() => makeFolder('/proc/none/data')).toThrow(/ENOENT/)
})
