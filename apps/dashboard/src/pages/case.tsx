/** One case: the answer that it is about, what was done, what can be done, and what else is known of the person. */
import { Fragment, type JSX } from 'preact'
import { useState } from 'preact/hooks'
import { type Case, caseDetailShape, type CaseEntry, type Staff, staffShape } from '../api/caseShapes.ts'
import { personShape, surveysShape } from '../api/shapes.ts'
import { useAsk } from '../api/use.ts'
import { saidIn } from '../numbers/answers.ts'
import { AlertPanel } from '../parts/caseAlert.tsx'
import { CaseForms } from '../parts/caseForms.tsx'
import { CaseList } from '../parts/caseLinks.tsx'
import { CaseTags, deedOf, holderOf, nameOf } from '../parts/caseText.tsx'
import { DeliveryLink } from '../parts/deliveryLink.tsx'
import { Link } from '../parts/link.tsx'
import { Page } from '../parts/page.tsx'
import { PersonLink } from '../parts/personLink.tsx'
import { Ready } from '../parts/states.tsx'
import { SaidList } from '../parts/saidList.tsx'
import { formatMoment, zoneOf } from '../period/period.ts'
import { usePlace } from '../shell/place.ts'
import { useMay } from '../shell/session.ts'
import { Entry as TimelineRow } from './people.tsx'

export function CasePage({ id }: { id: string }): JSX.Element {
  const { query } = usePlace()
  const zone = zoneOf(query)
  const asked = useAsk(`/v1/cases/${encodeURIComponent(id)}`, caseDetailShape)
  const surveys = useAsk('/v1/surveys', surveysShape)
  const staff = useAsk('/v1/staff', staffShape)
  const about = asked.value?.case
  return (
    <Page
      title={about?.title ?? 'One case'}
      lead={
        about && (
          <span class="tags">
            <CaseTags of={about} />
          </span>
        )
      }
      tools={
        <>
          <DeliveryLink of={{ case: id }} />
          <Link page="cases">All cases</Link>
        </>
      }
    >
      <Ready asked={asked}>
        {({ case: stands, history, response, others }) => {
          const survey = surveys.value?.surveys.find((each) => each.id === response?.survey)?.survey
          const said = response ? saidIn(response, survey) : []
          const person = stands.person ?? stands.visitor
          return (
            <div class="pair">
              <div class="stack">
                {stands.alert ? (
                  <AlertPanel alert={stands.alert} zone={zone} />
                ) : (
                  <section class="panel" aria-label="What was said">
                    <header>
                      <h2>What was said</h2>
                      {response && (
                        <Link page="answers" id={response.id}>
                          The whole answer
                        </Link>
                      )}
                    </header>
                    {said.length === 0 ? (
                      <p class="soft">
                        {stands.response !== null && response === null
                          ? 'The answer is not kept any more.'
                          : 'No answer belongs to it.'}
                      </p>
                    ) : (
                      <SaidList said={said} />
                    )}
                  </section>
                )}
                <CaseForms of={stands} staff={staff.value} onDone={asked.again} />
                <section class="panel" aria-label="What was done">
                  <h2>What was done</h2>
                  <ol class="timeline">
                    {history.toReversed().map((each) => (
                      <Line key={each.number} of={each} rule={stands.rule} staff={staff.value} zone={zone} />
                    ))}
                  </ol>
                </section>
              </div>
              <div class="stack">
                <Facts of={stands} staff={staff.value} zone={zone} />
                {person !== null && (
                  <>
                    <CaseList title="Other cases of the same person" cases={others} />
                    <Timeline person={person} zone={zone} />
                  </>
                )}
              </div>
            </div>
          )
        }}
      </Ready>
    </Page>
  )
}

function Facts({ of, staff, zone }: { of: Case; staff: Staff | null; zone: string }): JSX.Element {
  const mayDefine = useMay('define')
  const person = of.person ?? of.visitor
  const moments = [
    ['Opened', of.openedAt],
    ['To be closed by', of.dueAt],
    ['Seen', of.acknowledgedAt],
    ['First action', of.actedAt],
    ['Closed', of.closedAt],
  ] as const
  return (
    <section class="panel" aria-label="The case">
      <h2>The case</h2>
      <dl class="facts">
        <dt>Looked after by</dt>
        <dd>{holderOf(of, staff)}</dd>
        {of.owner !== null && of.role !== null && (
          <>
            <dt>In the inbox of</dt>
            <dd>every {of.role}</dd>
          </>
        )}
        {person !== null && (
          <>
            <dt>{of.person === null ? 'Visitor' : 'Person'}</dt>
            <dd>
              <PersonLink id={person} />
            </dd>
          </>
        )}
        {of.survey && (
          <>
            <dt>Survey</dt>
            <dd>
              <Link page="surveys" id={of.survey}>
                {of.survey}
              </Link>
            </dd>
          </>
        )}
        <dt>Rule</dt>
        <dd>
          {mayDefine ? (
            <Link page="follow-ups" query={{ rule: of.rule }}>
              {of.rule}
            </Link>
          ) : (
            of.rule
          )}
        </dd>
        {moments.map(
          ([name, at]) =>
            at !== null && (
              <Fragment key={name}>
                <dt>{name}</dt>
                <dd>
                  <time dateTime={at}>{formatMoment(at, zone)}</time>
                </dd>
              </Fragment>
            ),
        )}
      </dl>
    </section>
  )
}

interface LineProps {
  of: CaseEntry
  rule: string
  staff: Staff | null
  zone: string
}

function Line({ of, rule, staff, zone }: LineProps): JSX.Element {
  const who = of.who === 'rule' ? `The rule ${rule}` : nameOf(of.who, staff)
  return (
    <li>
      <p>
        <strong>{who === 'you' ? 'You' : who}</strong> {deedOf(of, staff, of.who === staff?.me)}{' '}
        <time class="soft" dateTime={of.at}>
          {formatMoment(of.at, zone)}
        </time>
      </p>
      {of.note !== null && <p class="said">{of.note}</p>}
      {of.message !== null && (
        <p class="said">
          <span class="soft">To them: </span>
          {of.message}
        </p>
      )}
    </li>
  )
}

/** Asked for only when it is opened, since who looks at a person is noted. */
function Timeline({ person, zone }: { person: string; zone: string }): JSX.Element | null {
  const [isOpen, setOpen] = useState(false)
  const isAllowed = useMay('people')
  const asked = useAsk(isOpen ? `/v1/people/${encodeURIComponent(person)}` : null, personShape)
  if (!isAllowed) return null
  return (
    <section class="panel" aria-label="What else happened">
      <h2>What else happened</h2>
      <details class="definition" onToggle={(toggled) => setOpen(toggled.currentTarget.open)}>
        <summary>Everything of this person, the newest first</summary>
        {isOpen && (
          <Ready asked={asked}>
            {({ timeline }) => (
              <ol class="timeline">
                {timeline
                  .slice(-mostShown)
                  .toReversed()
                  .map((each) => (
                    <TimelineRow key={each.id} entry={each} zone={zone} />
                  ))}
              </ol>
            )}
          </Ready>
        )}
      </details>
    </section>
  )
}

/** Most lines here; the page of the person has all. */
const mostShown = 50
