import { build, type Rolldown } from 'vite'
import { describe, expect, it } from 'vitest'

const entry = '\0entry'

/** A bundle of a module that is written here; the packages that a site brings along stay outside. */
async function bundle(code: string): Promise<Rolldown.OutputChunk[]> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@earshot/source', 'module', 'browser', 'production'] },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? entry : null),
        load: (id) => (id === entry ? code : null),
      },
    ],
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      rolldownOptions: {
        input: entry,
        external: ['react', 'vue'],
        // What the package says of itself counts for nothing here: the code itself has to have no effect.
        treeshake: { moduleSideEffects: true },
        preserveEntrySignatures: 'strict',
      },
      modulePreload: false,
    },
  })
  const outputs = (Array.isArray(result) ? result : [result]) as Rolldown.RolldownOutput[]
  return outputs.flatMap(({ output }) => output.filter((each) => each.type === 'chunk'))
}

const source = (name: string): string => `${process.cwd()}/packages/sdk/src/${name}.ts`
const modulesOf = (chunks: readonly Rolldown.OutputChunk[]): string[] =>
  chunks
    .flatMap(({ moduleIds }) => moduleIds)
    .map((id) => id.replace(/^.*\/(packages|node_modules)\//, '$1/'))

describe.each(['react', 'vue', 'element', 'headless', 'index'])('the entry %s', (name) => {
  it('has no effect when it is imported', async () => {
    const [chunk, ...others] = await bundle(`import * as all from '${source(name)}'\nvoid all`)
    const left = chunk?.code.replaceAll(/^(import .*|\/\/.*)$/gm, '').trim()
    expect([left, others]).toEqual(['', []])
  })
})

describe('surveys without the card', () => {
  it('bring none of it along, nor what draws it', async () => {
    const modules = modulesOf(await bundle(`export * from '${source('headless')}'`))
    expect(modules).toContain('packages/sdk/src/headless/mount.ts')
    expect(modules).toContain('packages/sdk/src/headless/pagedWay.ts')
    expect(modules.filter((id) => id.includes('preact'))).toEqual([])
    expect(modules.filter((id) => id.includes('/ui/'))).toEqual(['packages/sdk/src/ui/visible.ts'])
  })
  it('fetch their course only when one is due', async () => {
    const [eager, ...lazy] = await bundle(`export * from '${source('headless')}'`)
    expect(eager?.moduleIds.filter((id) => /\/headless\/|\/core\/(flow|page)/.test(id))).toEqual([])
    expect(lazy.length).toBeGreaterThan(0)
  })
  it('is a test that sees a card', async () => {
    const modules = modulesOf(await bundle(`export { createEarshot } from '${source('index')}'`))
    expect(modules.some((id) => id.includes('preact'))).toBe(true)
  })
})
