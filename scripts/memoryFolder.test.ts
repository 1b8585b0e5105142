import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { memoryFolder } from './memoryFolder.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'earshot-memory-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** The folder of a process of its own that has ended. */
function folderOfAnother(): string {
  const code = `import { memoryFolder } from ${JSON.stringify(join(import.meta.dirname, 'memoryFolder.ts'))}
    process.stdout.write(memoryFolder(${JSON.stringify(root)}, 0))`
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }).stdout
}

it('is for everybody, and goes with the process', () => {
  const folder = folderOfAnother()
  expect(folder.startsWith(join(root, 'earshot-tests-'))).toBe(true)
  expect(existsSync(folder)).toBe(false)
  const own = memoryFolder(root, 0) ?? ''
  expect(statSync(own).mode & 0o7777).toBe(0o1777)
})

it('is not where there is no room, and nowhere', () => {
  expect(memoryFolder(root, Number.MAX_SAFE_INTEGER)).toBeNull()
  expect(memoryFolder(join(root, 'none'), 0)).toBeNull()
})

it('takes away what a killed run has left, and nothing else', () => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid
  for (const each of [`earshot-tests-${gone}`, `earshot-tests-${process.ppid}`, 'of-somebody'])
    mkdirSync(join(root, each))
  memoryFolder(root, 0)
  const has = (each: string | number): boolean => existsSync(join(root, `earshot-tests-${each}`))
  expect([has(gone), has(process.ppid), existsSync(join(root, 'of-somebody'))]).toEqual([false, true, true])
})
