/** The ways out of a page: back, on without an answer, on with it. */
import { mustAnswer } from '@earshot/contract'
import type { h } from 'preact'
import { isEmpty } from '../../core/pageAnswer.ts'
import type { BodyProps } from '../body.ts'
import type { Page } from './page.ts'

/** Nothing where an answer is the only way: it is enough to point at one. */
export function drawActs(
  page: Page,
  act: BodyProps['act'],
  { isFirst, isLast }: { isFirst: boolean; isLast: boolean },
): h.JSX.Element | false {
  const { h, flow, question, strings, value } = page
  const { id, kind, required = false } = question
  const isReading = kind === 'statement' || kind === 'link'
  const isMultiple = kind === 'choice' && question.multiple === true
  const hasAnswer = !isEmpty(value)
  const hasSkip = !isReading && !hasAnswer && !mustAnswer(flow, question)
  const hasNext = isReading || hasAnswer || kind === 'text' || isMultiple || required
  return (
    (!isFirst || hasSkip || hasNext) && (
      <div class="acts">
        {!isFirst && drawSoft(h, strings.back, () => act({ type: 'back' }))}
        <b />
        {hasSkip && drawSoft(h, strings.skip, () => act({ type: 'next', page: id }))}
        {hasNext && (
          <button class={kind === 'link' ? 'soft' : 'send'}>
            {!isLast ? strings.next : isReading ? strings.done : strings.send}
          </button>
        )}
      </div>
    )
  )
}

function drawSoft(h: Page['h'], words: string, onClick: () => void): h.JSX.Element {
  return (
    <button class="soft" type="button" onClick={onClick}>
      {words}
    </button>
  )
}
