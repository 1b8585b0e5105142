/** Pages to read, and to go somewhere from. */
import type { LinkQuestion, StatementQuestion } from '@earshot/contract'
import type { h } from 'preact'
import { drawMark } from './marks.tsx'
import type { Page } from './page.ts'

/** No other scheme: `javascript:` would run in the host page. */
const safe = /^(https?:|mailto:|\/(?![/\\]))/i

export function drawWords({
  h,
  fill,
  question,
  strings,
  take,
}: Page<StatementQuestion | LinkQuestion>): h.JSX.Element {
  const { title, text } = question
  return (
    <div>
      <h2 class="title to" tabIndex={-1}>
        {fill(title)}
      </h2>
      {text && <p class="text">{fill(text)}</p>}
      {question.kind === 'link' && safe.test(question.href) && (
        <a class="send" href={question.href} target="_blank" rel="noopener" onClick={() => take(true)}>
          {fill(question.label)}
          {drawMark(h, 'away')}
          <span class="quiet"> ({strings.newTab})</span>
        </a>
      )}
    </div>
  )
}
