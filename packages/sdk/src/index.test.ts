import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sdkVersion } from './shell/version.ts'

describe('an import in Node', () => {
  it('changes nothing and throws nothing, so that a server can render', async () => {
    const globals = Object.getOwnPropertyNames(globalThis).toSorted()
    const active = process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length
    const { createEarshot } = await import('./index.ts')
    expect(typeof createEarshot).toBe('function')
    expect(Object.getOwnPropertyNames(globalThis).toSorted()).toEqual(globals)
    expect(process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length).toBeLessThanOrEqual(
      active,
    )
  })
})

describe('the version', () => {
  it('is the one of the package', () => {
    const read = (path: string) =>
      JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string }
    expect(sdkVersion).toBe(read('../package.json').version)
  })
})
