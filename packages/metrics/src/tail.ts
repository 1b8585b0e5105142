/** How surprising a difference is: two-sided tail probabilities of the normal and of Student's t distribution. */
import { normalQuantile } from './quantile.ts'

/**
 * Probability that a standard normal variable lies at least `z` away from 0; 0.05 for 1.959963984540054.
 *
 * Abramowitz & Stegun 1964, 7.1.6 (a series without a change of sign) up to √8, above it the continued fraction 7.1.14.
 *
 * @param z - Any number; its sign does not matter.
 * @example
 * normalTail(1.959963984540054) // 0.05
 */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const scale = Math.exp(-x * x) / Math.sqrt(Math.PI)
  if (x < 2) {
    let term = 2 * x
    let sum = term
    for (let odd = 3; term > 1e-17 * sum; odd += 2) {
      term *= (2 * x * x) / odd
      sum += term
    }
    return 1 - scale * sum
  }
  let fraction = x
  for (let step = 100; step > 0; step -= 1) fraction = x + step / 2 / fraction
  return scale / fraction
}

/**
 * Probability that Student's t variable lies at least `t` away from 0.
 *
 * It is the incomplete beta function I(ν / 2, 1/2) at ν / (ν + t²): Abramowitz & Stegun 1964, 26.7.1 and 26.5.27.
 *
 * @param t - Any number; its sign does not matter.
 * @param degrees - Degrees of freedom, at least 1, need not be whole.
 * @example
 * studentTail(2.2621571628, 9) // 0.05
 */
export function studentTail(t: number, degrees: number): number {
  const square = t * t
  return incompleteBeta(
    degrees / 2,
    0.5,
    Math.min(1, degrees / (degrees + square)),
    square / (degrees + square),
  )
}

/**
 * The t for which Student's t variable lies within ±t with probability `level`, also for degrees of freedom that are not
 * whole; by bisection of `studentTail`.
 *
 * @example
 * studentQuantile(0.95, 9) // 2.2621571628
 */
export function studentQuantile(level: number, degrees: number): number {
  let low = normalQuantile(level)
  let high = 2 * low
  while (studentTail(high, degrees) > 1 - level) high *= 2
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return low
    if (studentTail(middle, degrees) > 1 - level) low = middle
    else high = middle
  }
}

/** The regularized incomplete beta function at x, where y is 1 - x, passed in so that no digit is lost. */
function incompleteBeta(a: number, b: number, x: number, y: number): number {
  if (x === 0 || y === 0) return x === 0 ? 0 : 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(y))
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(a, b, x)) / a
  return 1 - (front * betaFraction(b, a, y)) / b
}

/** The continued fraction of the incomplete beta function, DLMF 8.17.22, by the method of Lentz (1976). */
function betaFraction(a: number, b: number, x: number): number {
  let upper = 1
  let lower = 1 / (1 - ((a + b) * x) / (a + 1))
  let value = lower
  for (let m = 1; m < 100_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    lower = 1 / (1 + even * lower)
    upper = 1 + even / upper
    value *= lower * upper
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    lower = 1 / (1 + odd * lower)
    upper = 1 + odd / upper
    const factor = lower * upper
    value *= factor
    if (Math.abs(factor - 1) < 1e-15) break
  }
  return value
}

/** Coefficients of 1/z, 1/z³, … in Stirling's series. */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156] as const

/** Logarithm of Γ for a positive number: Stirling's series, Abramowitz & Stegun 6.1.41, after a shift above 10. */
function logGamma(x: number): number {
  let z = x
  let product = 1
  for (; z < 10; z += 1) product *= z
  const series = stirling.reduceRight((sum, coefficient) => sum / (z * z) + coefficient, 0) / z
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - Math.log(product)
}
