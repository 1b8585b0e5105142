/** The simulation of who would be asked what, and when: by a timeline, or for many synthetic visitors. For Node and browsers; importing it does nothing. */
export { simulateTimeline, type TimelineOptions, type TimelineResult } from './simulateTimeline.ts'
export {
  simulateEachVisitor,
  simulateVisitors,
  type SurveyTotals,
  type VisitorsOptions,
  type VisitorsResult,
} from './simulateVisitors.ts'
export type { Behaviour } from './behaviour.ts'
export type { Chance } from './chance.ts'
export type { SimulationOptions } from './check.ts'
export type { Outcome, SimulatedAsk, SimulatedFollowUp, SimulatedRefusal } from './outcome.ts'
export type { Mood } from './respond.ts'
export type { Happening, TimelineEntry, VisitPage, When } from './timeline.ts'
export type { VisitorHistory } from './visitor.ts'
