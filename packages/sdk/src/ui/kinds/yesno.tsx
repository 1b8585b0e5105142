/** A yes-or-no question. */
import type { YesNoQuestion } from '@earshot/contract'
import type { h } from 'preact'
import type { Kind, Page } from './page.ts'

export const kind: Kind<YesNoQuestion> = {
  fits: (_question, value) => typeof value === 'boolean',
  draw: drawYesNo,
}

function drawYesNo({ h, group, legend, tile, fill, question }: Page<YesNoQuestion>): h.JSX.Element {
  return (
    <fieldset {...group}>
      {legend}
      <div class="scale pair">
        {tile(true, fill(question.yes))}
        {tile(false, fill(question.no))}
      </div>
    </fieldset>
  )
}
