/** What becomes of customers: `POST /v1/lifecycle` takes what servers tell, `GET /v1/reports/…` counts it. */
import { lifecycleNames, type Receipt, type Scalar } from '@earshot/contract'
import { scalarsSchema } from '@earshot/contract/schema'
import { z } from 'zod'
import { customerMetrics, type CustomerMetric } from '../../core/customerNumbers.ts'
import { buildCustomerReport, type CustomerReport } from '../../core/customerReport.ts'
import { segmentCustomers, splitNote } from '../../core/customerSegments.ts'
import { choose, customerFlaw, groupsOf, ofChosen, type IsChosen } from '../../core/customerChoice.ts'
import { lifeEvent } from '../../core/import/lives.ts'
import { readConditions } from '../../core/attributes.ts'
import { readBatch } from '../../core/ingest.ts'
import { momentsFor } from '../../core/peopleFacts.ts'
import { readQuery } from '../../core/query.ts'
import { ownValue } from '../../core/text.ts'
import { formatMoment, parseMoment, type Millis } from '../../core/time.ts'
import { startOfDay } from '../../core/zone.ts'
import { dayOf } from '@earshot/metrics'
import { readAdminBody } from '../adminBody.ts'
import { someone } from '../caller.ts'
import { allMoments, pagesOf } from '../counting.ts'
import { badQuery, defaultMinimum, minimumFlaw } from '../reportQuery.ts'
import { json, type AdminCall, type Deps, type Route } from '../route.ts'
import { storeBatch } from './feedback.ts'

/** Most events of one request. */
const mostEvents = 500

const id = z.string().min(1).max(200)
/** Body of `POST /v1/lifecycle`. */
export const lifecycleSchema: z.ZodType<{
  events: {
    id: string
    name: string
    at: string
    person?: string | undefined
    visitor?: string | undefined
    props?: Record<string, Scalar> | undefined
  }[]
}> = z.strictObject({
  events: z
    .array(
      z
        .strictObject({
          id,
          name: z.enum(lifecycleNames as [string, ...string[]]),
          at: z.iso.datetime(),
          person: id.optional(),
          visitor: z.string().min(1).max(64).optional(),
          props: scalarsSchema.optional(),
        })
        .refine((each) => each.person !== undefined || each.visitor !== undefined, {
          message: 'person or visitor must be there',
        }),
    )
    .min(1)
    .max(mostEvents),
})

/** Length of the period, where none is asked for, in days. */
const usualDays = 30
/** In days: how long an enquiry must stay solved, and a trial has to be paid. */
const usualWindow: Readonly<Partial<Record<CustomerMetric, number>>> = { fcr: 7, trial: 30 }

/** The routes of this file. */
export function lifecycleRoutes(deps: Deps): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/lifecycle',
      access: 'admin',
      need: 'record',
      handle: (call) => take(call, deps),
    },
    ...customerMetrics.map((metric): Route => ({
      method: 'GET',
      path: `/v1/reports/${metric}`,
      access: 'admin',
      need: 'numbers',
      handle: (call) => report(metric, call, deps),
    })),
  ]
}

/** Stores events under ids that are made of those that were sent, so that sending again is always safe. */
async function take(call: AdminCall, deps: Deps): Promise<Response> {
  const body = await readAdminBody(call, lifecycleSchema)
  if (!body.ok) return body.response
  const { hash, clock } = deps
  const now = clock.now()
  const sha256 = (text: string): Uint8Array => hash.sha256(text)
  const sent = new Map<string, string>()
  const events = body.value.events.map(({ id: own, name, at, person = null, visitor, props = {} }, index) => {
    const told = { key: own, name, at, person, visitor, props, seq: index, way: 'server' as const }
    const event = lifeEvent(told, parseMoment(at) ?? 0, sha256)
    sent.set(event.id, own)
    return event
  })
  const envelope = { key: '', sentAt: formatMoment(now), sdk: 'server/1', events }
  const receipt = await storeBatch(deps, call.site, readBatch(envelope, now), now, someone)
  const named = (made: string): string => sent.get(made) ?? made
  return json({
    accepted: receipt.accepted.map(named),
    duplicates: receipt.duplicates.map(named),
    rejected: receipt.rejected.map((each) => ({ ...each, id: named(each.id) })),
  } satisfies Receipt)
}

async function report(
  metric: CustomerMetric,
  { url, site, token }: AdminCall,
  { store, clock }: Deps,
): Promise<Response> {
  const own = usualWindow[metric]
  const read = readQuery(url.searchParams, [
    'from',
    'to',
    'timezone',
    'where',
    'by',
    'minimum',
    ...(own === undefined ? [] : (['window'] as const)),
  ])
  if (!read.ok) return badQuery(read.message)
  const where = readConditions(read.query.where ?? [])
  if (typeof where === 'string') return badQuery(where)
  const flaw = where.map(({ name }) => customerFlaw(name)).find((each) => each !== null)
  if (flaw !== undefined) return badQuery(flaw)
  const { timezone = 'UTC', window = own ?? 0, by, minimum = defaultMinimum } = read.query
  const byFlaw = by === undefined ? null : customerFlaw(by)
  if (byFlaw !== null) return badQuery(byFlaw)
  const low = minimumFlaw(minimum, token.role)
  if (low) return low
  const now = clock.now()
  const to = read.query.to ?? now
  const from = read.query.from ?? startOfDay(dayOf(to, timezone) - usualDays, timezone)
  if (from >= to) return badQuery('"from" must be before "to"')
  const moments = await allMoments(
    store,
    site.id,
    [...new Set([...lifecycleNames, ...momentsFor(by ?? null, where)])],
    metric === 'trial' || metric === 'fcr' || metric === 'resolution' ? undefined : to,
  )
  const isChosen = choose(moments, { where, from, to })
  const answers =
    metric === 'fcr' ? await solvedAnswers(store, site.id, from, to, isChosen) : { yes: 0, no: 0 }
  const question = { metric, from, to, now, timezone, window, answers, isNarrowed: where.length > 0 }
  const whole = buildCustomerReport(question, ofChosen(moments, isChosen))
  if (by === undefined) return json(whole)
  const groups = groupsOf(moments, { by, from, to }, isChosen)
  const segments = segmentCustomers(question, by, groups, minimum)
  return json({ ...whole, segments, notes: [...whole.notes, splitNote] } satisfies CustomerReport)
}

/** What customers answered to "was it solved at the first contact?". */
async function solvedAnswers(
  store: Deps['store'],
  site: number,
  from: Millis,
  to: Millis,
  isChosen: IsChosen,
): Promise<{ yes: number; no: number }> {
  const stored = await store.surveys(site)
  const questions = new Map<string, string>()
  for (const { survey } of stored)
    for (const each of survey.questions)
      if (each.kind === 'yesno' && each.purpose === 'resolution') questions.set(survey.id, each.id)
  const counts = { yes: 0, no: 0 }
  for (const [survey, question] of questions)
    for await (const responses of pagesOf(store, site, { survey, to }))
      for (const { answers, overQuota, visitor, person } of responses) {
        const answer = ownValue(answers, question)
        const at = parseMoment(String(ownValue(answer, 'at'))) ?? 0
        if (overQuota || at < from || at >= to || !isChosen({ visitor, person })) continue
        const value = ownValue(answer, 'value')
        if (value === true) counts.yes += 1
        if (value === false) counts.no += 1
      }
  return counts
}
