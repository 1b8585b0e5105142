import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { judgeRule, type Fact, type Facts, type Operator, type Rule, type TestResult } from './rule.ts'
import type { Scalar } from './event.ts'

const numRuns = Number(process.env['EARSHOT_RUNS'] ?? 500)
vi.setConfig({ testTimeout: 60_000 + 100 * numRuns })

/** Facts `yes`, `no` and `dunno`, to build tables of. */
const logic: Facts = (fact) => (fact === 'trait.yes' ? 1 : fact === 'trait.no' ? 0 : undefined)
const is = (value: boolean | null): Rule => ({
  fact: value === null ? 'trait.dunno' : value ? 'trait.yes' : 'trait.no',
  op: 'equals',
  value: 1,
})
const three = [true, false, null] as const

describe('the logic of rules', () => {
  const table = three.flatMap((a) => three.map((b) => [a, b] as const))
  it.each(table)('all of %s and %s', (a, b) => {
    const wanted = a === false || b === false ? false : a === null || b === null ? null : true
    expect(judgeRule({ all: [is(a), is(b)] }, logic)).toBe(wanted)
  })
  it.each(table)('any of %s and %s', (a, b) => {
    const wanted = a === true || b === true ? true : a === null || b === null ? null : false
    expect(judgeRule({ any: [is(a), is(b)] }, logic)).toBe(wanted)
  })
  it.each([
    [true, false],
    [false, true],
    [null, null],
  ])('not %s is %s', (a, wanted) => {
    expect(judgeRule({ not: is(a) }, logic)).toBe(wanted)
  })
  it('holds for all of nothing, and fails for any of nothing', () => {
    expect(judgeRule({ all: [] }, logic)).toBe(true)
    expect(judgeRule({ any: [] }, logic)).toBe(false)
  })

  const rule = fc.letrec<{ rule: Rule }>((tie) => ({
    rule: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...three).map(is),
      fc.array(tie('rule'), { maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie('rule'), { maxLength: 3 }).map((any) => ({ any })),
      tie('rule').map((not) => ({ not })),
    ),
  })).rule
  it('keeps De Morgan, with what is unknown too', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 4 }), (rules) => {
        const inverse = rules.map((not): Rule => ({ not }))
        expect(judgeRule({ not: { all: rules } }, logic)).toBe(judgeRule({ any: inverse }, logic))
        expect(judgeRule({ not: { any: rules } }, logic)).toBe(judgeRule({ all: inverse }, logic))
      }),
      { numRuns },
    )
  })
  it('never changes its mind when more becomes known', () => {
    fc.assert(
      fc.property(rule, fc.boolean(), (each, later) => {
        const before = judgeRule(each, logic)
        const after = judgeRule(each, (fact) => logic(fact) ?? (later ? 1 : 0))
        expect(after).not.toBeNull()
        if (before !== null) expect(after).toBe(before)
      }),
      { numRuns },
    )
  })
})

describe('a test', () => {
  const judge = (op: Operator, seen: Fact, value?: Scalar | Scalar[]): boolean | null =>
    judgeRule({ fact: 'trait.x', op, value }, () => seen)
  it.each<[Operator, Fact, Scalar | Scalar[] | undefined, boolean | null]>([
    ['equals', 'pro', 'pro', true],
    ['equals', 'Pro', 'pro', false],
    ['equals', 1, '1', false],
    ['equals', null, null, true],
    ['equals', undefined, null, null],
    ['equals', false, false, true],
    ['in', 'b', ['a', 'b'], true],
    ['in', 'c', ['a', 'b'], false],
    ['in', undefined, ['a'], null],
    ['contains', 'a Blue car', 'bLUE', true],
    ['contains', ['price', 'speed'], 'speed', true],
    ['contains', ['price', 'speed'], 'spee', false],
    ['contains', null, 'x', false],
    ['starts', 'de-AT', 'DE', true],
    ['starts', 'nde', 'de', false],
    ['ends', 'a.PDF', '.pdf', true],
    ['ends', 'a.pdf?', '.pdf', false],
    ['glob', '/Shop/1', '/shop/*', true],
    ['glob', '/shop/1/2', '/shop/*', false],
    ['pattern', 'order 77', '\\d\\d', true],
    ['pattern', 'order 7', '\\d\\d', false],
    ['pattern', 'x', '[', false],
    ['above', 3, 3, false],
    ['above', 4, 3, true],
    ['atLeast', 3, 3, true],
    ['below', 3, 3, false],
    ['below', 2, 3, true],
    ['atMost', 3, 3, true],
    ['above', '2026-11-21', '2026-11-20', true],
    ['above', 10, '3', false],
    ['above', '10', 3, false],
    ['above', null, 3, false],
    ['above', undefined, 3, null],
    ['known', 0, undefined, true],
    ['known', false, undefined, true],
    ['known', '', undefined, false],
    ['known', null, undefined, false],
    ['known', undefined, undefined, false],
    ['known', undefined, false, true],
    ['known', 'x', false, false],
    ['known', 'x', true, true],
  ])('%s of %j and %j is %s', (op, seen, value, wanted) => {
    expect(judge(op, seen, value)).toBe(wanted)
  })
  it('reads a condition as a test of the band', () => {
    const rule: Rule = { question: 'score', bands: ['detractor', 'passive'] }
    expect(judgeRule(rule, (fact) => (fact === 'band.score' ? 'passive' : undefined))).toBe(true)
    expect(judgeRule(rule, () => 'promoter')).toBe(false)
    expect(judgeRule(rule, () => undefined)).toBeNull()
  })
  it('asks for the fact in its zone', () => {
    const asked: unknown[] = []
    judgeRule({ fact: 'time.hour', op: 'below', value: 9, zone: 'Europe/Berlin' }, (...args) => {
      asked.push(args)
      return 8
    })
    expect(asked).toEqual([['time.hour', 'Europe/Berlin']])
  })
  it('tells every test, also after the whole is decided', () => {
    const told: TestResult[] = []
    judgeRule({ all: [is(false), { any: [is(true), is(null)] }] }, logic, (result) => told.push(result))
    expect(told.map(({ fact, pass }) => [fact, pass])).toEqual([
      ['trait.no', false],
      ['trait.yes', true],
      ['trait.dunno', null],
    ])
  })
})
