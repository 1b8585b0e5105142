/** The events that the preview would send, as they leave it. */
import type { FeedbackEvent } from '@earshot/contract'
import type { JSX } from 'preact'
import type { Told } from '@earshot/editor'

/** One event, from the device of the preview to the collector. */
export interface SentEvent {
  id: string
  type: FeedbackEvent['type']
  state: 'waits' | 'sent' | 'gone'
  /** Known once it was sent. */
  event: FeedbackEvent | null
}

const most = 100

/** The list after something was told, newest first. */
export function heardOf(list: readonly SentEvent[], told: Told): readonly SentEvent[] {
  switch (told.type) {
    case 'began':
      return list.map((each) => (each.state === 'waits' ? { ...each, state: 'gone' } : each))
    case 'queued':
      if (list.some((each) => each.id === told.id)) return list
      return [{ id: told.id, type: told.kind, state: 'waits' as const, event: null }, ...list].slice(0, most)
    case 'sent': {
      let next = [...list]
      for (const event of told.events) {
        const row: SentEvent = { id: event.id, type: event.type, state: 'sent', event }
        const at = next.findIndex((each) => each.id === event.id)
        if (at < 0) next = [row, ...next]
        else next[at] = row
      }
      return next.slice(0, most)
    }
    default:
      return list
  }
}

const stateTexts: Readonly<Record<SentEvent['state'], string>> = {
  waits: 'waits on the device',
  sent: 'sent',
  gone: 'gone with the last preview',
}

export function Sent({ list }: { list: readonly SentEvent[] }): JSX.Element {
  const waiting = list.filter((each) => each.state === 'waits').length
  return (
    <>
      <p class="lead">
        Answer in the preview: what the collector would get appears here. The page of the preview takes each
        request in the collector’s place and gives the receipt; nothing leaves this browser. It keeps nothing
        either: each preview is a visitor who was never here.
      </p>
      <p role="status" class="soft">
        {list.length === 0 ? 'No event yet.' : countText(list.length, waiting)}
      </p>
      <ol class="events">
        {list.map((each) => (
          <li key={each.id} class={each.state}>
            <details>
              <summary>
                <b>{each.type}</b> <span class="value">{each.event && valueText(each.event)}</span>{' '}
                <span class="state">{stateTexts[each.state]}</span>
              </summary>
              {each.event ? (
                <pre tabIndex={0} aria-label={`Event ${each.type} as JSON`}>
                  {JSON.stringify(each.event, null, 2)}
                </pre>
              ) : (
                <p class="soft">Its content is on the device alone, until it is sent.</p>
              )}
            </details>
          </li>
        ))}
      </ol>
    </>
  )
}

const countText = (all: number, waiting: number): string =>
  `${all} event${all === 1 ? '' : 's'}${waiting > 0 ? `, of which ${waiting} wait${waiting === 1 ? 's' : ''} on the device` : ''}.`

function valueText(event: FeedbackEvent): string {
  if (event.type === 'answer') return `${event.data.question}: ${JSON.stringify(event.data.value)}`
  if (event.type === 'display') return `by ${event.data.trigger}`
  return event.type === 'dismiss' ? event.data.reason : ''
}
