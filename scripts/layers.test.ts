import { describe, expect, it } from 'vitest'
import { findViolations } from './layers.ts'

const doc = '/** What it is for. */\n'
const file = (path: string, code = ''): { path: string; text: string } => ({ path, text: doc + code })
const told = (...files: { path: string; text: string }[]): string[] =>
  findViolations(files).map(({ file: at, problem }) => `${at} ${problem}`)

const sdk = (path: string): string => `packages/sdk/src/${path}`
const collector = (path: string): string => `packages/collector/src/${path}`
const targets = [
  ...['core/step.ts', 'ports/world.ts', 'shell/runtime.ts', 'ui/card.ts', 'index.ts', 'loader/main.ts'].map(
    sdk,
  ),
  ...['wrapper/holder.ts', 'headless/mount.ts', 'ui/visible.ts'].map(sdk),
  ...['core/rules/rules.ts', 'shell/rulesChunk.ts', 'shell/sensors.ts', 'ui/kinds/main.tsx'].map(sdk),
  ...[
    'core/ingest.ts',
    'ports/world.ts',
    'stores/sqlite.ts',
    'outbound/smtp.ts',
    'http/server.ts',
    'index.ts',
  ].map(collector),
].map((path) => file(path))

describe('layers', () => {
  it.each([
    [sdk('core/a.ts'), "import '@earshot/contract'"],
    [sdk('core/a.ts'), "export * from './step.ts'"],
    [sdk('ports/a.ts'), "import type { State } from '../core/step.ts'"],
    [sdk('ports/a.ts'), "export type { State } from '../core/step.ts'"],
    [sdk('ports/a.ts'), "export type * from '../core/step.ts'"],
    [sdk('ports/a.ts'), "import type { Clock } from './world.ts'"],
    [sdk('shell/a.ts'), "import { get } from 'idb-keyval'"],
    [sdk('shell/a.ts'), "import type { Card } from '../ui/card.ts'"],
    [sdk('shell/view.ts'), "export const load = () => import('../ui/card.ts')"],
    [sdk('shell/importRules.ts'), "export const load = () => import('./rulesChunk.ts')"],
    [sdk('shell/importKinds.ts'), "export const load = () => import('../ui/kinds/main.tsx')"],
    [sdk('shell/rulesChunk.ts'), "import '../core/rules/rules.ts'\nimport './sensors.ts'"],
    [sdk('core/rules/a.ts'), "import '../step.ts'"],
    [sdk('ui/kinds/a.ts'), "import type { Card } from '../card.ts'\nimport '../../core/step.ts'"],
    [sdk('ui/a.ts'), "import { h } from 'preact'\nimport { useState } from 'preact/hooks'"],
    [sdk('loader/a.ts'), "import '../shell/runtime.ts'"],
    [sdk('react.ts'), "import 'react'\nimport './index.ts'\nimport './wrapper/holder.ts'"],
    [sdk('wrapper/a.ts'), "import '../index.ts'"],
    [
      sdk('headless.ts'),
      "import './shell/runtime.ts'\nexport const load = () => import('./headless/mount.ts')",
    ],
    [sdk('headless/a.ts'), "import '../core/step.ts'\nimport '../ui/visible.ts'"],
    [sdk('ui/a.ts'), "import './visible.ts'"],
    [sdk('core/a.test.ts'), "import 'vitest'\nimport 'fast-check'\nimport '../shell/runtime.ts'"],
    [sdk('core/a.test.ts'), "import { surveySchema } from '@earshot/contract/schema'\nimport 'node:fs'"],
    [collector('core/a.ts'), "import '@earshot/metrics'\nimport '@earshot/contract/schema'"],
    [collector('ports/a.ts'), "import '../core/ingest.ts'\nimport './world.ts'"],
    [collector('stores/a.ts'), "import 'node:sqlite'\nimport 'pg'\nimport '../core/ingest.ts'"],
    [collector('cli.ts'), "import './http/server.ts'\nimport './stores/sqlite.ts'"],
    [collector('fixtures.ts'), "import './core/ingest.ts'"],
    [collector('http/a.test.ts'), "import '../stores/sqlite.ts'\nimport 'msw'"],
    ['packages/contract/src/schema.ts', "import { z } from 'zod'"],
    ['apps/demo/src/a.ts', "import '@earshot/sdk'\nimport '@earshot/collector'\nimport 'vite'"],
  ])('lets %s %s', (path, code) => {
    expect(told(...targets.filter((target) => target.path !== path), file(path, code))).toStrictEqual([])
  })

  it.each([
    ['packages/metrics/src/a.ts', "import 'zod'", 'metrics imports zod'],
    ['packages/metrics/src/a.ts', "import 'node:fs'", 'metrics imports node:fs'],
    ['packages/metrics/src/a.ts', "import '@earshot/contract'", 'metrics imports @earshot/contract'],
    ['packages/contract/src/a.ts', "import type { z } from 'zod'", 'contract imports zod (a type)'],
    [sdk('core/a.ts'), "import '../shell/runtime.ts'", 'sdk/core imports packages/sdk/src/shell/runtime.ts'],
    [sdk('core/a.ts'), "import type { Clock } from '../ports/world.ts'", '(a type)'],
    [sdk('core/a.ts'), "type A = import('preact').VNode", 'sdk/core imports preact (a type)'],
    [sdk('core/a.ts'), "import '@earshot/contract/schema'", 'sdk/core imports @earshot/contract/schema'],
    [sdk('core/a.ts'), "export { get } from 'idb-keyval'", 'sdk/core imports idb-keyval'],
    [
      sdk('ports/a.ts'),
      "import { step } from '../core/step.ts'",
      'sdk/ports imports packages/sdk/src/core/step.ts',
    ],
    [sdk('shell/a.ts'), "import 'preact'", 'sdk/shell imports preact'],
    [
      sdk('shell/a.ts'),
      "import { Card } from '../ui/card.ts'",
      'sdk/shell imports packages/sdk/src/ui/card.ts',
    ],
    [sdk('shell/a.ts'), "void import('../ui/card.ts')", 'ui/card.ts (dynamically)'],
    [sdk('shell/view.ts'), "import '../ui/card.ts'", 'sdk/lazy imports packages/sdk/src/ui/card.ts'],
    [sdk('shell/a.ts'), "import './sensors.ts'", 'sdk/shell imports packages/sdk/src/shell/sensors.ts'],
    [sdk('shell/a.ts'), "import '../core/rules/rules.ts'", 'sdk/shell imports'],
    [sdk('shell/importRules.ts'), "import './rulesChunk.ts'", 'sdk/lazy imports'],
    [sdk('core/a.ts'), "import './rules/rules.ts'", 'sdk/core imports packages/sdk/src/core/rules/rules.ts'],
    [sdk('index.ts'), "import './shell/rulesChunk.ts'", 'sdk/index imports'],
    [sdk('loader/a.ts'), "import '../shell/rulesChunk.ts'", 'sdk/loader imports'],
    [sdk('shell/sensorA.ts'), "import './runtime.ts'", 'sdk/chunk imports'],
    [sdk('ui/a.ts'), "import './kinds/main.tsx'", 'sdk/ui imports packages/sdk/src/ui/kinds/main.tsx'],
    [sdk('headless.ts'), "import './ui/card.ts'", 'sdk/headless imports packages/sdk/src/ui/card.ts'],
    [sdk('headless/a.ts'), "import 'preact'", 'sdk/headless imports preact'],
    [sdk('vue.ts'), "import './shell/runtime.ts'", 'sdk/wrapper imports packages/sdk/src/shell/runtime.ts'],
    [sdk('index.ts'), "import './wrapper/holder.ts'", 'sdk/index imports'],
    [sdk('ui/kinds/a.ts'), "import '../card.ts'", 'sdk/kinds imports packages/sdk/src/ui/card.ts'],
    [sdk('ui/a.ts'), "import '../shell/runtime.ts'", 'sdk/ui imports'],
    [sdk('ui/a.ts'), "import 'idb-keyval'", 'sdk/ui imports idb-keyval'],
    [sdk('shell/a.tsx'), '', 'sdk/shell imports preact/jsx-runtime'],
    [sdk('index.ts'), "import './loader/main.ts'", 'sdk/index imports packages/sdk/src/loader/main.ts'],
    [sdk('shell/a.ts'), "import '@earshot/metrics'", 'sdk/shell imports @earshot/metrics'],
    [sdk('shell/a.ts'), "import '@earshot/collector'", 'sdk/shell imports @earshot/collector'],
    [sdk('shell/a.test.ts'), "import '@earshot/collector'", 'sdk/shell imports @earshot/collector'],
    [sdk('a.test.ts'), "import '@earshot/collector'", 'sdk imports @earshot/collector'],
    [sdk('shell/a.test.ts'), "import 'lodash'", 'sdk/shell imports lodash'],
    [collector('core/a.ts'), "import 'zod'", 'collector/core imports zod'],
    [collector('core/a.ts'), "import 'node:crypto'", 'collector/core imports node:crypto'],
    [
      collector('core/a.ts'),
      "import '../ports/world.ts'",
      'collector/core imports packages/collector/src/ports/world.ts',
    ],
    [collector('ports/a.ts'), "import '../stores/sqlite.ts'", 'collector/ports imports'],
    [collector('stores/a.ts'), "import '../http/server.ts'", 'collector/stores imports'],
    [collector('http/a.ts'), "import '../outbound/smtp.ts'", 'collector/http imports'],
    [collector('outbound/a.ts'), "import '../stores/sqlite.ts'", 'collector/outbound imports'],
    [collector('http/a.ts'), "import '../index.ts'", 'collector/http imports'],
    [collector('index.ts'), "import '@earshot/sdk'", 'collector/index imports @earshot/sdk'],
    ['apps/dashboard/src/a.ts', "import '@earshot/sdk'", 'apps/dashboard imports @earshot/sdk'],
    [sdk('core/a.ts'), "import './gone.ts'", 'imports ./gone.ts, which is not there'],
    [sdk('core/a.ts'), "import './step'", 'imports ./step, which is not there'],
    [sdk('core/a.ts'), "import '../../../contract/src/rules.ts'", 'reaches out of its package'],
  ])('does not let %s %s', (path, code, problem) => {
    const violations = told(...targets.filter((target) => target.path !== path), file(path, code))
    expect(violations).toHaveLength(1)
    expect(violations[0]).toContain(problem)
    expect(violations[0]).toContain(code === '' ? `${path}:1 ` : `${path}:2 `)
  })

  it('keeps tests out of what is built', () => {
    const suite = file(collector('stores/storeSuite.ts'), "import 'vitest'")
    expect(told(suite, file(collector('stores/a.test.ts'), "import './storeSuite.ts'"))).toStrictEqual([])
    expect(told(suite, file(collector('stores/a.ts'), "import './storeSuite.ts'"))).toHaveLength(1)
  })
})

describe('each file', () => {
  const path = sdk('core/a.ts')
  const code = (lines: number): string => 'const a = 1 // why\n\n/* c\n d */\n'.repeat(lines)
  it.each([
    ['a default export', path, 'export default 1', 'has a default export'],
    ['a renamed default export', path, 'const a = 1\nexport { a as default }', 'has a default export'],
    ['301 lines of code', path, code(301), 'has 301 lines of code'],
    ['a syntax error', path, 'const = 1', 'cannot be parsed'],
    ['a vague name', sdk('core/utils.ts'), '', 'is named "utils.ts"'],
    ['a vague folder', sdk('core/helpers/a.ts'), '', 'is named "helpers"'],
    ['no layer', sdk('misc/a.ts'), '', 'belongs to no layer'],
  ])('may not have %s', (_what, at, text, problem) => {
    expect(told(file(at, text)).join()).toContain(problem)
  })
  it('begins with a doc comment, also after a shebang, unless it is a test', () => {
    expect(told({ path, text: 'export {}\n' })).toStrictEqual([`${path} does not begin with a doc comment`])
    expect(told({ path, text: '// no\n' })).toHaveLength(1)
    expect(told({ path, text: `#!/usr/bin/env node\n${doc}` })).toStrictEqual([])
    expect(told({ path: sdk('core/a.test.ts'), text: '' })).toStrictEqual([])
  })
  it('may have 300 lines of code, and any number of comments', () => {
    expect(told(file(path, code(300)))).toStrictEqual([])
  })
})

describe('dependencies', () => {
  const manifest = (dependencies: object, peerDependencies?: object): { path: string; text: string } => ({
    path: 'packages/sdk/package.json',
    text: JSON.stringify({ dependencies, peerDependencies }),
  })
  it('declare what is used, and use what is declared', () => {
    const use = file(sdk('shell/a.ts'), "import 'idb-keyval'")
    expect(told(use, manifest({ 'idb-keyval': '1' }))).toStrictEqual([])
    expect(told(use, manifest({}, { 'idb-keyval': '1' }))).toStrictEqual([])
    expect(told(use, manifest({}))[0]).toContain(`does not declare idb-keyval, which ${sdk('shell/a.ts')}`)
    expect(told(use, manifest({ 'idb-keyval': '1', zod: '1' }))[0]).toContain('declares zod, which no source')
  })
  it('of tests do not count as used', () => {
    const test = file(sdk('shell/a.test.ts'), "import 'idb-keyval'")
    expect(told(test, manifest({}))).toStrictEqual([])
    expect(told(test, manifest({ 'idb-keyval': '1' }))).toHaveLength(1)
  })
})

describe('cycles', () => {
  const ring = (how: string): string[] =>
    told(
      file(sdk('core/a.ts'), "import './b.ts'"),
      file(sdk('core/b.ts'), "import './c.ts'"),
      file(sdk('core/c.ts'), how),
    )
  it('are found once', () => {
    expect(ring("export * from './a.ts'")).toStrictEqual([
      `${sdk('core/a.ts')} is in an import cycle: a.ts → b.ts → c.ts → a.ts`,
    ])
  })
  it('of types are none', () => {
    expect(ring("import type { A } from './a.ts'")).toStrictEqual([])
  })
  it('count inline types, because the import itself stays when compiled', () => {
    expect(ring("import { type A } from './a.ts'")).toHaveLength(1)
  })
})
