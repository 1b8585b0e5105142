/** What went out to webhooks and by mail, what waits and what was given up: why, what was in it, and once more. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Fault } from '../api/fault.ts'
import { anyShape } from '../api/adminShapes.ts'
import { type Job, jobShape, jobsShape, retriedShape, webhooksShape } from '../api/outboundShapes.ts'
import { withQuery } from '../api/query.ts'
import { ask } from '../api/request.ts'
import { useAsk } from '../api/use.ts'
import { Confirm } from '../parts/confirm.tsx'
import { DeliveryAbout } from '../parts/deliveryAbout.tsx'
import { SelectField } from '../parts/fields.tsx'
import { Link } from '../parts/link.tsx'
import { Page } from '../parts/page.tsx'
import { Pager } from '../parts/pager.tsx'
import { Empty, FaultNote, Ready } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { formatMoment, zoneOf } from '../period/period.ts'
import { setQuery, usePlace } from '../shell/place.ts'
import type { PageProps } from '../shell/routes.tsx'
import { Made } from './settings/made.tsx'

const states: readonly (readonly [string, string])[] = [
  ['', 'any'],
  ['waiting', 'waiting'],
  ['done', 'done'],
  ['dead', 'given up'],
  ['stopped', 'stopped'],
]
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
}
const nameOf = (list: readonly (readonly [string, string])[], value: string): string =>
  list.find(([each]) => each === value)?.[1] ?? value

/** What may be sent once more from here. A mail that has arrived, or that nobody wants, is not. */
const isAgain = ({ kind, state }: Job): boolean =>
  kind === 'mail' ? state === 'dead' : kind === 'delivery' && state !== 'waiting'

const receiverOf = ({ kind, webhook }: Job, names: readonly (readonly [string, string])[]): string =>
  kind === 'mail' ? 'the person' : nameOf(names, webhook ?? '') || 'nobody yet'

export function Deliveries({ id }: PageProps): JSX.Element {
  return id === null ? <Log /> : <One job={id} />
}

function Log(): JSX.Element {
  const { query } = usePlace()
  const zone = zoneOf(query)
  const [state, webhook, cursor] = ['state', 'webhook', 'cursor'].map((each) => query.get(each) ?? '')
  const asked = useAsk(withQuery('/v1/jobs', { limit: 50, state, webhook, cursor }), jobsShape)
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
      <section class="panel" aria-label="Deliveries">
        <Ready asked={asked}>
          {({ jobs, next }) =>
            jobs.length === 0 ? (
              <Nothing
                isFiltered={state !== '' || webhook !== '' || cursor !== ''}
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
                    { title: 'State', cell: (each) => <State job={each} /> },
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
                  {state === 'dead' && (
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
  if (isFiltered) return <Empty title="None of these">Choose another state or webhook above.</Empty>
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

function State({ job }: { job: Job }): JSX.Element {
  return <span class={job.state === 'dead' ? 'tag dead' : 'tag'}>{nameOf(states, job.state)}</span>
}

/** One of them, with what it brings. */
function One({ job: number }: { job: string }): JSX.Element {
  const { query } = usePlace()
  const zone = zoneOf(query)
  const asked = useAsk(`/v1/jobs/${encodeURIComponent(number)}`, jobShape)
  const webhooks = useAsk('/v1/webhooks', webhooksShape)
  const names = (webhooks.value?.webhooks ?? []).map((each) => [each.id, each.name] as const)
  return (
    <Page title={`Delivery ${number}`} lead={<Link page="deliveries">All deliveries</Link>}>
      <Ready asked={asked}>
        {(job) => (
          <div class="stack">
            <section class="panel" aria-label="About it">
              <h2>About it</h2>
              <dl class="facts">
                <dt>State</dt>
                <dd>
                  <State job={job} /> {job.reason}
                </dd>
                <dt>To</dt>
                <dd>{receiverOf(job, names)}</dd>
                <dt>Tries that failed</dt>
                <dd>{job.tries}</dd>
                <dt>Put down</dt>
                <dd>{formatMoment(job.madeAt, zone)}</dd>
                <dt>{job.due ? 'Due' : 'Ended'}</dt>
                <dd>
                  {job.due || job.endedAt ? formatMoment(job.due ?? job.endedAt ?? '', zone) : 'not yet'}
                </dd>
                {job.response && (
                  <>
                    <dt>About</dt>
                    <dd>
                      <Link page="answers" id={job.response}>
                        the response
                      </Link>
                    </dd>
                  </>
                )}
                {job.message && <DeliveryAbout body={job.message.body} />}
                {job.message && (
                  <>
                    <dt>webhook-id</dt>
                    <dd>
                      <code>{job.message.id}</code>
                    </dd>
                  </>
                )}
                <dt>Identity</dt>
                <dd>
                  <code>{job.id}</code>
                </dd>
              </dl>
            </section>
            <section class="panel" aria-label="What it brings">
              <h2>What it brings</h2>
              {job.message ? (
                <>
                  <p class="soft">
                    Put together from what is stored now: a message holds no copy of an answer. It is signed
                    anew for each try.
                  </p>
                  <pre class="body scroll" tabIndex={0} role="region" aria-label="Body as JSON">
                    {JSON.stringify(job.message.body, null, 2)}
                  </pre>
                </>
              ) : (
                <p class="soft">
                  {job.kind === 'followup'
                    ? 'Nothing yet: it is decided when it is due.'
                    : job.kind === 'mail'
                      ? 'A mail is put together when it leaves, and no copy of it is kept.'
                      : 'The webhook or the answer is gone, and with it what was sent.'}
                </p>
              )}
            </section>
          </div>
        )}
      </Ready>
    </Page>
  )
}
