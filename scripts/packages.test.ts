import { describe, expect, it } from 'vitest'
import { type Manifest, packageViolations } from './packages.ts'

const manifest: Manifest = {
  name: '@earshot/metrics',
  version: '1.2.3',
  license: 'MIT',
  engines: { node: '>=22.13' },
  publishConfig: { access: 'public', provenance: true },
}
const files = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']
const problems = (change: Partial<Manifest>, paths = files): string[] =>
  packageViolations([{ manifest: { ...manifest, ...change }, files: paths }]).map(({ problem }) => problem)

describe('a package', () => {
  it('that has all that it needs is fine', () => {
    expect(problems({})).toEqual([])
  })
  it('needs its documents, its licence and its code', () => {
    expect(problems({}, [])).toEqual(files.map((path) => `has no ${path}`))
  })
  it('of the collector needs what is served: the SDK, the dashboard and the documentation', () => {
    expect(problems({ name: '@earshot/collector', engines: { node: '>=22.16' } })).toEqual([
      'has no dist/bin.js',
      'has no dist/browser/earshot.js',
      'has no dist/browser/integrity.json',
      'has no dist/dashboard/index.html',
      'has no dist/docs/index.html',
    ])
  })
  it('runs nothing where it is installed, and brings no tests', () => {
    expect(problems({ scripts: { postinstall: 'node x.js' } })).toEqual(['runs a script on postinstall'])
    expect(problems({}, [...files, 'src/nps.test.ts'])).toEqual([
      'brings src/nps.test.ts, which nobody needs',
    ])
  })
  it('names versions that a registry knows', () => {
    expect(problems({ dependencies: { zod: 'catalog:' } })).toEqual(['needs zod catalog:'])
  })
  it('is published openly, with its provenance, and says which Node it needs', () => {
    expect(problems({ publishConfig: {}, engines: {} })).toEqual([
      'does not say which Node it needs',
      'would not be published openly, and with its provenance',
    ])
  })
  it('has the version of all others', () => {
    const other = { manifest: { ...manifest, name: '@earshot/contract', version: '1.2.4' }, files }
    expect(packageViolations([{ manifest, files }, other])).toHaveLength(2)
  })
})
