import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as metrics from './index.ts'

const sources = globSync('*.ts', { cwd: import.meta.dirname }).filter((name) => !name.endsWith('.test.ts'))

interface Example {
  name: string
  file: string
  code: string
  /** The comment behind it. */
  told: string
}

const examples: Example[] = sources.toSorted().flatMap((file) => {
  const text = readFileSync(`${import.meta.dirname}/${file}`, 'utf8')
  return [...text.matchAll(/@example\n((?: \* .*\n)+) \*\/\nexport function (\w+)/g)].flatMap(
    ([, block = '', name = '']) => {
      const lines = block
        .replaceAll(/^ \* ?/gm, '')
        .trimEnd()
        .split('\n')
      // Several of one line each, or one of several lines.
      const parts = lines.every((line) => line.includes('// ')) ? lines : [lines.join('\n')]
      return parts.map((part) => {
        const [code = '', ...told] = part.split(/\s+\/\/ /)
        return { name, file, code, told: told.join(' ') }
      })
    },
  )
})

/** A number as it is written: to all its digits, or as many as stand before the dots. */
const near = (digits: string, isCut: boolean): { asymmetricMatch: (got: unknown) => boolean } => {
  const unit = 10 ** -(digits.split('.')[1]?.length ?? 0)
  return {
    asymmetricMatch: (got) =>
      typeof got === 'number' && Math.abs(got - Number(digits)) <= (isCut ? unit : Math.min(unit, 1e-9)),
  }
}

/** What a comment says, with `near` for each number outside of quotes; null where it says it in words. */
function valueOf(told: string): { value: unknown } | null {
  const text = told
    .replace(/ \(.*\)$/, '')
    .replaceAll(/'[^']*'|(-?\d+(?:\.\d+)?)(…?)/g, (all, digits?: string, cut?: string) =>
      digits === undefined ? all : `near('${digits}', ${cut === '…'})`,
    )
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- What the repository's own comments say.
    return { value: new Function('near', `return (${text})`)(near) as unknown }
  } catch {
    return null
  }
}

describe('examples in docstrings', () => {
  it('are there for every public function', () => {
    const named = new Set(examples.map(({ name }) => name))
    expect(Object.keys(metrics).filter((name) => !named.has(name))).toStrictEqual([])
  })
  it.each(examples)('$name says what it gives', async ({ file, code, told }) => {
    const scope = {
      ...metrics,
      ...((await import(/* @vite-ignore */ `./${file}`)) as Record<string, unknown>),
    }
    // oxlint-disable-next-line typescript/no-implied-eval -- The examples of the sources.
    const run = new Function(...Object.keys(scope), `return (${code})`) as (...all: unknown[]) => unknown
    if (code.startsWith('reject(')) {
      expect(() => run(...Object.values(scope))).toThrow(RangeError)
      return
    }
    const got = run(...Object.values(scope))
    const wanted = valueOf(told)
    if (wanted) expect(got).toEqual(wanted.value)
  })
  it('of public functions are all compared', () => {
    const inWords = examples.filter(({ name, told }) => name in metrics && valueOf(told) === null)
    expect(inWords.map(({ name }) => name)).toStrictEqual([])
  })
})
