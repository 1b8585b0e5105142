/** Opens cases, and brings what happens with them to webhooks and to the respondent. */
import { createHash } from 'node:crypto'
import { openCase, staffOf, type Case, type CaseEntry, type CaseRoute, type CaseStep } from '../core/cases.ts'
import { derivedId } from '../core/derivedId.ts'
import type { Planned } from '../core/followUps.ts'
import { mayReach } from '../core/reach.ts'
import { wishToReach } from '../core/history.ts'
import type { Job, NewJob, Settlement } from '../core/jobs.ts'
import type { Keyring } from '../core/keyring.ts'
import type { Millis } from '../core/time.ts'
import type { DeliveryBody, Webhook } from '../core/webhook.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { addressFor, tellingJob, type MailDeps } from './mailWork.ts'
import { contactsSince, historyOf } from './subject.ts'

/** What is to be told to a respondent; ids alone, so that what is erased is in no queue. */
export interface Told {
  case: string
  /** The line of the history that has the message. */
  entry: number
  /** What the case is of, by which it is found. */
  rule?: string | undefined
  response?: string | null | undefined
}

/** What a channel is given. */
export interface Telling {
  site: number
  case: Case
  /** Its `message` is for the respondent, and is text. */
  entry: CaseEntry
  now: Millis
}

/**
 * A way on which a respondent is told something. It gives the jobs that bring it there, with ids that hang on the case and the
 * entry alone, and none where it does not reach this respondent.
 */
export type TellChannel = (telling: Telling, deps: Pick<MailDeps, 'store' | 'mail'>) => Promise<NewJob[]>

/** All of them; each that reaches the respondent is used. */
const channels: readonly TellChannel[] = [
  async (telling, { store }) =>
    caseDeliveries(await store.webhooks(telling.site), 'case.told', telling, telling.now),
  async ({ site, case: about, entry, now }, { store, mail }) => {
    const address = mail && (await addressFor(store, site, about.person))
    return address && 'who' in address ? [tellingJob(address, about, entry.number, now)] : []
  },
]

/** The case of a follow-up that is due, as the rule says; whoever is named and may not come in any more is left out. */
export function caseOf(
  { id, rule, cause, response, at, alert }: Planned,
  whom: { visitor: string | null; person: string | null; survey: string | null },
  route: CaseRoute,
  ring: Keyring,
  site: number,
  now: Millis,
): CaseStep {
  const isThere = staffOf(ring, site, now).some((each) => each.id === route.person)
  const sha256 = (text: string): Uint8Array => createHash('sha256').update(text).digest()
  const own = { id: derivedId(at, `case/${site}/${id}`, sha256), rule, cause, response }
  const opening = { ...own, ...whom, ...(alert && { alert }) }
  return openCase(opening, isThere ? route : { ...route, person: undefined }, now)
}

/** What webhooks hear of a line of a case. */
export function caseDeliveries(
  webhooks: readonly Webhook[],
  type: 'case.opened' | 'case.closed' | 'case.told',
  { case: about, entry }: CaseStep,
  now: Millis,
): NewJob[] {
  const isHeard = ({ events, surveys }: Webhook): boolean =>
    events.includes(type) && (surveys === null || (about.survey !== null && surveys.includes(about.survey)))
  return webhooks.filter(isHeard).map(({ id: target }) => {
    const body: DeliveryBody = {
      type,
      at: entry.at,
      event: null,
      response: about.response,
      case: { id: about.id, entry: entry.number, rule: about.rule },
    }
    return {
      kind: 'delivery',
      id: `${type}/${target}/${about.id}#${entry.number}`,
      lane: `${target}/${about.response ?? about.id}`,
      target,
      visitor: about.visitor,
      due: now,
      body,
    }
  })
}

/** What is to be done because of a step of a case: webhooks hear of its end, and the respondent of what was said to them. */
export function jobsOf(step: CaseStep, webhooks: readonly Webhook[], now: Millis): NewJob[] {
  const { case: about, entry } = step
  const closed = entry.what === 'close' ? caseDeliveries(webhooks, 'case.closed', step, now) : []
  if (entry.message === null) return closed
  const { rule, response } = about
  const body: Told = { case: about.id, entry: entry.number, rule, response }
  const id = `${about.id}#${entry.number}`
  // What is said first arrives first.
  const lane = `tell/${about.id}`
  return [...closed, { kind: 'tell', id, lane, target: null, visitor: about.visitor, due: now, body }]
}

/**
 * Tells a respondent something, on all channels. Quiet hours and limits of the plan hold as for any follow-up that reaches a
 * person, and whoever has opted out is not reached.
 */
export async function tell(
  job: Job,
  deps: Pick<MailDeps, 'store' | 'mail'>,
  now: Millis,
): Promise<Settlement> {
  const { store } = deps
  const { site, tries } = job
  const { case: id, entry: number } = job.body as Told
  const stopped = (reason: string): Settlement => ({ state: 'stopped', tries, reason })
  const about = await store.case(site, id)
  const entry = (await store.caseEntries(site, id)).find((each) => each.number === number)
  if (!about || !entry) return stopped('gone')
  const { visitor } = about
  if (visitor === null) return stopped('no-channel')
  const plan = (await store.plan(site)) ?? {}
  const { who, history } = await historyOf(store, site, visitor, wishToReach(plan, about.person, now))
  if (history.some((each) => each.event.type === 'optout')) return stopped('opted-out')
  const contacts = await contactsSince(store, site, who, now)
  const reach = mayReach(plan, { history, contacts }, now)
  if ('until' in reach) return { state: 'waiting', due: reach.until, tries, reason: reach.reason }
  const telling: Telling = { site, case: about, entry, now }
  const add = (await Promise.all(channels.map((each) => each(telling, deps)))).flat()
  if (add.length === 0) return stopped('no-channel')
  const contact = { who, visitor, budgets: reach.budgets }
  return { state: 'done', tries, reason: null, add, contact }
}

/**
 * Whether what is told to a respondent must wait, or not be told any more. It may be tried for days: quiet hours hold for each
 * try, and so does that somebody has opted out meanwhile. That it goes out is counted already.
 *
 * @returns null when it may leave now
 */
export async function heldTelling(
  { site, visitor, tries }: Job,
  person: string | null,
  store: EventStore,
  now: Millis,
): Promise<Settlement | null> {
  if (visitor === null) return null
  const plan = { ...(await store.plan(site)), limits: [] }
  const { history } = await historyOf(store, site, visitor, wishToReach(plan, person, now))
  if (history.some((each) => each.event.type === 'optout'))
    return { state: 'stopped', tries, reason: 'opted-out' }
  const reach = mayReach(plan, { history, contacts: [] }, now)
  return 'until' in reach ? { state: 'waiting', due: reach.until, tries, reason: reach.reason } : null
}
