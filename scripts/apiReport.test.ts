import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiViolations, checkEntryPoint, entryPoints } from './apiReport.ts'

describe('entryPoints', () => {
  it('are the exports that have types', () => {
    const exports = {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './schema': { types: './dist/schema.d.ts' },
      './feedback.schema.json': './feedback.schema.json',
    }
    expect(entryPoints('contract', exports)).toStrictEqual([
      { name: 'contract', types: './dist/index.d.ts', root: true },
      { name: 'contract-schema', types: './dist/schema.d.ts', root: false },
    ])
  })
})

describe('apiViolations', () => {
  it('names a changed interface, a type that cannot be named, and unreadable declarations, and nothing else', () => {
    const said = [
      {
        messageId: 'ae-forgotten-export',
        text: 'The symbol "Gone" needs to be exported',
        category: 'Extractor',
      },
      { messageId: 'TS2307', text: "Cannot find module 'x'", category: 'Compiler' },
      { messageId: 'ae-missing-release-tag', text: 'tag', category: 'Extractor' },
    ] as const
    expect(apiViolations('a.api.md', false, [said[2]] as never)).toStrictEqual([])
    expect(apiViolations('a.api.md', true, said as never).map(({ problem }) => problem)).toStrictEqual([
      'The symbol "Gone" needs to be exported',
      "could not be made: Cannot find module 'x'",
      'is not the public interface as built',
    ])
  })
})

describe('checkEntryPoint', () => {
  let folder = ''
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text)
  const check = (update: boolean): string[] =>
    checkEntryPoint(folder, { name: 'planted', types: './dist/index.d.ts', root: true }, update).map(
      ({ problem }) => problem,
    )
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'earshot-planted-'))
    mkdirSync(join(folder, 'dist'))
    write('package.json', '{ "name": "planted", "version": "0.0.0", "type": "module" }')
    // As TypeScript 7 writes it: the import keeps its .ts.
    write('dist/index.d.ts', "export { one, type Two } from './one.ts';\n")
    write('dist/one.d.ts', 'export interface Two {\n  a: number;\n}\nexport declare function one(): Two;\n')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('goes from no report to a report to a difference', () => {
    expect(check(false)).toStrictEqual(['is not the public interface as built'])
    expect(check(true)).toStrictEqual([])
    expect(readFileSync(join(folder, 'etc/planted.api.md'), 'utf8')).toContain('a: number;')
    expect(check(false)).toStrictEqual([])
    write('dist/one.d.ts', 'export interface Two {\n  a: string;\n}\nexport declare function one(): Two;\n')
    expect(check(false)).toStrictEqual(['is not the public interface as built'])
    write('dist/index.d.ts', "export { one } from './one.ts';\n")
    expect(check(true).join()).toContain('"Two" needs to be exported')
  }, 60_000)
  it('asks for a build when there is none', () => {
    expect(
      checkEntryPoint(folder, { name: 'planted', types: './dist/no.d.ts', root: true }, false)[0]?.mend,
    ).toBe('Run pnpm build first.')
  })
})
