/** Axes: where values stand, and which of them are named. */

/** From values to places. */
export interface Axis {
  min: number
  max: number
  /** Round values within, lowest first. */
  ticks: number[]
}

const steps = [1, 2, 5, 10, 20, 25, 50, 100]

/**
 * An axis around values, with four to six round ticks, never past the ends of the metric.
 *
 * @example
 * axisOf([12, 48], [-100, 100]).ticks // [10, 20, 30, 40, 50]
 */
export function axisOf(values: readonly number[], [least, most]: readonly [number, number]): Axis {
  const low = Math.max(least, Math.min(...values, most))
  const high = Math.min(most, Math.max(...values, least))
  const range = Math.max(high - low, (most - least) / 20)
  const unit = most - least <= 12 ? 0.1 : 1
  const step = (steps.find((each) => range / (each * unit) <= 5) ?? 200) * unit
  const first = Math.floor(low / step + 1e-9)
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1)
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toFixed(6)),
  ).filter((tick) => tick >= least && tick <= most)
  return { min: ticks[0] ?? least, max: ticks.at(-1) ?? most, ticks }
}

/** Share of the way along an axis, 0 to 1. */
export const along = ({ min, max }: Axis, value: number): number =>
  max === min ? 0 : Math.min(1, Math.max(0, (value - min) / (max - min)))
