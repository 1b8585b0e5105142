/** People: somebody by id, what is known of them, all of it to take away, and its erasure. */
import { Fragment, type JSX, type TargetedSubmitEvent } from 'preact'
import { useState } from 'preact/hooks'
import type { Fault } from '../api/fault.ts'
import { save } from '../api/request.ts'
import { type Person as KnownPerson, personShape, type TimelineEntry } from '../api/shapes.ts'
import { CaseLinks } from '../parts/caseLinks.tsx'
import { Link } from '../parts/link.tsx'
import { useAsk } from '../api/use.ts'
import { formatCount } from '../numbers/format.ts'
import { ErasePerson } from '../parts/erasePerson.tsx'
import { TextField } from '../parts/fields.tsx'
import { DeliveryLink } from '../parts/deliveryLink.tsx'
import { Page } from '../parts/page.tsx'
import { FaultNote, Ready } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { formatMoment, zoneOf } from '../period/period.ts'
import { go, hrefOf, usePlace } from '../shell/place.ts'
import type { PageProps } from '../shell/routes.tsx'
import { useMay } from '../shell/session.ts'

export function People({ id }: PageProps): JSX.Element {
  const { query } = usePlace()
  const [wanted, setWanted] = useState(id ?? '')
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (wanted.trim() !== '') go(hrefOf({ page: 'people', id: wanted.trim() }, query))
  }
  return (
    <Page
      title={id === null ? 'People' : 'One person'}
      lead={
        id === null
          ? 'What is known of one visitor or person. Who looked is noted in the audit log, without the id.'
          : id
      }
      tools={id !== null && <DeliveryLink of={{ person: id }} />}
    >
      <form class="filters" onSubmit={submit}>
        <TextField
          label="Id of a person or visitor"
          hint="A person has the id that your site gave by identify()."
          type="search"
          value={wanted}
          onText={setWanted}
        />
        <button type="submit">Find</button>
      </form>
      {id !== null && <Person id={id} />}
    </Page>
  )
}

function Profile({ profile }: { profile: KnownPerson['profile'] }): JSX.Element {
  const traits = Object.entries(profile.traits)
  return (
    <section class="panel" aria-label="What is known">
      <h2>What is known</h2>
      {traits.length === 0 && <p class="soft">No traits were told.</p>}
      <dl class="facts">
        {traits.map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{String(value)}</dd>
          </Fragment>
        ))}
        {profile.group !== null && (
          <>
            <dt>Group</dt>
            <dd>{profile.group}</dd>
          </>
        )}
        <dt>Channels</dt>
        <dd>{profile.channels.join(', ') || 'none'}</dd>
        <dt>Languages</dt>
        <dd>{profile.locales.join(', ') || 'not known'}</dd>
      </dl>
    </section>
  )
}

const entryTexts: Readonly<Record<string, string>> = {
  display: 'Saw',
  answer: 'Answered',
  complete: 'Completed',
  dismiss: 'Closed',
  snooze: 'Put off',
  optout: 'Opted out',
  followup: 'Follow-up of',
  identify: 'Was identified',
  group: 'Joined a group',
  track: 'Did',
}

export function Entry({ entry, zone }: { entry: TimelineEntry; zone: string }): JSX.Element {
  const { type, at, survey, response, name, value, band, touchpoint, data } = entry
  return (
    <li>
      <p>
        <strong>{entryTexts[type] ?? type}</strong> {name && <code>{name}</code>}
        {survey && response && (
          <Link page="answers" id={response}>
            {survey}
          </Link>
        )}{' '}
        <time class="soft" dateTime={at}>
          {formatMoment(at, zone)}
        </time>
      </p>
      {type === 'answer' && (
        <p class="said">
          {Array.isArray(value) ? value.join(', ') : String(value)}
          {band && <span class="soft"> ({band})</span>}
        </p>
      )}
      {touchpoint && <p class="soft">{touchpoint}</p>}
      {data && Object.keys(data).length > 0 && (
        <p class="soft">
          {Object.entries(data)
            .map(([key, each]) => `${key}: ${String(each)}`)
            .join(', ')}
        </p>
      )}
    </li>
  )
}

function Person({ id }: { id: string }): JSX.Element {
  const path = `/v1/people/${encodeURIComponent(id)}`
  const { query } = usePlace()
  const zone = zoneOf(query)
  const asked = useAsk(path, personShape)
  const mayErase = useMay('manage')
  const [fault, setFault] = useState<Fault | null>(null)
  const [done, setDone] = useState('')
  if (done !== '')
    return (
      <p class="note good" role="status">
        {done}
      </p>
    )
  return (
    <>
      {fault && <FaultNote fault={fault} />}
      <Ready asked={asked}>
        {({ visitors, profile, timeline, isComplete }) => (
          <div class="pair">
            <div class="stack">
              <Profile profile={profile} />
              <CaseLinks of={{ person: id }} />
              <section class="panel" aria-label="Devices">
                <h2>Devices</h2>
                <Table
                  caption="Each device is a visitor"
                  columns={[
                    { title: 'Visitor', cell: (each) => <code>{each.visitor}</code> },
                    { title: 'Events', cell: (each) => formatCount(each.events), isNumber: true },
                    { title: 'First seen', cell: (each) => formatMoment(each.firstAt, zone) },
                    { title: 'Last seen', cell: (each) => formatMoment(each.lastAt, zone) },
                  ]}
                  rows={visitors}
                  keyOf={(each) => each.visitor}
                />
              </section>
              <section class="panel stack" aria-label="Their data">
                <h2>Their data</h2>
                <p>
                  Somebody who asks what is stored of them gets this file; somebody who asks to be forgotten
                  is erased, also from what devices have not sent yet. Their scores and choices may stay in
                  the numbers, as those of nobody.
                </p>
                <div class="row">
                  <button
                    type="button"
                    onClick={() =>
                      void save(`${path}/export`, 'person.ndjson').then((reply) => {
                        if (!reply.ok) setFault(reply.fault)
                      })
                    }
                  >
                    Take all data away
                  </button>
                  {mayErase && <ErasePerson path={path} onFault={setFault} onDone={setDone} />}
                </div>
              </section>
            </div>
            <section class="panel" aria-label="What happened">
              <h2>What happened</h2>
              {!isComplete && <p class="soft">There is more than fits here. The file below has all of it.</p>}
              <ol class="timeline">
                {timeline.toReversed().map((each) => (
                  <Entry key={each.id} entry={each} zone={zone} />
                ))}
              </ol>
            </section>
          </div>
        )}
      </Ready>
    </>
  )
}
