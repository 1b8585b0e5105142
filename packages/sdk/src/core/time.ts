/** Points in time and spans, branded so that one is never taken for the other. */

declare const unit: unique symbol

/** Milliseconds since 1970 by the wall clock. */
export type Instant = number & { [unit]: 'instant' }

/** A span in milliseconds. */
export type Duration = number & { [unit]: 'duration' }

/** Days of 24 elapsed hours; a change of the clock for summer time makes no difference. */
export const days = (count: number): Duration => (count * 86_400_000) as Duration

export const seconds = (count: number): Duration => (count * 1000) as Duration

export const after = (start: Instant, span: Duration): Instant => (start + span) as Instant

/**
 * End of a waiting period that began at `start`. A start in the future, from a clock that was set back since, counts
 * as now until the clock has passed it.
 */
export const endOf = (start: Instant, span: Duration, now: Instant): Instant =>
  after(Math.min(start, now) as Instant, span)
