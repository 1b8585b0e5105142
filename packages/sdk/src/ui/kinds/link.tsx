/** A page to go somewhere from. */
import type { LinkQuestion } from '@earshot/contract'
import type { h } from 'preact'
import type { Kind, Page } from './page.ts'

/** No other scheme: `javascript:` would run in the host page. */
const safe = /^(https?:|mailto:|\/(?![/\\]))/i

const words = { newTab: 'opens in a new tab' }

export const kind: Kind<LinkQuestion> & { words: typeof words } = {
  css: `\
a.send{display:flex;align-items:center;justify-content:center;gap:8px;text-decoration:none;position:relative}\
a svg{width:16px;stroke-width:2}`,
  words,
  fits: (_question, value) => value === true,
  draw: drawLink,
}

function drawLink(page: Page<LinkQuestion>): h.JSX.Element {
  const { h, fill, question, strings, take, mark, heading } = page
  return (
    <div>
      {heading}
      {question.text && <p class="text">{fill(question.text)}</p>}
      {safe.test(question.href) && (
        <a class="send" href={question.href} target="_blank" rel="noopener" onClick={() => take(true)}>
          {fill(question.label)}
          {mark('M9 5H5v14h14v-4M13 5h6v6M19 5l-9 9')}
          <span class="quiet"> ({strings.newTab})</span>
        </a>
      )}
    </div>
  )
}
