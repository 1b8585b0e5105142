import { globSync, readFileSync } from 'node:fs'
import { parseSync } from 'vite'
import { describe, expect, it } from 'vitest'
import { createNameCache, innerName, innerNames, shortName } from './innerNames.ts'

const inner = new Set(innerNames)
const read = (path: string): string => readFileSync(path, 'utf8')

/** Terser's own list of what browsers call so, which it exports to nobody. */
const domprops = read('node_modules/terser/tools/domprops.js').match(/(?<=")\w+(?=")/g)!

/** All that is a name of a field in a file. */
function fieldsOf(path: string): Set<string> {
  const found = new Set<string>()
  const nameOf = (node: unknown): void => {
    const { type, name, value } = node as { type?: string; name?: string; value?: unknown }
    if (type === 'Identifier' && name !== undefined) found.add(name)
    if (type === 'Literal' && typeof value === 'string') found.add(value)
  }
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { type, computed, property, key } = node as Record<string, unknown>
    if (type === 'MemberExpression' && computed !== true) nameOf(property)
    if ((type === 'Property' || type === 'TSPropertySignature') && computed !== true) nameOf(key)
    for (const child of Object.values(node).flat()) visit(child)
  }
  visit(parseSync(path, read(path)).program)
  return found
}
const among = (names: Iterable<string>): string[] => [...names].filter((name) => inner.has(name))

/** Interfaces and types that say what is in the database. */
const stored = ['Progress', 'SurveyMemory', 'Ask', 'Plan', 'Trace', 'Memory', 'MemoryChange']

describe('no inner name', () => {
  it('is on the wire', () => {
    const names: string[] = []
    const schema = JSON.parse(read('packages/contract/feedback.schema.json'), (_key, value: unknown) => {
      const { properties } = Object(value) as { properties?: object }
      names.push(...Object.keys(properties ?? {}))
      return value
    })
    expect(schema).toBeTruthy()
    expect(names.length).toBeGreaterThan(100)
    expect(among(names)).toEqual([])
  })
  it('is in a database, of any version', () => {
    expect(among(fieldsOf('packages/sdk/src/shell/formats.fixtures.ts'))).toEqual([])
    expect(among(fieldsOf('packages/sdk/src/core/queueRow.ts'))).toEqual([])
  })
  it.each(stored)('is in what is remembered: %s', (type) => {
    const remembered = read('packages/sdk/src/core/remembered.ts')
    const text = new RegExp(`export (?:interface|type) ${type} [\\s\\S]*?\\n(?=\\n|export |$)`).exec(
      remembered,
    )?.[0]
    expect(text).toContain(':')
    expect(among(text!.replaceAll(/\/\*\*[\s\S]*?\*\//g, '').match(/\w+(?=\??:)/g)!)).toEqual([])
  })
  it('is what a site writes or hears', () => {
    const members = read('packages/sdk/etc/sdk.api.md').match(/^ {4}\w+(?=[?:(])/gm)!
    expect(members.length).toBeGreaterThan(80)
    expect(among(members.map((each) => each.trim()))).toEqual([])
  })
  it('is one of the platform, but where nothing of the platform is meant', () => {
    expect(among(new Set(domprops)).toSorted()).toEqual(['effects', 'isOpen', 'memory'])
  })
  it('is exported: such a name stays as it is', () => {
    const files = globSync('packages/sdk/dist/browser/*.js')
    const exported = files.flatMap((path) =>
      [...read(path).matchAll(/export ?{([^}]*)}/g)].flatMap(([, names = '']) =>
        names.split(',').map((each) => each.split(' as ').at(-1)!.trim()),
      ),
    )
    expect(exported).toContain('mountCard')
    expect(among(exported)).toEqual([])
  })
  it('is a text as well: what is found by its text keeps its name', () => {
    const files = globSync('packages/sdk/dist/browser/*.js').filter((path) => !path.endsWith('simulate.js'))
    const texts = files.flatMap((path) => read(path).match(/(?<=(["'`]))\w+(?=\1)/g) ?? [])
    expect(texts).toContain('answered')
    expect(among(texts)).toEqual([])
  })
  it.each(globSync('packages/sdk/dist/browser/*.js').filter((path) => !path.endsWith('simulate.js')))(
    'is left in %s',
    (path) => {
      expect(among(fieldsOf(path))).toEqual([])
    },
  )
})

describe('a short name', () => {
  it('is of its own, and no field of anything else', () => {
    const shorts = innerNames.map((_name, index) => shortName(index))
    expect(new Set(shorts).size).toBe(shorts.length)
    expect(shorts.filter((short) => domprops.includes(short))).toEqual([])
    const sources = globSync('packages/sdk/src/**/*.{ts,tsx}').filter((path) => !/test|fixtures/.test(path))
    for (const path of sources)
      expect([path, [...fieldsOf(path)].filter((each) => shorts.includes(each))]).toEqual([path, []])
  })
  it('is what Terser is told', () => {
    expect(createNameCache().props.props).toMatchObject({ $memory: 'A', $flow: 'B' })
    expect(innerNames.filter((name) => !innerName.test(name))).toEqual([])
    expect(innerName.test('memoryOf')).toBe(false)
  })
})
