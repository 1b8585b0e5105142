/** `/v1/jobs`: what goes out, what was given up, what is in it, and once more. */
import { aboutOf, type Job, type JobFilter, type JobState } from '../../core/jobs.ts'
import { formatMoment, type Millis } from '../../core/time.ts'
import { readAdminBody } from '../adminBody.ts'
import { problem } from '../errors.ts'
import { retrySchema } from '../followUpSchema.ts'
import { json, type Deps, type Route } from '../route.ts'

const states: readonly JobState[] = ['waiting', 'done', 'stopped', 'dead']
const defaultPage = 50
const largestPage = 200
/** Most that one request sends once more. */
const mostAgain = 1000
const moment = (at: Millis | null): string | null => (at === null ? null : formatMoment(at))

/** A job as it is shown. */
function show(job: Job): object {
  const { row, kind, id, target, due, state, tries, reason, madeAt, endedAt, body } = job
  const times = { madeAt: formatMoment(madeAt), endedAt: moment(endedAt) }
  const isWaiting = state === 'waiting'
  const { type = null } = (body ?? {}) as { type?: string }
  return {
    job: row,
    kind,
    id,
    type,
    ...aboutOf(job),
    webhook: kind === 'mail' ? null : target,
    state,
    due: isWaiting ? formatMoment(due) : null,
    tries,
    reason,
    ...times,
  }
}

const rowOf = (text: string | undefined): number => (/^\d{1,15}$/.test(text ?? '') ? Number(text) : 0)

/** The routes of this file. */
export function jobRoutes({ store, clock, outbound }: Deps): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/jobs',
      access: 'admin',
      need: 'configure',
      async handle({ site, url }) {
        const { searchParams } = url
        const state = searchParams.get('state')
        const isState = state === null || (states as readonly string[]).includes(state)
        const numberOf = (name: string, usual: number, highest: number): number => {
          const text = searchParams.get(name) ?? String(usual)
          const number = /^\d{1,16}$/.test(text) ? Number(text) : 0
          return number <= highest ? number : 0
        }
        const limit = numberOf('limit', defaultPage, largestPage)
        const before = numberOf('cursor', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
        if (!isState || limit === 0 || before === 0)
          return problem(
            400,
            'invalid_query',
            `Use state (${states.join(', ')}), webhook, response, case, rule, person, limit (1 to ${largestPage}), and as cursor what "next" said.`,
          )
        const given = (name: string): string | undefined => searchParams.get(name) ?? undefined
        const person = given('person')
        const filter: JobFilter = {
          target: given('webhook'),
          response: given('response'),
          case: given('case'),
          rule: given('rule'),
          // As the page of a person: the visitor of this id, or all who sent something under this name.
          ...(person !== undefined && {
            visitors: (await store.visitorsOf(site.id, person)).map((each) => each.visitor),
          }),
        }
        const jobs = await store.jobs(site.id, state as JobState | null, { before, limit, ...filter })
        const last = jobs.length === limit ? jobs.at(-1) : undefined
        return json({ jobs: jobs.map(show), next: last ? String(last.row) : null })
      },
    },
    {
      method: 'POST',
      path: '/v1/jobs/{job}/retry',
      access: 'admin',
      need: 'configure',
      async handle({ site, params }) {
        const isAgain = await store.retryJob(site.id, rowOf(params['job']), clock.now())
        return isAgain
          ? new Response(null, { status: 202 })
          : problem(404, 'unknown_job', 'Nothing that has ended and could be done again has this number.')
      },
    },
    {
      method: 'GET',
      path: '/v1/jobs/{job}',
      access: 'admin',
      need: 'configure',
      async handle({ site, params }) {
        const row = rowOf(params['job'])
        const job = await store.job(site.id, row)
        const isInner = job?.kind === 'event' || job?.kind === 'watch'
        if (!job || (isInner && job.state !== 'dead'))
          return problem(404, 'unknown_job', 'There is no job with this number.')
        return json({ ...show(job), message: job.kind === 'delivery' ? await outbound.compose(job) : null })
      },
    },
    {
      method: 'POST',
      path: '/v1/jobs/retry',
      access: 'admin',
      need: 'configure',
      async handle(call) {
        const body = await readAdminBody(call, retrySchema)
        if (!body.ok) return body.response
        const { state, webhook: target } = body.value
        let retried = 0
        let before: number | undefined
        for (let looked = 0; looked < mostAgain;) {
          const jobs: Job[] = await store.jobs(call.site.id, state, { before, limit: largestPage, target })
          for (const { row } of jobs) if (await store.retryJob(call.site.id, row, clock.now())) retried++
          before = jobs.at(-1)?.row
          looked += jobs.length
          if (jobs.length < largestPage) return json({ retried, isComplete: true })
        }
        return json({ retried, isComplete: false })
      },
    },
  ]
}
