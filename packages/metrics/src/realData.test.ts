import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compareNps, compareShares, compareValues } from './compare.ts'
import { csat, csatScale } from './csat.ts'
import { drivers } from './drivers.ts'
import { nps, type NpsCounts } from './nps.ts'
import { trend } from './trend.ts'

/** Interviews of a garden-centre chain, CC0; see apps/demo/data/README.md. Figures below: the README, or NumPy and SciPy. */
const csv = readFileSync(new URL('../../../apps/demo/data/nps_botanic.csv', import.meta.url), 'utf8')
const [header = '', ...lines] = csv.trim().split(/\r?\n/)
const names = header.split(',')
const rows = lines.map((line) => {
  const cells = line.split(',')
  const cell = (name: string): number | null => {
    const text = cells[names.indexOf(name)] ?? ''
    return text === '' ? null : Number(text)
  }
  return {
    nps: cell('nps'),
    satisfaction: cell('satisfaction'),
    intention: cell('intention'),
    period: cell('period'),
    wrote: (cell('comment_chars') ?? 0) > 0,
  }
})
const countsOf = (some: readonly (typeof rows)[number][]): NpsCounts => {
  const scores = some.map((row) => row.nps).filter((score) => score !== null)
  const promoters = scores.filter((score) => score >= 9).length
  const detractors = scores.filter((score) => score <= 6).length
  return { detractors, passives: scores.length - promoters - detractors, promoters }
}
const wrote = rows.filter((row) => row.wrote)
const silent = rows.filter((row) => !row.wrote)

describe('13,954 real interviews', () => {
  it('have the score of the README, which is the pooled one of those who wrote and those who did not', () => {
    const { nps: estimate, ...counts } = nps(countsOf(rows))
    expect(rows).toHaveLength(13_954)
    expect(counts).toMatchObject({ detractors: 1194, passives: 3953, promoters: 8465 })
    expect(estimate.value).toBeCloseTo(53.4161034381, 9)
    expect(estimate.interval![0]).toBeCloseTo(52.3101268577, 9)
    expect(estimate.interval![1]).toBeCloseTo(54.4985400538, 9)
    const [one, other] = [nps(countsOf(wrote)).nps, nps(countsOf(silent)).nps]
    expect(one.value!.toFixed(1)).toBe('39.2')
    expect(other.value!.toFixed(1)).toBe('58.9')
    expect((one.value! * one.n + other.value! * other.n) / (one.n + other.n)).toBeCloseTo(estimate.value!, 9)
  })
  it('score 19.7 less where a comment was written, 17.0 to 22.4', () => {
    const { difference, p } = compareNps(countsOf(silent), countsOf(wrote))
    expect(difference.value).toBeCloseTo(19.703267929696317, 9)
    expect(difference.interval![0]).toBeCloseTo(17.0487448261563, 9)
    expect(difference.interval![1]).toBeCloseTo(22.383604629023495, 9)
    expect(p).toBeLessThan(1e-40)
    const plain = compareNps(countsOf(silent), countsOf(wrote), { method: 'wald' }).difference.interval!
    expect(plain[0]).toBeCloseTo(17.035154122909532, 9)
    expect(plain[1]).toBeCloseTo(22.3713817364831, 9)
  })
  it('have 52.566 percent satisfied and a mean of 8.349', () => {
    const scores = rows.map((row) => row.satisfaction).filter((score) => score !== null)
    const bars = Array.from({ length: 10 }, (_, index) => ({
      score: index + 1,
      count: scores.filter((score) => score === index + 1).length,
    }))
    const got = csat(bars, csatScale(10))
    expect(got.positiveCount).toBe(7303)
    expect(got.percent.value).toBeCloseTo(52.5660404520262, 9)
    expect(got.percent.interval![0]).toBeCloseTo(51.73512197135726, 9)
    expect(got.percent.interval![1]).toBeCloseTo(53.39554028821281, 9)
    expect(got.mean.value).toBeCloseTo(8.34938458216368, 9)
    expect(got.mean.interval![0]).toBeCloseTo(8.320044667225956, 9)
    expect(got.mean.interval![1]).toBeCloseTo(8.378724497101404, 9)
  })
  it('have a mean that differs by Welch as SciPy says', () => {
    const of = (some: typeof rows): number[] => some.flatMap((row) => (row.nps === null ? [] : [row.nps]))
    const { difference, p } = compareValues(of(wrote), of(silent))
    expect(difference.interval![0]).toBeCloseTo(-0.5866333903387926, 8)
    expect(difference.interval![1]).toBeCloseTo(-0.44746294074077814, 8)
    expect(p! / 3.6604146254077535e-47).toBeCloseTo(1, 6)
  })
  it('have detractors who write twice as often as promoters', () => {
    const { ratio, p } = compareShares({ count: 622, n: 1194 }, { count: 2113, n: 8465 })
    expect(ratio.value).toBeCloseTo(2.0869571076711844, 9)
    expect(ratio.interval![0]).toBeCloseTo(1.9541560994447351, 9)
    expect(ratio.interval![1]).toBeCloseTo(2.2287830386205276, 9)
    expect(p! / 1.5938798961393294e-84).toBeCloseTo(1, 6)
  })
  it('are driven by intention and satisfaction, in the shares of R² over all orders', () => {
    const found = drivers(
      ['satisfaction', 'intention', 'wrote'],
      rows.flatMap(({ nps: outcome, satisfaction, intention, wrote: has }) =>
        outcome === null ? [] : [{ outcome, ratings: [satisfaction, intention, Number(has)] }],
      ),
    )
    expect(found.complete).toBe(13_521)
    expect(found.explained).toBeCloseTo(0.7048049926495933, 9)
    expect(found.drivers.map(({ name }) => name)).toStrictEqual(['intention', 'satisfaction', 'wrote'])
    for (const [index, wanted] of [62.36491308, 36.54086976, 1.09421717].entries())
      expect(found.drivers[index]!.importance).toBeCloseTo(wanted, 7)
  })
  it('have a trend of 18 waves, and only two waves of a handful with intervals past 50 points', () => {
    const waves = Array.from({ length: 18 }, (_, period) => ({
      period: String(period),
      counts: countsOf(rows.filter((row) => row.period === period)),
    }))
    const points = trend(waves, { estimate: (counts) => nps(counts).nps, compare: compareNps })
    expect(points[0]).toMatchObject({ estimate: { n: 2976 }, change: null, since: null })
    expect(points[0]!.estimate.value).toBeCloseTo((100 * (1831 - 251)) / 2976, 9)
    expect(points[1]!.change!.difference.value).toBeCloseTo(
      (100 * (1431 - 234)) / 2361 - (100 * (1831 - 251)) / 2976,
      9,
    )
    const wide = points.filter(({ estimate }) => estimate.interval![1] - estimate.interval![0] > 50)
    expect(wide.map(({ period }) => period)).toStrictEqual(['15', '16', '17'])
  })
})
