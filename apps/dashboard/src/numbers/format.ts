/** Numbers in words and digits: rounded for display, and only here. */
import { formatRounded } from '@earshot/metrics'

/** Unit of an estimate, as reports have it. */
export type Unit = 'points' | 'percent' | 'scale points' | 'hours' | 'amount'

const whole = new Intl.NumberFormat('en')

/** A value of an attribute; what is not known is said to be so. */
export const valueText = (value: string | null): string => value ?? 'not known'

/** A count: 13,612. */
export const formatCount = (count: number): string => whole.format(count)

const digitsOf = (unit: Unit): number =>
  unit === 'scale points' || unit === 'hours' ? 1 : unit === 'amount' ? 2 : 0
const unitMarks: Readonly<Partial<Record<Unit, string>>> = { percent: ' %', hours: ' h' }

/** Digits with a true minus. */
function digits(value: number, count: number): string {
  return formatRounded(value, count).toFixed(count).replace('-', '−')
}

/**
 * A value without its unit, but for percent.
 *
 * @example
 * formatValue(53.4161, 'points') // '53'
 */
export function formatValue(value: number, unit: Unit): string {
  return `${digits(value, digitsOf(unit))}${unitMarks[unit] ?? ''}`
}

/** An interval: "52 to 54". */
export function formatInterval([low, high]: readonly [number, number], unit: Unit): string {
  return `${digits(low, digitsOf(unit))} to ${formatValue(high, unit)}`
}

/** The interval of a change; finer where an end would look like no change at all. */
export function formatReach([low, high]: readonly [number, number], unit: Unit): string {
  const usual = digitsOf(unit)
  const isNearNothing = [low, high].some((each) => formatRounded(each, usual) === 0)
  const count = isNearNothing ? usual + 1 : usual
  return `${digits(low, count)} to ${digits(high, count)}`
}

/** A change with its sign: "+3", "−12", "0". */
export function formatChange(value: number, unit: Unit): string {
  const text = digits(value, digitsOf(unit))
  return Number(text.replace('−', '-')) > 0 ? `+${text}` : text
}

/** The unit of a change: points of a percent are points. */
export const changeUnit = (unit: Unit): string => (unit === 'scale points' ? 'scale points' : 'points')

/** A share of a whole in percent, or null of nothing. */
const percentOf = (count: number, all: number): number | null => (all === 0 ? null : (100 * count) / all)

/** A share as text: "12 %", "< 1 %". */
export function formatShare(count: number, all: number): string {
  const share = percentOf(count, all)
  if (share === null) return 'none'
  if (count > 0 && share < 0.5) return '< 1 %'
  return `${digits(share, 0)} %`
}
