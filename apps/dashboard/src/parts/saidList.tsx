/** What was said in a response: each question with its answer. */
import type { JSX } from 'preact'
import type { Said } from '../numbers/answers.ts'

export function SaidList({ said }: { said: readonly Said[] }): JSX.Element {
  return (
    <dl class="stack">
      {said.map((each) => (
        <div key={each.question}>
          <dt class="soft">{each.title}</dt>
          <dd class="said">
            {each.text}
            {each.band && <span class="soft"> ({each.band})</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
