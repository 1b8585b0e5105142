/** Net Promoter Score from counts of detractors, passives and promoters. */
import type { Estimate, LevelOptions } from './estimate.ts'
import { checkCounts, levelOf, reject } from './input.ts'
import { shareDifference } from './trinomial.ts'

/** How the interval is computed; see `nps`. */
export type NpsMethod = 'adjusted-wald' | 'score' | 'wald'

/** How many answered 0–6, 7–8 and 9–10. */
export interface NpsCounts {
  detractors: number
  passives: number
  promoters: number
}

/** Settings of `nps`. */
export interface NpsOptions extends LevelOptions {
  /** Default `adjusted-wald`. */
  method?: NpsMethod
}

/** What `nps` gives back. */
export interface NpsResult extends NpsCounts {
  /** %promoters - %detractors, in points from -100 to 100. */
  nps: Estimate
  /** Percent of all answers, 0 to 100, unrounded; null without answers. */
  shares: { detractors: number | null; passives: number | null; promoters: number | null }
  /** Promoters minus detractors, in people. Never call this the NPS: it grows with the sample. */
  promoterMinusDetractorCount: number
}

const methods: readonly string[] = ['adjusted-wald', 'score', 'wald'] satisfies NpsMethod[]

/**
 * Net Promoter Score: %promoters - %detractors of everybody who answered, passives included, in points (-100 to 100).
 *
 * Definition: Reichheld, "The one number you need to grow", Harvard Business Review, December 2003. Intervals: Rocks
 * 2016, arXiv 1601.07235 (`adjusted-wald`, the default, with 3/4, 3/2 and 3/4 added answers and the centre moved with
 * them); Tango 1998, Statistics in Medicine 17, 891–908 (`score`, the safest choice below 30 answers); `wald` for
 * comparison with other tools only. All divide the variance by n and take the unrounded normal quantile.
 *
 * No answers: `nps.value` is null with a reason, not 0. One answer: a value and a very wide interval; by `adjusted-wald`
 * it then ends at ±98.5 and just misses the value ±100, because the centre has moved; by `wald` there is none while all
 * answers are in one group. Counts must be whole numbers from 0, the level above 0 and below 1:
 * a RangeError otherwise. Groups are pooled by adding their counts, never by averaging their scores.
 *
 * @param counts - People by group.
 * @param options - Interval method and confidence level (0.95).
 * @example
 * nps({ detractors: 1194, passives: 3953, promoters: 8465 }).nps
 * // { value: 53.4161034381…, interval: [52.3101268577…, 54.4985400538…], n: 13612, level: 0.95, method: 'adjusted-wald' }
 */
export function nps(counts: NpsCounts, options: NpsOptions = {}): NpsResult {
  const { detractors, passives, promoters } = counts
  const n = detractors + passives + promoters
  checkCounts('nps()', {
    'counts.detractors': detractors,
    'counts.passives': passives,
    'counts.promoters': promoters,
    'the sum of all counts': n,
  })
  const method = options.method ?? 'adjusted-wald'
  if (!methods.includes(method))
    reject('nps()', `options.method is ${method}`, `Pass one of ${methods.join(', ')}.`)
  const share = (count: number): number | null => (n === 0 ? null : (100 * count) / n)
  return {
    nps: shareDifference(
      { plus: promoters, neither: passives, minus: detractors },
      method,
      levelOf('nps()', options),
      'There is no answer.',
    ),
    detractors,
    passives,
    promoters,
    shares: { detractors: share(detractors), passives: share(passives), promoters: share(promoters) },
    promoterMinusDetractorCount: promoters - detractors,
  }
}
