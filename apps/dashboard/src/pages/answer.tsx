/** One response with its events: what was asked and said, and how it came about. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { responseDetailShape, type StoredEvent, surveysShape } from '../api/shapes.ts'
import { useAsk } from '../api/use.ts'
import { saidIn } from '../numbers/answers.ts'
import { CaseLinks } from '../parts/caseLinks.tsx'
import { DeliveryLink } from '../parts/deliveryLink.tsx'
import { Link } from '../parts/link.tsx'
import { Notes } from '../parts/notes.tsx'
import { Page } from '../parts/page.tsx'
import { PersonLink } from '../parts/personLink.tsx'
import { Empty, Ready } from '../parts/states.tsx'
import { SaidList } from '../parts/saidList.tsx'
import { formatMoment, zoneOf } from '../period/period.ts'
import { usePlace } from '../shell/place.ts'

const eventTexts: Readonly<Record<string, string>> = {
  display: 'Seen',
  answer: 'Answered',
  complete: 'Completed',
  dismiss: 'Closed',
  snooze: 'Put off',
  optout: 'Opted out',
  followup: 'Follow-up',
  identify: 'Identified',
  track: 'Event',
}

export function AnswerPage({ id }: { id: string }): JSX.Element {
  const { query } = usePlace()
  const zone = zoneOf(query)
  const asked = useAsk(`/v1/responses/${encodeURIComponent(id)}`, responseDetailShape)
  const surveys = useAsk('/v1/surveys', surveysShape)
  return (
    <Page title="One answer" lead={<code>{id}</code>} tools={<DeliveryLink of={{ response: id }} />}>
      <Ready asked={asked}>
        {({ response, events, ignored }) => {
          if (!response)
            return (
              <Empty title="It was never seen">
                Only a follow-up was planned under this id; nobody has seen the survey.
              </Empty>
            )
          const survey = surveys.value?.surveys.find((each) => each.id === response.survey)?.survey
          const said = saidIn(response, survey)
          const person = response.person ?? response.visitor
          return (
            <div class="pair">
              <div class="stack">
                <section class="panel" aria-label="What was said">
                  <h2>What was said</h2>
                  {said.length === 0 ? <p class="soft">Nothing was answered.</p> : <SaidList said={said} />}
                </section>
                <section class="panel" aria-label="Where it came from">
                  <h2>Where it came from</h2>
                  <dl class="facts">
                    <dt>Survey</dt>
                    <dd>
                      <Link page="surveys" id={response.survey}>
                        {response.survey}
                      </Link>
                      , version {response.version}
                    </dd>
                    <dt>{response.person === null ? 'Visitor' : 'Person'}</dt>
                    <dd>
                      {person.startsWith('anonymous-') ? (
                        'Nobody: the person was erased, and only what is counted was kept. Times stand for the day.'
                      ) : (
                        <PersonLink id={person} />
                      )}
                    </dd>
                    <Fact name="Status" value={response.status} />
                    <Fact name="Touchpoint" value={response.touchpoint} />
                    <Fact name="Stage" value={response.stage} />
                    <Fact name="Channel" value={response.channel} />
                    <Fact name="Language" value={response.locale} />
                    <Fact name="Page" value={response.url} />
                    <Fact name="Variant" value={response.variant} />
                    <Fact name="Closed by" value={response.dismissReason} />
                  </dl>
                  {ignored > 0 && (
                    <p class="soft">
                      {ignored} of the events below are of another visitor under the same id, and are not
                      counted.
                    </p>
                  )}
                </section>
                <CaseLinks of={{ response: id }} />
                <Notes response={id} />
              </div>
              <section class="panel" aria-label="How it came about">
                <h2>How it came about</h2>
                <ol class="timeline">
                  {events.map((each) => (
                    <Event key={each.event.id} stored={each} zone={zone} />
                  ))}
                </ol>
              </section>
            </div>
          )
        }}
      </Ready>
    </Page>
  )
}

function Fact({ name, value }: { name: string; value: string | null }): JSX.Element | null {
  if (value === null) return null
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}

/** An event; what it holds is a click away. */
function Event({ stored, zone }: { stored: StoredEvent; zone: string }): JSX.Element {
  const { event, occurredAt, receivedAt } = stored
  const [isOpen, setOpen] = useState(false)
  const late = Date.parse(receivedAt) - Date.parse(occurredAt)
  return (
    <li>
      <p>
        <strong>{eventTexts[event.type] ?? event.type}</strong>{' '}
        <time class="soft" dateTime={occurredAt}>
          {formatMoment(occurredAt, zone)}
        </time>
      </p>
      {late > 60_000 && (
        <p class="soft">Arrived {formatMoment(receivedAt, zone)}, when the device was online again.</p>
      )}
      <details class="definition" onToggle={(toggled) => setOpen(toggled.currentTarget.open)}>
        <summary>What it holds</summary>
        {isOpen && (
          <pre class="scroll" tabIndex={0} role="region" aria-label="What the event holds">
            {JSON.stringify(event, null, 2)}
          </pre>
        )}
      </details>
    </li>
  )
}
