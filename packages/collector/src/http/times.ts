/** A histogram for Prometheus that costs little to count in: what a reader is told is put together when one asks. */
import type { Metric, Registry } from 'prom-client'

/** Counts how long something took. */
export interface Times {
  /** Counts for one value of the label; to be kept, since finding it costs more than counting. */
  of(label: string): (seconds: number) => void
}

interface Tally {
  /** By the number of the bucket; the last one is for what is in no other. */
  counts: Float64Array
  sum: number
}

/**
 * Makes one and registers it. The histogram of prom-client makes a text of the labels for each value that is observed, which took
 * as long as parsing an event.
 *
 * @param label its only one, whose values are few
 * @param bounds upper bounds of the buckets, in ascending order
 * @example
 * const took = createTimes(register, 'write_seconds', 'From call to commit', 'kind', [0.001, 0.01])
 * const events = took.of('events')
 * events(0.0007)
 */
export function createTimes(
  register: Registry,
  name: string,
  help: string,
  label: string,
  bounds: readonly number[],
): Times {
  const tallies = new Map<string, Tally>()
  const valuesOf = (own: string, { counts, sum }: Tally): object[] => {
    const labels = { [label]: own }
    let all = 0
    const buckets = [...bounds, '+Inf'].map((le, index) => {
      all += counts[index] ?? 0
      return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: all }
    })
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: all },
    ]
  }
  const metric = {
    name,
    get: () =>
      Promise.resolve({
        name,
        help,
        type: 'histogram',
        aggregator: 'sum',
        values: [...tallies].flatMap(([own, tally]) => valuesOf(own, tally)),
      }),
  }
  register.registerMetric(metric as unknown as Metric)
  return {
    of(own) {
      const tally = tallies.get(own) ?? { counts: new Float64Array(bounds.length + 1), sum: 0 }
      tallies.set(own, tally)
      return (seconds) => {
        let bucket = 0
        while (bucket < bounds.length && seconds > (bounds[bucket] ?? 0)) bucket++
        tally.counts[bucket] = (tally.counts[bucket] ?? 0) + 1
        tally.sum += seconds
      }
    },
  }
}
