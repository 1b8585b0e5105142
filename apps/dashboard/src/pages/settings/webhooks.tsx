/** Webhooks: who is told what happens. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { anyShape } from '../../api/adminShapes.ts'
import { madeWebhookShape, webhooksShape } from '../../api/outboundShapes.ts'
import { ask } from '../../api/request.ts'
import { SelectField, TextField } from '../../parts/fields.tsx'
import { Link } from '../../parts/link.tsx'
import { Empty } from '../../parts/states.tsx'
import { AccessDesk } from './accessDesk.tsx'

const shapes = [
  ['json', 'JSON, signed: for a program'],
  ['slack', 'text for a Slack channel'],
  ['teams', 'a card for a Teams channel'],
] as const
const events = [
  ['', 'what rules of the follow-ups send, and nothing else'],
  ['answer.given', 'every answer, and what rules send'],
  ['response.completed', 'every completed response, and what rules send'],
] as const

export function Webhooks(): JSX.Element {
  const [name, setName] = useState('')
  const [url, setUrl] = useState('')
  const [shape, setShape] = useState<string>('json')
  const [event, setEvent] = useState('')
  return (
    <AccessDesk
      path="/v1/webhooks"
      shape={webhooksShape}
      itemsOf={({ webhooks }) => webhooks}
      titles={['Webhooks', 'webhook']}
      lead={
        <>
          Other programs are told what happens. <Link page="deliveries">What went out</Link> is in the log.
        </>
      }
      empty={
        <Empty title="There is no webhook yet">
          Make one below for a help desk, a channel of colleagues, or whatever sends your mail.
        </Empty>
      }
      columns={[
        { title: 'Name', cell: (each) => each.name },
        { title: 'Address', cell: (each) => <code>{each.url}</code> },
        { title: 'Form', cell: (each) => each.shape },
        { title: 'Hears of', cell: (each) => each.events.join(', ') || 'rules alone' },
        { title: 'Test', cell: (each) => <Test id={each.id} name={each.name} /> },
      ]}
      keyOf={({ id }) => id}
      nameOf={(each) => each.name}
      verb="Remove"
      endOf={() => null}
      warn={(old) => `Nothing goes to “${old}” any more, and what waits for it is stopped.`}
      farewell={(old) => `The webhook “${old}” is removed.`}
      fields={
        <>
          <TextField
            label="Name"
            hint="For colleagues, for example help desk."
            value={name}
            isRequired
            onText={setName}
          />
          <TextField
            label="Address"
            hint="https, port 443, a public address."
            value={url}
            isRequired
            onText={setUrl}
          />
          <SelectField label="It takes" value={shape} options={shapes} onValue={setShape} />
          <SelectField label="It hears of" value={event} options={events} onValue={setEvent} />
        </>
      }
      body={() => ({ name: name.trim(), url: url.trim(), shape, events: event === '' ? [] : [event] })}
      made={madeWebhookShape}
      welcome={(made) => {
        setName('')
        setUrl('')
        return (
          <>
            <p>
              The webhook “{made.name}” is made. Copy its secret now, by which messages are checked: it is not
              shown again.
            </p>
            <code class="secret">{made.secret}</code>
          </>
        )
      }}
    />
  )
}

/** Sends a message that says no more than that it arrives. */
function Test({ id, name }: { id: string; name: string }): JSX.Element {
  const [said, setSaid] = useState('')
  const send = (): void => {
    void ask(`/v1/webhooks/${encodeURIComponent(id)}/test`, anyShape, { method: 'POST' }).then((reply) =>
      setSaid(reply.ok ? 'On its way: the log says how it went.' : reply.fault.message),
    )
  }
  return (
    <>
      <button type="button" onClick={send}>
        Test<span class="unseen"> {name}</span>
      </button>
      <span role="status">{said}</span>
    </>
  )
}
