/** A survey with pages that begins where its respondent stopped: past what was skipped or read, too. */
import type { HostedState } from '../core/hosted.ts'
import type { KindsChunk } from '../ports/card.ts'
import type { Clock } from '../ports/world.ts'
import type { Body } from '../ui/body.ts'
import type { HostedQueue } from './queue.ts'

/**
 * @param kinds what the card draws such a survey with
 * @param chosen what the link has chosen: its page is passed, too, unless it is the last
 */
export function resuming(
  kinds: KindsChunk,
  queue: Pick<HostedQueue, 'row' | 'pass'>,
  chosen: HostedState['chosen'],
  clock: Pick<Clock, 'now'>,
): KindsChunk {
  return {
    createKinds(h, words) {
      const body = kinds.createKinds(h, words) as Body
      return {
        ...body,
        start(showing, offline) {
          const { answers, passed } = queue.row()
          const isPast = (page: string): boolean =>
            page === chosen?.question || passed.includes(page) || Object.hasOwn(answers, page)
          let flow = body.start(showing, offline)
          while (flow.page !== undefined && isPast(flow.page)) {
            const next = body.step(flow, { type: 'next', at: clock.now(), page: flow.page }).flow
            if (next.stage !== 'ask' || next.page === flow.page) break
            flow = next
          }
          return { ...flow, flaw: undefined }
        },
        step(flow, input) {
          const next = body.step(flow, input)
          const { page = '' } = flow
          const isLeft = input.type === 'next' && (next.flow.page !== page || next.flow.stage !== 'ask')
          if (isLeft && !Object.hasOwn(next.flow.answers, page)) queue.pass(page)
          return next
        },
      } satisfies Body
    },
  }
}
