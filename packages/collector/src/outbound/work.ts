/** Does one job: looks what an event begins, or whether a number is an alert, decides about a follow-up, tells a respondent something, or brings a delivery to its webhook or a message to a person. */
import type { Survey } from '@earshot/contract'
import { lastLook } from '../core/alerts.ts'
import type { CaseStep } from '../core/cases.ts'
import { askedBy, reachesPerson, type PlanRule } from '../core/followUpPlan.ts'
import { causedBy, decide, type Planned } from '../core/followUps.ts'
import { nextTry, type Job, type NewJob, type Settlement } from '../core/jobs.ts'
import { isSurveyEvent, type KeptResponse } from '../core/project.ts'
import type { Millis } from '../core/time.ts'
import { liveSecrets, messageOf, shaped, type DeliveryBody, type Webhook } from '../core/webhook.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { caseDeliveries, caseOf, heldTelling, tell } from './cases.ts'
import { addressFor, mailJob, sendMail, type MailBody, type MailDeps } from './mailWork.ts'
import { lookAgain, subjectOf, type FollowUpBody, type Kept } from './lookAgain.ts'
import type { Post } from './post.ts'
import { messageId, signed } from './sign.ts'
import { contactsSince } from './subject.ts'
import { findAt, watch } from './watch.ts'

/** What jobs are done with. */
export interface WorkDeps extends MailDeps {
  post: Post
  /** Aborted when the work is to end. */
  signal: AbortSignal
}

/** A delivery as its job keeps it. */
interface KeptDelivery extends DeliveryBody, Kept {}

/** A message as its job keeps it. */
interface KeptMail extends MailBody, Kept {}

const gone: Settlement = { state: 'gone', tries: 0, reason: null }
/** How long a follow-up waits whose budget somebody else has just used. */
const shortWhile: Millis = 60_000

/**
 * Does a job.
 *
 * @param keep keeps another body of the job, and the job for longer; false when it was lost
 * @returns what became of it, which is to be written down
 * @throws a failure of the store
 */
export function work(job: Job, deps: WorkDeps, keep: Keep): Promise<Settlement> {
  if (job.kind === 'event') return begin(job, deps)
  if (job.kind === 'watch') return watch(job, deps.store, deps.clock.now())
  if (job.kind === 'tell') return tell(job, deps, deps.clock.now())
  if (job.kind === 'mail') return message(job, deps, keep)
  return job.kind === 'followup' ? followUp(job, deps) : deliver(job, deps)
}

/** Keeps another body of a job that is being done, and the job until then. */
export type Keep = (body: unknown, until: Millis) => Promise<boolean>

/** What is to be written down instead, where a budget does not allow that somebody is reached. */
export function heldUp(job: Job, now: Millis): Settlement {
  return { state: 'waiting', due: now + shortWhile, tries: job.tries, reason: 'limit' }
}

async function begin(job: Job, { store, clock }: WorkDeps): Promise<Settlement> {
  const { site } = job
  const stored = await store.event(site, job.id)
  // It was erased meanwhile.
  if (!stored) return gone
  const { event } = stored
  const about = isSurveyEvent(event) ? event : null
  const [response, plan, webhooks] = await Promise.all([
    about && store.response(site, about.response),
    store.plan(site),
    store.webhooks(site),
  ])
  // Of another visitor under the id of this response: it changes nothing, and so it begins nothing.
  if (about && (!response || response.visitor !== about.visitor)) return gone
  const caused = plan
    ? causedBy(plan, { ...stored, at: stored.occurredAt }, response, await surveyOf(store, site, response))
    : []
  const type =
    event.type === 'answer' ? 'answer.given' : event.type === 'complete' ? 'response.completed' : null
  const heard =
    type === null || !response
      ? []
      : webhooks.filter(
          ({ events, surveys }) => events.includes(type) && (surveys?.includes(response.survey) ?? true),
        )
  const add: NewJob[] = [
    ...heard.map(({ id }) =>
      delivery(id, `hook/${id}/${event.id}`, event.visitor, clock.now(), {
        type: type ?? 'answer.given',
        at: stored.occurredAt,
        event: event.id,
        response: response?.id ?? null,
      }),
    ),
    ...caused.map((planned) => {
      const body: FollowUpBody = { ...planned, visitor: event.visitor, person: event.person }
      const { id, due } = planned
      return { kind: 'followup' as const, id, lane: null, target: null, visitor: event.visitor, due, body }
    }),
  ]
  return { ...gone, add }
}

function delivery(
  target: string,
  id: string,
  visitor: string | null,
  due: Millis,
  body: KeptDelivery,
): NewJob {
  const lane = `${target}/${body.response ?? body.followUp?.id ?? id}`
  return { kind: 'delivery', id, lane, target, visitor, due, body }
}

/** A message that says no more than that it arrives. */
export function testDelivery(target: string, id: string, now: Millis): NewJob {
  return delivery(target, `test/${target}/${id}`, null, now, {
    type: 'webhook.test',
    at: now,
    event: null,
    response: null,
  })
}

export async function surveyOf(
  store: EventStore,
  site: number,
  response: KeptResponse | null,
): Promise<Survey | null> {
  if (!response) return null
  const versions = await store.surveys(site, response.survey)
  return versions.find(({ survey }) => survey.version === response.version)?.survey ?? null
}

async function followUp(job: Job, { store, clock }: WorkDeps): Promise<Settlement> {
  const { site, tries } = job
  const planned = job.body as FollowUpBody
  const plan = await store.plan(site)
  const rule = plan?.rules.find((each) => each.id === planned.rule)
  if (!plan || !rule) return { state: 'stopped', tries, reason: 'no-rule' }
  const response = planned.response === null ? null : await store.response(site, planned.response)
  const now = clock.now()
  const { who, history } = await subjectOf(store, site, planned, response, plan, rule, now)
  const contacts = await contactsSince(store, site, who, now)
  const survey = await surveyOf(store, site, response)
  const isOver = await isAlertOver(store, site, rule, planned, now)
  const decision = decide(plan, planned, { history, response, survey, contacts, isOver }, now)
  if (decision.do === 'stop') return { state: 'stopped', tries, reason: decision.reason }
  if (decision.do === 'wait') return { state: 'waiting', due: decision.until, tries, reason: decision.reason }
  if ('case' in rule.do) {
    const person = response?.person ?? planned.person
    const about = response?.survey ?? planned.alert?.survey ?? null
    const whom = { visitor: planned.visitor, person, survey: about }
    const open = caseOf(planned, whom, rule.do.case, await store.keyring(), site, now)
    const add = caseDeliveries(await store.webhooks(site), 'case.opened', open, now)
    return { state: 'done', tries, reason: null, open, add }
  }
  const { id, cause, step, visitor } = planned
  const next = decision.next
  const sent = {
    state: next === null ? ('done' as const) : ('waiting' as const),
    due: next ?? now,
    tries: 0,
    reason: null,
    ...(reachesPerson(rule) && visitor !== null && { contact: { who, visitor, budgets: decision.budgets } }),
  }
  const after = { ...planned, step: step + 1, due: next ?? now }
  if ('mail' in rule.do) {
    if (visitor === null) return { state: 'stopped', tries, reason: 'gone' }
    const address = await addressFor(store, site, response?.person ?? planned.person)
    if ('stop' in address) return { state: 'stopped', tries, reason: address.stop }
    const made = mailJob(address, { ...planned, visitor, row: job.row }, now)
    const kept: KeptMail = { ...(made.body as MailBody), planned: { ...planned, row: job.row } }
    const mailed = { person: address.person, survey: askedBy(rule) ?? '' }
    return { ...sent, body: { ...after, mailed }, add: [{ ...made, body: kept }] }
  }
  const body: KeptDelivery = {
    type: 'follow-up.due',
    at: now,
    event: null,
    response: planned.response,
    followUp: { id, rule: rule.id, cause, step, text: decision.texts },
    alert: planned.alert,
    planned: { ...planned, row: job.row },
  }
  const add = [delivery(rule.do.webhook, `follow/${id}#${step}`, visitor, now, body)]
  return { ...sent, body: after, add }
}

/** Whether an alert of which more is to be told than that it began is over. */
async function isAlertOver(
  store: EventStore,
  site: number,
  { after, delay }: PlanRule,
  { alert, step }: Planned,
  now: Millis,
): Promise<boolean> {
  if (after.on !== 'alert' || !alert || (delay === 0 && step === 0)) return false
  const finding = await findAt(store, site, after, lastLook(after, now))
  return finding !== null && !finding.lasts(alert.side)
}

async function message(job: Job, deps: WorkDeps, keep: Keep): Promise<Settlement> {
  const { store, clock } = deps
  const { site, tries } = job
  const { planned, person } = job.body as KeptMail
  if (!planned) return (await heldTelling(job, person, store, clock.now())) ?? sendMail(job, null, deps, keep)
  const plan = await store.plan(site)
  const rule = plan?.rules.find((each) => each.id === planned.rule)
  if (!rule) return { state: 'stopped', tries, reason: 'no-rule' }
  const response = planned.response === null ? null : await store.response(site, planned.response)
  const again = await lookAgain(job, planned, response, await surveyOf(store, site, response), deps)
  if (again.held) return again.held
  const sent = await sendMail(job, rule, deps, keep)
  return sent.state === 'done' ? { ...sent, ...again.reached(sent.body) } : sent
}

async function deliver(job: Job, deps: WorkDeps): Promise<Settlement> {
  const { store, clock, random, post, signal } = deps
  const { site, tries, target } = job
  const body = job.body as KeptDelivery
  const stopped = (reason: string): Settlement => ({ state: 'stopped', tries, reason })
  const webhook = (await store.webhooks(site)).find((each) => each.id === target)
  if (!webhook) return stopped('no-webhook')
  const content = await contentOf(job, webhook, store)
  // It may have been erased meanwhile.
  if (!content) return stopped('gone')
  const { text, response, survey } = content
  const again = body.planned && (await lookAgain(job, body.planned, response, survey, deps))
  if (again?.held) return again.held
  const now = clock.now()
  const held = content.told && (await heldTelling(job, content.told.case.person, store, now))
  if (held) return held
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Earshot',
    ...signed(messageId(site, job.id), now, text, liveSecrets(webhook, now)),
  }
  const posted = await post(webhook.url, headers, text, signal)
  if (posted.ok) return { state: 'done', tries, reason: `status ${posted.status}`, ...again?.reached(body) }
  const at = clock.now()
  // It was broken off here, which is nobody's failure.
  if (signal.aborted) return { state: 'waiting', due: at, tries, reason: null }
  const chance = (random.bytes(1)[0] ?? 0) / 256
  const due = posted.isFinal ? null : nextTry(tries + 1, at, chance, posted.asked)
  return due === null
    ? { state: 'dead', tries: tries + 1, reason: posted.reason }
    : { state: 'waiting', due, tries: tries + 1, reason: posted.reason }
}

/** What a delivery brings, as it would leave now; null where any of it is gone. */
async function contentOf(
  { site, body: kept }: Job,
  { shape }: Webhook,
  store: EventStore,
): Promise<{
  text: string
  response: KeptResponse | null
  survey: Survey | null
  /** What is told to a respondent; null of anything else. */
  told: CaseStep | null
} | null> {
  const body = kept as KeptDelivery
  const response = body.response === null ? null : await store.response(site, body.response)
  const event = body.event === null ? null : await store.event(site, body.event)
  const told = body.case ? await toldStep(store, site, body.case) : null
  // A case may outlive the answer that it is about.
  if (body.case ? !told : (body.response !== null && !response) || (body.event !== null && !event))
    return null
  const survey = await surveyOf(store, site, response)
  return {
    text: shaped(shape, messageOf(body, event?.event ?? null, response, told), survey),
    response,
    survey,
    told: body.type === 'case.told' ? told : null,
  }
}

/** A case as it was after a line of its history, as far as a message tells of it; null when it is gone. */
async function toldStep(
  store: EventStore,
  site: number,
  { id, entry: number }: { id: string; entry: number },
): Promise<CaseStep | null> {
  const about = await store.case(site, id)
  const entry = (await store.caseEntries(site, id)).find((each) => each.number === number)
  return about && entry ? { case: about, entry } : null
}

/** What a delivery brings to its webhook, put together as it would leave now; null where any of it is gone. */
export async function composed(job: Job, store: EventStore): Promise<{ id: string; body: unknown } | null> {
  const webhook = (await store.webhooks(job.site)).find((each) => each.id === job.target)
  const content = webhook && (await contentOf(job, webhook, store))
  return content ? { id: messageId(job.site, job.id), body: JSON.parse(content.text) as unknown } : null
}
