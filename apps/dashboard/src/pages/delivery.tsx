/** One delivery: how it stands, what it is about, and what it brings. */
import type { JSX } from 'preact'
import { jobShape, webhooksShape } from '../api/outboundShapes.ts'
import { useAsk } from '../api/use.ts'
import { DeliveryAbout } from '../parts/deliveryAbout.tsx'
import { DeliveryState, receiverOf } from '../parts/deliveryState.tsx'
import { Link } from '../parts/link.tsx'
import { Page } from '../parts/page.tsx'
import { Ready } from '../parts/states.tsx'
import { formatMoment, zoneOf } from '../period/period.ts'
import { usePlace } from '../shell/place.ts'

export function DeliveryPage({ job: number }: { job: string }): JSX.Element {
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
                  <DeliveryState job={job} /> {job.reason}
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
                  {job.kind === 'followup' || job.kind === 'event' || job.kind === 'tell'
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
