import { describe, expect, it } from 'vitest'
import { normalQuantile, tQuantile } from './quantile.ts'

/** Relative difference. */
const off = (got: number, wanted: number): number => Math.abs(got / wanted - 1)

describe('normalQuantile', () => {
  // mpmath 40 digits; the first six also stand in every printed table (1.9600, 2.5758, …).
  it.each([
    [0.01, 0.0125334695080692632],
    [0.5, 0.674489750196081743],
    [0.8, 1.28155156554460047],
    [0.9, 1.64485362695147271],
    [0.95, 1.95996398454005424],
    [0.99, 2.57582930354890076],
    [0.999, 3.29052673149189479],
    [0.999999, 4.89163847569859039],
    [1 - 2 ** -30, 6.1207562859719408104],
    [1 - 2 ** -40, 7.1435520343521893331],
    [1 - 2 ** -50, 8.0413999590965423438],
  ])('for level %f is %f', (level, wanted) => {
    expect(off(normalQuantile(level), wanted)).toBeLessThan(1e-11)
  })
  it('is continuous where one region of the algorithm ends and the next begins', () => {
    for (const seam of [0.85, 1 - 2 * Math.exp(-25)])
      expect(off(normalQuantile(seam * (1 - 1e-15)), normalQuantile(seam * (1 + 1e-15)))).toBeLessThan(1e-5)
  })
})

describe('tQuantile', () => {
  // mpmath 40 digits; rows 1, 2, 5, 9, 30 agree with Abramowitz & Stegun 1964, table 26.10, to all its printed digits.
  it.each([
    [0.5, 1, 1.0],
    [0.9, 1, 6.3137515146750431],
    [0.95, 1, 12.7062047361747046],
    [0.999, 1, 636.619248768719616],
    [0.5, 2, 0.816496580927726033],
    [0.95, 2, 4.30265272974946385],
    [0.999, 2, 31.5990545764436207],
    [0.5, 3, 0.764892328404345281],
    [0.95, 3, 3.18244630528370959],
    [0.999, 3, 12.9239786366874831],
    [0.95, 4, 2.77644510519779436],
    [0.99, 4, 4.60409487134999323],
    [0.95, 5, 2.57058183563631551],
    [0.95, 9, 2.26215716279820554],
    [0.95, 10, 2.22813885198627475],
    [0.99, 29, 2.75638590367060549],
    [0.95, 30, 2.04227245630123831],
    [0.999, 30, 3.64595863504202182],
    [0.95, 100, 1.98397151852355229],
    [0.95, 399, 1.96592729592088206],
    [0.999, 399, 3.31507701264512554],
    [0.95, 400, 1.96591234322946316],
    [0.95, 401, 1.9658974653365165],
    [0.999, 401, 3.31495374439361553],
    [0.95, 1000, 1.96233908082640848],
    [0.95, 13_611, 1.96013829051412178],
    [0.99, 1_000_000, 2.57583422010533415],
  ])('for level %f and %i degrees is %f', (level, degrees, wanted) => {
    expect(off(tQuantile(level, degrees), wanted)).toBeLessThan(1e-11)
  })
  it('falls towards the normal quantile as degrees grow', () => {
    let before = Infinity
    for (let degrees = 1; degrees < 900; degrees += 1) {
      const t = tQuantile(0.95, degrees)
      expect(t).toBeLessThan(before)
      expect(t).toBeGreaterThan(normalQuantile(0.95))
      before = t
    }
  })
})
