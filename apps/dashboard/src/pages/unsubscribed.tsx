/** Who wants no mail: since when and why, somebody added, and somebody taken from the list again. */
import type { JSX, TargetedSubmitEvent } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { anyShape } from '../api/adminShapes.ts'
import type { Fault } from '../api/fault.ts'
import { type Unsubscribed as Entry, unsubscribedShape } from '../api/mailShapes.ts'
import { withQuery } from '../api/query.ts'
import { ask } from '../api/request.ts'
import { useAsk } from '../api/use.ts'
import { SelectField, TextField } from '../parts/fields.tsx'
import { Link } from '../parts/link.tsx'
import { Page } from '../parts/page.tsx'
import { Pager } from '../parts/pager.tsx'
import { SearchForm } from '../parts/searchForm.tsx'
import { Empty, FaultNote, Ready } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { formatMoment, zoneOf } from '../period/period.ts'
import { setQuery, usePlace } from '../shell/place.ts'
import { useMay } from '../shell/session.ts'
import { Made } from './settings/made.tsx'

/** How somebody left by a link: a program of mail does it by one click, a person on the page that the link opens. */
const howOf = (reason: string | undefined): string =>
  reason === 'one-click'
    ? 'by the button of their mail program'
    : reason === 'page'
      ? 'on the page of a link'
      : 'unsubscribed in a mail'

const path = '/v1/unsubscribed'
const pathOf = (person: string): string => `${path}/${encodeURIComponent(person)}`
const removals = [
  ['asked', 'They asked to have mail again'],
  ['mistake', 'They were put here by mistake'],
] as const

export function Unsubscribed(): JSX.Element {
  const { query } = usePlace()
  const [q, cursor] = [query.get('q') ?? '', query.get('cursor')]
  const asked = useAsk(withQuery(path, { q, limit: 50, cursor }), unsubscribedShape)
  const [said, setSaid] = useState('')
  const [fault, setFault] = useState<Fault | null>(null)

  /** Shows what came of it; the newest are shown, where whoever was added stands. */
  const noted = (what: string, refused: Fault | null): void => {
    setFault(refused)
    setSaid(refused ? '' : what)
    if (!refused) asked.again()
  }
  return (
    <Page
      title="Unsubscribed"
      lead={`Who gets no mail, the newest first. Times in ${zoneOf(query).replaceAll('_', ' ')}.`}
    >
      <Made>{said}</Made>
      {fault && <FaultNote fault={fault} />}
      <SearchForm label="Part of an id, or a whole address" words={q} />
      <div class="stack">
        <section class="panel" aria-label="Who wants no mail">
          <Ready asked={asked}>
            {({ unsubscribed, next }) =>
              unsubscribed.length === 0 ? (
                q === '' && !cursor ? (
                  <Empty title="Nobody is on the list">
                    Each mail has a link and a button to unsubscribe. Who uses them stands here, and whom you
                    add below.
                  </Empty>
                ) : (
                  <Empty title="Nobody is found">
                    Of an address only its hash is kept, so write the whole of it.{' '}
                    <Pager {...{ cursor, next }} />
                  </Empty>
                )
              ) : (
                <>
                  <List entries={unsubscribed} onRemoved={noted} />
                  <Pager cursor={cursor} next={next} />
                </>
              )
            }
          </Ready>
        </section>
        <Add onAdded={noted} />
      </div>
    </Page>
  )
}

interface NotedProps {
  entries: readonly Entry[]
  onRemoved: (what: string, refused: Fault | null) => void
}

function List({ entries, onRemoved }: NotedProps): JSX.Element {
  const { query } = usePlace()
  const zone = zoneOf(query)
  const mayRemove = useMay('manage')
  return (
    <Table<Entry>
      caption="Who wants no mail, the newest first"
      isCaptionHidden
      columns={[
        {
          title: 'Person',
          cell: ({ person }) =>
            person === null ? (
              <span class="soft">erased</span>
            ) : (
              <Link page="people" id={person}>
                {person}
              </Link>
            ),
        },
        { title: 'Since', cell: ({ at }) => <time dateTime={at}>{formatMoment(at, zone)}</time> },
        {
          title: 'How',
          cell: ({ by, reason }) => (by === 'link' ? howOf(reason) : 'added by the staff'),
        },
        { title: 'Because', cell: ({ by, reason }) => (by === 'link' ? '' : (reason ?? '')) },
        ...(mayRemove
          ? [
              {
                title: 'Again',
                cell: (each: Entry) => each.person !== null && <Remove of={each} onRemoved={onRemoved} />,
              },
            ]
          : []),
      ]}
      rows={entries}
      keyOf={({ person, at }) => `${person ?? ''} ${at}`}
    />
  )
}

function Remove({ of, onRemoved }: { of: Entry; onRemoved: NotedProps['onRemoved'] }): JSX.Element {
  const { person, by } = of
  const dialog = useRef<HTMLDialogElement>(null)
  const [reason, setReason] = useState('')
  const label = `Let ${person ?? ''} have mail again`
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (reason === '') return
    void ask(withQuery(pathOf(person ?? ''), { reason }), anyShape, { method: 'DELETE' }).then((reply) => {
      dialog.current?.close()
      onRemoved(`${person ?? ''} may be written to again.`, reply.ok ? null : reply.fault)
    })
  }
  return (
    <>
      <button type="button" class="danger" onClick={() => dialog.current?.showModal()}>
        Remove<span class="unseen"> {person}</span>
      </button>
      <dialog ref={dialog} aria-label={label}>
        <form class="form" onSubmit={submit}>
          <p>
            <strong>{label}?</strong>{' '}
            {by === 'link'
              ? 'They unsubscribed themselves: to write to them without being asked is against the law in many countries.'
              : 'The reason stands in the audit log.'}
          </p>
          <SelectField
            label="Why"
            value={reason}
            options={[...(reason === '' ? [['', 'choose'] as const] : []), ...removals]}
            onValue={setReason}
          />
          <div class="row">
            <button type="submit" class="danger" aria-disabled={reason === ''}>
              Remove from the list
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              Leave it
            </button>
          </div>
        </form>
      </dialog>
    </>
  )
}

function Add({ onAdded }: { onAdded: NotedProps['onRemoved'] }): JSX.Element {
  const [person, setPerson] = useState('')
  const [reason, setReason] = useState('')
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const id = person.trim()
    const body = { reason: reason.trim() }
    if (id === '' || body.reason === '') return
    void ask(pathOf(id), anyShape, { method: 'PUT', body }).then((reply) => {
      onAdded(`${id} gets no mail any more.`, reply.ok ? null : reply.fault)
      if (!reply.ok) return
      setPerson('')
      setReason('')
      setQuery({ q: null, cursor: null })
    })
  }
  return (
    <section class="panel" aria-label="Add somebody">
      <h2>Add somebody</h2>
      <form class="form" onSubmit={submit}>
        <TextField
          label="Id of the person"
          hint="As your site gave it by identify(). What waits for them is stopped."
          value={person}
          isRequired
          onText={setPerson}
        />
        <TextField
          label="Why"
          hint="For example: asked for it on the telephone. It is forgotten with the person."
          value={reason}
          isRequired
          onText={setReason}
        />
        <button type="submit" class="main">
          Add to the list
        </button>
      </form>
    </section>
  )
}
