/** Notes of the staff on an answer: those that there are, and a form for another. */
import type { JSX, TargetedSubmitEvent } from 'preact'
import { useRef, useState } from 'preact/hooks'
import * as z from 'zod/mini'
import { type Note, noteShape, notesShape } from '../api/caseShapes.ts'
import type { Fault } from '../api/fault.ts'
import { withQuery } from '../api/query.ts'
import { ask } from '../api/request.ts'
import { useAsk } from '../api/use.ts'
import { formatMoment, zoneOf } from '../period/period.ts'
import { usePlace } from '../shell/place.ts'
import { Confirm } from './confirm.tsx'
import { TextField } from './fields.tsx'
import { Link } from './link.tsx'
import { FaultNote, Ready } from './states.tsx'

const none = { text: '', theme: '', others: '' }
/** Ids of answers in whatever was pasted: ids, or addresses of their pages. */
const idsIn = (text: string): string[] =>
  text.toLowerCase().match(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g) ?? []

export function Notes({ response }: { response: string }): JSX.Element {
  const asked = useAsk(withQuery('/v1/notes', { response, limit: 100 }), notesShape)
  const [fields, setFields] = useState(none)
  const [fault, setFault] = useState<Fault | null>(null)
  const [said, setSaid] = useState('')
  const heading = useRef<HTMLHeadingElement>(null)
  const done = (what: string): void => {
    setFault(null)
    setSaid(what)
    asked.again()
    // What had the focus may be gone.
    heading.current?.focus()
  }
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const { text, theme, others } = fields
    const body = {
      text,
      ...(theme.trim() !== '' && { theme }),
      responses: [...new Set([response, ...idsIn(others)])],
    }
    void ask('/v1/notes', noteShape, { method: 'POST', body }).then((reply) => {
      if (!reply.ok) {
        setFault(reply.fault)
        return
      }
      setFields(none)
      done('Noted.')
    })
  }
  const drop = async (id: string): Promise<void> => {
    const reply = await ask(`/v1/notes/${encodeURIComponent(id)}`, z.null(), { method: 'DELETE' })
    if (reply.ok) done('Deleted.')
    else setFault(reply.fault)
  }
  return (
    <section class="panel stack" aria-label="Notes">
      <h2 tabIndex={-1} ref={heading}>
        Notes
      </h2>
      <p role="status" class={said === '' ? 'unseen' : 'note good'}>
        {said}
      </p>
      {fault && <FaultNote fault={fault} />}
      <Ready asked={asked}>
        {({ notes }) =>
          notes.length === 0 ? (
            <p class="soft">Nobody has noted anything. What you note is for the staff alone.</p>
          ) : (
            <ul class="list">
              {notes.map((each) => (
                <One key={each.id} note={each} response={response} onDrop={() => drop(each.id)} />
              ))}
            </ul>
          )
        }
      </Ready>
      <form class="stack noting" onSubmit={submit}>
        <TextField
          label="Note"
          lines={3}
          isRequired
          value={fields.text}
          onText={(text) => setFields({ ...fields, text })}
        />
        <TextField
          label="Theme"
          hint="What it has in common with other notes, such as delivery. May be left empty."
          value={fields.theme}
          onText={(theme) => setFields({ ...fields, theme })}
        />
        <TextField
          label="Other answers that it is about"
          hint="Their ids, or the addresses of their pages. The note goes with each of the people who gave them."
          lines={2}
          value={fields.others}
          onText={(others) => setFields({ ...fields, others })}
        />
        <div>
          <button type="submit">Add the note</button>
        </div>
      </form>
    </section>
  )
}

interface OneProps {
  note: Note
  response: string
  onDrop: () => Promise<void>
}

function One({ note, response, onDrop }: OneProps): JSX.Element {
  const { query } = usePlace()
  const others = note.responses.filter((each) => each !== response)
  return (
    <li class="stack">
      <p class="soft">
        {note.name ?? note.who}, <time dateTime={note.at}>{formatMoment(note.at, zoneOf(query))}</time>
        {note.theme !== null && (
          <>
            , <strong>{note.theme}</strong>
          </>
        )}
      </p>
      <p>{note.text}</p>
      {others.length > 0 && (
        <p class="soft">
          Also about{' '}
          {others.map((each, index) => (
            <span key={each}>
              {index > 0 && ', '}
              <Link page="answers" id={each}>
                {each}
              </Link>
            </span>
          ))}
        </p>
      )}
      <div>
        <Confirm
          label="Delete the note"
          question="The note is deleted for good."
          yes="Delete it"
          onYes={onDrop}
        />
      </div>
    </li>
  )
}
