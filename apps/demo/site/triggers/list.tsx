/** All tryouts, in their groups. */
import type { JSX } from 'preact'
import { groups } from '../../src/triggers.ts'
import { baseOf } from './perform.ts'

export function List(): JSX.Element {
  return (
    <>
      <h1>Try every rule</h1>
      <p class="lead">
        Each of these has a survey of its own, with buttons that make it appear and others that do not. Beside
        them stands what Earshot sees, rule by rule.
      </p>
      {groups.map(({ title, text, tryouts }) => (
        <section key={title}>
          <h2>{title}</h2>
          <p class="soft">{text}</p>
          <ul class="tryouts">
            {tryouts.map((each) => (
              <li key={each.id}>
                <a href={baseOf(each)}>{each.title}</a>
                <p>{each.text}</p>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}
