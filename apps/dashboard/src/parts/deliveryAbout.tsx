/** The case, the person and the rule that a message is about, each with its page. */
import type { JSX } from 'preact'
import { aboutShape } from '../api/outboundShapes.ts'
import { Link } from './link.tsx'

export function DeliveryAbout({ body }: { body: unknown }): JSX.Element {
  const about = aboutShape.safeParse(body)
  const { case: opened, followUp, response } = about.success ? about.data.data : {}
  const person = opened?.person ?? response?.person
  const rule = opened?.rule ?? followUp?.rule
  return (
    <>
      {opened && (
        <>
          <dt>Case</dt>
          <dd>
            <Link page="cases" id={opened.id}>
              {opened.title}
            </Link>
          </dd>
        </>
      )}
      {person && (
        <>
          <dt>Person</dt>
          <dd>
            <Link page="people" id={person}>
              {person}
            </Link>
          </dd>
        </>
      )}
      {rule && (
        <>
          <dt>Rule</dt>
          <dd>
            <Link page="follow-ups" query={{ rule }}>
              {rule}
            </Link>
          </dd>
        </>
      )}
    </>
  )
}
