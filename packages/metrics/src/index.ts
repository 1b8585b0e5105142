/** The metrics of Earshot: counts in, estimates with intervals out. Pure, no dependency. */
export { ces, type CesResult, type CesScale } from './ces.ts'
export { csat, type CsatResult, type CsatScale } from './csat.ts'
export type { Scale, ScoreCount } from './distribution.ts'
export type { Estimate, LevelOptions } from './estimate.ts'
export { nps, type NpsCounts, type NpsMethod, type NpsOptions, type NpsResult } from './nps.ts'
export { response, type ResponseCounts, type ResponseResult } from './response.ts'
export { formatRounded } from './rounding.ts'
