/** A page to read. */
import type { StatementQuestion } from '@earshot/contract'
import type { h } from 'preact'
import type { Kind, Page } from './page.ts'

export const kind: Kind<StatementQuestion> = {
  fits: () => false,
  draw: drawStatement,
}

function drawStatement({ h, fill, question, heading }: Page<StatementQuestion>): h.JSX.Element {
  return (
    <div>
      {heading}
      {question.text && <p class="text">{fill(question.text)}</p>}
    </div>
  )
}
