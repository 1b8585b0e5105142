import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const pure = [
  'packages/sdk/src/core',
  'packages/collector/src/core',
  'packages/metrics/src',
  'packages/contract/src',
]
const globals = [
  'Date.now()',
  'new Date()',
  'setTimeout(f)',
  'setInterval(f)',
  'performance.now()',
  'crypto.randomUUID()',
  'window.name',
  'document.title',
  'navigator.onLine',
  "fetch('x')",
  'globalThis.Date',
  'self.setTimeout(f)',
]

const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `export const a${index} = 1`).join('\n')

/** Planted mistakes: file, code, the rule that has to find it. */
const planted: readonly (readonly [string, string, string])[] = [
  ...pure.flatMap((folder) => [
    ...globals.map((code) => [folder, `export const a = ${code}`, 'no-restricted-globals'] as const),
    [folder, 'export const a = Math.random()', 'no-restricted-properties'] as const,
    [folder, "export { h } from 'preact'", 'no-restricted-imports'] as const,
    [folder, "export { useState } from 'preact/hooks'", 'no-restricted-imports'] as const,
    [folder, "export { get } from 'idb-keyval'", 'no-restricted-imports'] as const,
    [folder, "export { a } from '../shell/clock.ts'", 'no-restricted-imports'] as const,
    [folder, "export { join } from 'node:path'", 'no-restricted-imports'] as const,
    [folder, 'console.log(1)', 'no-console'] as const,
  ]),
  ...['packages/sdk/src/shell', 'packages/sdk/src/core'].flatMap((folder) => [
    [folder, 'declare const e: any\ne.innerHTML = ""', 'no-restricted-properties'] as const,
    [folder, 'declare const e: any\ne.insertAdjacentHTML("a", "b")', 'no-restricted-properties'] as const,
    [folder, 'export class A {}', 'max-classes-per-file'] as const,
    [folder, 'export const a = eval("1")', 'no-eval'] as const,
    [folder, 'export const a = new Function("1")', 'no-new-func'] as const,
    [folder, 'console.log(1)', 'no-console'] as const,
  ]),
  ['packages/sdk/src/ui', 'export const a = <p dangerouslySetInnerHTML={{ __html: "" }} />', 'no-danger'],
  ['packages/sdk/src/ui', 'export const a = "\\u0000javascript:x" + "javascript:alert(1)"', 'no-script-url'],
  ['packages/collector/src', 'const go = async () => {}\ngo()', 'no-floating-promises'],
  ['packages/collector/src', 'export default 1', 'no-default-export'],
  ['packages/collector/src', 'export const a: any = 1', 'no-explicit-any'],
  [
    'packages/collector/src',
    "import { type A } from './b.ts'\nexport type B = A",
    'no-import-type-side-effects',
  ],
  ['apps/demo/src', lines(301), 'max-lines'],
]
/** What has to pass, in the place that is allowed to. */
const allowed: readonly (readonly [string, string])[] = [
  ['packages/sdk/src/shell/log.ts', 'console.log(1)'],
  ['packages/sdk/src/shell/clock.ts', 'export const now = () => Date.now()'],
  ['packages/sdk/src/core/a.test.ts', 'export const a = Date.now()\nexport class A {\n  b = 1\n}'],
  ['packages/collector/src/http/a.ts', "export { join } from 'node:path'"],
  ['apps/demo/vite.config.ts', 'export default {}'],
  ['packages/metrics/src/long.ts', lines(300) + '\n// why\n'.repeat(50)],
]

let root = ''
let found: readonly { filename: string; code: string }[] = []
const nameOf = (index: number, folder: string): string =>
  `${folder}/planted${index}.${folder.endsWith('ui') ? 'tsx' : 'ts'}`

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'earshot-lint-'))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  copyFileSync('.oxlintrc.json', join(root, '.oxlintrc.json'))
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'), 'dir')
  write(
    'tsconfig.json',
    '{ "compilerOptions": { "strict": true, "jsx": "react-jsx", "jsxImportSource": "preact", "allowImportingTsExtensions": true, "noEmit": true, "target": "es2023", "module": "nodenext" } }',
  )
  for (const [index, [folder, code]] of planted.entries()) write(nameOf(index, folder), `${code}\n`)
  for (const [path, code] of allowed) write(path, `${code}\n`)
  found = lint()
}, 60_000)
afterAll(() => rmSync(root, { recursive: true }))

/** Runs oxlint over the planted tree and gives what it says. */
function lint(): { filename: string; code: string }[] {
  const run = (): string =>
    execFileSync(process.execPath, [resolve('node_modules/oxlint/bin/oxlint'), '-f', 'json', '.'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1e8,
    })
  try {
    return JSON.parse(run()).diagnostics
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout).diagnostics
  }
}

const rulesFor = (path: string): string[] =>
  found.filter(({ filename }) => filename.replaceAll('\\', '/') === path).map(({ code }) => code)

describe('.oxlintrc.json', () => {
  it.each(planted.map(([folder, code, rule], index) => ({ folder, code: code.slice(0, 80), rule, index })))(
    'finds in $folder: $code ($rule)',
    ({ folder, rule, index }) => {
      expect(rulesFor(nameOf(index, folder)).join()).toContain(`(${rule})`)
    },
  )
  it.each(allowed.map(([path, code]) => ({ path, code: code.slice(0, 80) })))(
    'lets pass in $path: $code',
    ({ path }) => {
      expect(rulesFor(path)).toStrictEqual([])
    },
  )
})
