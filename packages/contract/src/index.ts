/** The contract between SDK and collector: types, shared rules and limits. No dependency, no effect. */
export type * from './event.ts'
export type * from './followUp.ts'
export type * from './survey.ts'
export { bandNames, bandOf, followUpId, isAsked, isOnScale } from './rules.ts'
export { maxBatchEvents, maxBodyBytes, maxTextLength, seqPerPage, wireVersion } from './version.ts'
