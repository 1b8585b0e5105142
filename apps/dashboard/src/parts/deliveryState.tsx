/** How a delivery stands, and whom it goes to, in words. */
import type { JSX } from 'preact'
import type { Job } from '../api/outboundShapes.ts'

export const states: readonly (readonly [string, string])[] = [
  ['', 'any'],
  ['waiting', 'waiting'],
  ['done', 'done'],
  ['dead', 'given up'],
  ['stopped', 'stopped'],
]
export const nameOf = (list: readonly (readonly [string, string])[], value: string): string =>
  list.find(([each]) => each === value)?.[1] ?? value

export const receiverOf = ({ kind, webhook }: Job, names: readonly (readonly [string, string])[]): string =>
  kind === 'mail' ? 'the person' : nameOf(names, webhook ?? '') || 'nobody yet'

export function DeliveryState({ job }: { job: Job }): JSX.Element {
  return <span class={job.state === 'dead' ? 'tag dead' : 'tag'}>{nameOf(states, job.state)}</span>
}
