/** Rounding for display: the one place where digits may be dropped. */
import { reject } from './input.ts'

/**
 * Rounds for display, ties away from zero: 12.5 → 13 and -12.5 → -13, where `Math.round` gives -12.
 *
 * It rounds the decimal number that JavaScript prints for `value` (the shortest one that stands for this double), with
 * exact integer arithmetic. So 1.005 to two digits is 1.01, as everybody reads it, although its double lies a little
 * below the tie. Noise from earlier arithmetic is not mended: 12.499999999999996 is another number than 12.5 and gives
 * 12; compute with one division instead, as all functions here do. Never calculate on with the result, and never
 * subtract two rounded shares.
 *
 * @param value - Any finite number. A RangeError otherwise.
 * @param digits - Digits after the decimal point, a whole number from 0 to 20. Default 0.
 * @returns The rounded number; 0, never -0.
 * @example
 * formatRounded(-12.5) // -13
 * formatRounded(53.4161034381, 1) // 53.4
 */
export function formatRounded(value: number, digits = 0): number {
  if (!Number.isFinite(value))
    reject('formatRounded()', `value is ${String(value)}`, 'Show the reason of the estimate instead of null.')
  if (!Number.isInteger(digits) || digits < 0 || digits > 20)
    reject('formatRounded()', `digits is ${String(digits)}`, 'Pass a whole number from 0 to 20.')
  const [mantissa = '', exponent = ''] = Math.abs(value).toExponential().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const dropped = fraction.length - Number(exponent) - digits
  if (dropped <= 0) return value + 0
  const unit = 10n ** BigInt(dropped)
  const rounded = (2n * BigInt(whole + fraction) + unit) / (2n * unit)
  const size = Number(`${rounded}e-${digits}`)
  return value < 0 && size > 0 ? -size : size
}
