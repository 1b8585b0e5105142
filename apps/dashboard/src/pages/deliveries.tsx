/** What went out to webhooks and by mail, what waits and what was given up: why, what was in it, and once more. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Fault } from '../api/fault.ts'
import { anyShape } from '../api/adminShapes.ts'
import { type Job, jobsShape, retriedShape, webhooksShape } from '../api/outboundShapes.ts'
import { withQuery } from '../api/query.ts'
import { ask } from '../api/request.ts'
import { useAsk } from '../api/use.ts'
import { Confirm } from '../parts/confirm.tsx'
import { belongingOf, DeliveryScope } from '../parts/deliveryScope.tsx'
import { DeliveryState, nameOf, receiverOf, states } from '../parts/deliveryState.tsx'
import { SelectField } from '../parts/fields.tsx'
import { Link } from '../parts/link.tsx'
import { Page } from '../parts/page.tsx'
import { Pager } from '../parts/pager.tsx'
import { Empty, FaultNote, Ready } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { formatMoment, zoneOf } from '../period/period.ts'
import { setQuery, usePlace } from '../shell/place.ts'
import type { PageProps } from '../shell/routes.tsx'
import { DeliveryPage } from './delivery.tsx'
import { Made } from './settings/made.tsx'

const types: Readonly<Record<string, string>> = {
  'answer.given': 'an answer',
  'response.completed': 'a response',
  'follow-up.due': 'a follow-up',
  'webhook.test': 'a test',
  'case.opened': 'a case that was opened',
  'case.closed': 'a case that was closed',
  'case.told': 'a word to a respondent',
}
const kinds: Readonly<Record<string, string>> = {
  followup: 'a follow-up, planned',
  mail: 'a mail',
  tell: 'a word to a respondent, planned',
  event: 'what an event begins',
  watch: 'a look at a number',
}
/** What may be done once more from here. A mail that has arrived, or that nobody wants, is not sent again. */
const isAgain = ({ kind, state }: Job): boolean =>
  state === 'dead' || (kind === 'delivery' && state !== 'waiting')

export function Deliveries({ id }: PageProps): JSX.Element {
  return id === null ? <Log /> : <DeliveryPage job={id} />
}

function Log(): JSX.Element {
  const { query } = usePlace()
  const zone = zoneOf(query)
  const [state, webhook, cursor] = ['state', 'webhook', 'cursor'].map((each) => query.get(each) ?? '')
  const belonging = belongingOf(query)
  const asked = useAsk(
    withQuery('/v1/jobs', { limit: 50, state, webhook, cursor, ...Object.fromEntries(belonging) }),
    jobsShape,
  )
  const webhooks = useAsk('/v1/webhooks', webhooksShape)
  const [said, setSaid] = useState('')
  const [fault, setFault] = useState<Fault | null>(null)
  const targets = webhooks.value?.webhooks ?? []
  const names = targets.map((each) => [each.id, each.name] as const)

  const again = async ({ job }: Job): Promise<void> => {
    const reply = await ask(`/v1/jobs/${job}/retry`, anyShape, { method: 'POST' })
    setFault(reply.ok ? null : reply.fault)
    if (reply.ok) setSaid(`Delivery ${job} is sent once more.`)
    asked.again()
  }
  const allAgain = async (): Promise<void> => {
    const body = { state: 'dead', ...(webhook !== '' && { webhook }) }
    let sum = 0
    for (;;) {
      const reply = await ask('/v1/jobs/retry', retriedShape, { method: 'POST', body })
      setFault(reply.ok ? null : reply.fault)
      if (reply.ok) sum += reply.value.retried
      if (!reply.ok || reply.value.isComplete || reply.value.retried === 0) break
    }
    setSaid(`${sum} ${sum === 1 ? 'delivery is' : 'deliveries are'} sent once more.`)
    asked.again()
  }
  return (
    <Page
      title="Deliveries"
      lead={`What goes to webhooks and by mail, the newest first. Times in ${zone.replaceAll('_', ' ')}.`}
      tools={
        <Link page="settings" query={{ view: 'webhooks' }} class="button">
          Webhooks
        </Link>
      }
    >
      <Made>{said}</Made>
      {fault && <FaultNote fault={fault} />}
      <div class="filters">
        <SelectField
          label="State"
          value={state ?? ''}
          options={states}
          onValue={(next) => setQuery({ state: next, cursor: null })}
        />
        <SelectField
          label="Webhook"
          value={webhook ?? ''}
          options={[['', 'any'], ...names]}
          onValue={(next) => setQuery({ webhook: next, cursor: null })}
        />
      </div>
      {belonging.map(([name, value]) => (
        <DeliveryScope key={name} name={name} value={value} />
      ))}
      <section class="panel" aria-label="Deliveries">
        <Ready asked={asked}>
          {({ jobs, next }) =>
            jobs.length === 0 ? (
              <Nothing
                isFiltered={state !== '' || webhook !== '' || cursor !== '' || belonging.length > 0}
                hasWebhook={targets.length > 0}
              />
            ) : (
              <>
                <Table<Job>
                  caption="Deliveries, the newest first"
                  isCaptionHidden
                  columns={[
                    {
                      title: 'When',
                      cell: (each) => (
                        <Link page="deliveries" id={String(each.job)}>
                          {formatMoment(each.madeAt, zone)}
                        </Link>
                      ),
                    },
                    { title: 'State', cell: (each) => <DeliveryState job={each} /> },
                    {
                      title: 'What',
                      cell: ({ kind, type }) => kinds[kind] ?? types[type ?? ''] ?? type ?? 'a message',
                    },
                    { title: 'To', cell: (each) => receiverOf(each, names) },
                    { title: 'Tries', cell: (each) => each.tries, isNumber: true },
                    { title: 'Because', cell: (each) => each.reason ?? '' },
                    {
                      title: 'Next or ended',
                      cell: ({ due, endedAt }) =>
                        due ? `due ${formatMoment(due, zone)}` : endedAt ? formatMoment(endedAt, zone) : '',
                    },
                    {
                      title: 'Again',
                      cell: (each) =>
                        isAgain(each) && (
                          <button type="button" onClick={() => void again(each)}>
                            {each.state === 'dead' ? 'Try again' : 'Send again'}
                            <span class="unseen"> delivery {each.job}</span>
                          </button>
                        ),
                    },
                  ]}
                  rows={jobs}
                  keyOf={(each) => String(each.job)}
                />
                <Pager cursor={cursor ?? null} next={next}>
                  {state === 'dead' && belonging.length === 0 && (
                    <Confirm
                      label="Try all again"
                      question={`All deliveries that were given up${webhook ? ` to “${nameOf(names, webhook)}”` : ''} are sent once more, each under the same id.`}
                      yes="Send them"
                      onYes={allAgain}
                    />
                  )}
                </Pager>
              </>
            )
          }
        </Ready>
      </section>
    </Page>
  )
}

function Nothing({ isFiltered, hasWebhook }: { isFiltered: boolean; hasWebhook: boolean }): JSX.Element {
  if (isFiltered)
    return (
      <Empty title="None of these">
        Choose another state or webhook above. What is done is kept for 30 days.
      </Empty>
    )
  return (
    <Empty title="Nothing went out yet">
      {hasWebhook ? (
        <>
          Deliveries stand here as soon as somebody answers, or a rule of the{' '}
          <Link page="follow-ups">follow-ups</Link> is due.
        </>
      ) : (
        <>
          There is no webhook yet.{' '}
          <Link page="settings" query={{ view: 'webhooks' }}>
            Make one
          </Link>
          , and what goes there stands here.
        </>
      )}
    </Empty>
  )
}
