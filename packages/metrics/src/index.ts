/** The metrics of Earshot: counts in, estimates with intervals out. Pure, no dependency. */
export { active, type ActiveOptions, type ActiveResult, type Activity } from './active.ts'
export { alert, type AlertOptions, type AlertResult } from './alert.ts'
export { ces, cesScale, type CesResult, type CesScale } from './ces.ts'
export { choice, type ChoiceCount, type ChoiceResult, type Choices, type ChoiceShare } from './choice.ts'
export { churn, type ChurnResult } from './churn.ts'
export { type Cohort, cohorts, type CohortTable } from './cohorts.ts'
export {
  compareMeans,
  compareNps,
  type CompareNpsOptions,
  compareShares,
  compareValues,
  type Comparison,
  type ShareComparison,
} from './compare.ts'
export { csat, csatScale, type CsatResult, type CsatScale } from './csat.ts'
export { dayOf } from './day.ts'
export type { Scale, ScoreCount } from './distribution.ts'
export { type Driver, type DriverRow, drivers, type DriversResult } from './drivers.ts'
export { dropOff, type QuestionCounts, type QuestionDropOff } from './dropOff.ts'
export type { Estimate, LevelOptions } from './estimate.ts'
export { expansion, type ExpansionResult, type Revenue } from './expansion.ts'
export { type FcrAnswers, fcrFromContacts, fcrFromSurvey, type FcrResult, type Issue } from './fcr.ts'
export { compareEstimates } from './independent.ts'
export {
  compareLifetimes,
  type CustomerHistory,
  type LifetimeOptions,
  type LifetimeResult,
  lifetimeValue,
  type Spell,
  splitAtContact,
} from './lifetime.ts'
export { mean } from './mean.ts'
export { withhold } from './minimum.ts'
export { nps, type NpsCounts, type NpsMethod, type NpsOptions, type NpsResult } from './nps.ts'
export { pareto, type ParetoOptions, type ParetoTheme } from './pareto.ts'
export type { PeriodCounts, PeriodMoves } from './period.ts'
export { type Part, proportion } from './proportion.ts'
export { referral, type ReferralCounts, type ReferralResult } from './referral.ts'
export { resolution, type ResolutionResult, type Ticket, type Times } from './resolution.ts'
export { response, type ResponseCounts, type ResponseResult } from './response.ts'
export { retention, type RetentionResult } from './retention.ts'
export { type PersonDays, returning, type ReturningResult, type ReturnRule } from './returning.ts'
export { formatRounded } from './rounding.ts'
export { type Period, trend, type TrendMetric, type TrendPoint } from './trend.ts'
export { trial, type Trial, type TrialResult } from './trial.ts'
