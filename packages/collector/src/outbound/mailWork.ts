/** Brings a message to a person: looks whether it may still go out, puts it together, and writes down what came of it. */
import { createHash } from 'node:crypto'
import type { Survey } from '@earshot/contract'
import type { Case } from '../core/cases.ts'
import { derivedId } from '../core/derivedId.ts'
import { askedBy, wordingAt, type PlanRule, type Texts } from '../core/followUpPlan.ts'
import { answersOf, fill, openQuestion } from '../core/hostedCourse.ts'
import { nextTry, type Job, type NewJob, type Settlement } from '../core/jobs.ts'
import { bindingOf, hexOf, hiddenName, signLink, type LinkTools } from '../core/linkToken.ts'
import { mailLane, type MailAddress, type MailSecrets } from '../core/mail.ts'
import { headerLine, type Sender } from '../core/mailAddress.ts'
import { spokenSurvey, spokenIn, textIn } from '../core/mailLanguage.ts'
import { composeMail, mailHeaders, type MailMessage } from '../core/mailMessage.ts'
import type { KeptResponse } from '../core/project.ts'
import { standingVersion } from '../core/surveys.ts'
import { day, type Millis } from '../core/time.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { Clock, Hash, Random } from '../ports/world.ts'
import type { Smtp } from './smtp.ts'

/** How mail is sent; null where it was not set up. */
export interface MailSetup {
  smtp: Smtp
  from: Sender
  /** Where people reach the collector, without a slash at the end. */
  publicUrl: string
}

/** What messages are made with. */
export interface MailDeps {
  store: EventStore
  clock: Clock
  random: Random
  hash: Hash
  mail: MailSetup | null
}

/** A follow-up as far as mail needs it. */
export interface MailFollowUp {
  id: string
  rule: string
  response: string | null
  at: Millis
  step: number
  visitor: string
  /** Row of its job. */
  row: number
}

/** A message as its job keeps it. It holds names alone: what is said is put together when it leaves. */
export interface MailBody {
  person: string
  /** Of a rule: what is asked. */
  followUp?: MailFollowUp | undefined
  /** Of a case: the line of its history that has what is said. */
  told?:
    | { case: string; entry: number; rule?: string | undefined; response?: string | null | undefined }
    | undefined
  /** Of anything else: what is said. */
  note?: { subject: Texts; text: Texts } | undefined
  /** How often it was begun without word of what became of it. */
  begun?: number | undefined
}

/** How long a link to a survey works. */
const linkSpan: Millis = 60 * day
/** How long a message waits where no mail server is set up. */
const whileUnset: Millis = 3_600_000
/** A message of which twice nobody knows whether it arrived is given up: it arrives at most once more than it should. */
const mostBegun = 2
/** How long a message that is on its way belongs to who sends it. Longer than the conversation may take. */
const hold: Millis = 30_000
/** Letters of a subject that staff did not write as one. */
const mostOfSubject = 78
const silence = { subject: null, text: null }

/** What signs links and looks at them. */
export function linkTools({ hmac, equal }: Pick<Hash, 'hmac' | 'equal'>): LinkTools {
  return { mac: hmac, equal }
}

/** The secrets of a site, made at the first time. */
export function secretsOf(
  { store, random, clock }: Pick<MailDeps, 'store' | 'random' | 'clock'>,
  site: number,
): Promise<MailSecrets> {
  const fresh = (): string => Buffer.from(random.bytes(32)).toString('base64url')
  return store.mailSecrets(site, { link: fresh(), names: fresh() }, clock.now())
}

/** A secret as bytes. */
export function keyOf(secret: string): Uint8Array {
  return Buffer.from(secret, 'base64url')
}

/** The hidden names of a person and of an address. */
export function hiddenNames(
  { names }: Pick<MailSecrets, 'names'>,
  person: string,
  email: string | null,
  { mac }: LinkTools,
): { who: string; mail: string | null } {
  const name = (kind: 'person' | 'mail', text: string): string =>
    hexOf(hiddenName(kind, text, keyOf(names), mac))
  return { who: name('person', person), mail: email === null ? null : name('mail', email.toLowerCase()) }
}

/** Why a person is not written to, or the address. */
export async function addressFor(
  store: EventStore,
  site: number,
  person: string | null,
): Promise<MailAddress | { stop: 'no-person' | 'no-address' | 'unsubscribed' }> {
  if (person === null) return { stop: 'no-person' }
  const address = await store.mailAddress(site, person)
  if (!address) return { stop: 'no-address' }
  return (await store.isUnsubscribed(site, address.who, address.mail)) ? { stop: 'unsubscribed' } : address
}

/** The message of a step of a follow-up, as work that is put down. */
export function mailJob(address: MailAddress, followUp: MailFollowUp, now: Millis): NewJob {
  const body: MailBody = { person: address.person, followUp }
  return {
    kind: 'mail',
    id: `follow/${followUp.id}#${followUp.step}`,
    lane: mailLane(address.who),
    target: 'smtp',
    visitor: followUp.visitor,
    due: now,
    body,
  }
}

/** What staff says to the respondent of a case, as work that is put down. */
export function tellingJob(
  address: MailAddress,
  about: Pick<Case, 'id' | 'visitor' | 'rule' | 'response'>,
  entry: number,
  now: Millis,
): NewJob {
  const { id: of, rule, response } = about
  const body: MailBody = { person: address.person, told: { case: of, entry, rule, response } }
  const lane = mailLane(address.who)
  const id = `told/${of}#${entry}`
  return { kind: 'mail', id, lane, target: 'smtp', visitor: about.visitor, due: now, body }
}

/**
 * Has a person written to: a few words in the language of the person, with the way to unsubscribe, once for each id. Nothing is
 * put down for who has no address or wants no mail.
 *
 * @param wanted `id` names the reason, such as `case/17/answered`; the texts are by language, plain, with empty lines between paragraphs
 * @returns why nobody is written to; null when it was put down
 * @example
 * await mailPerson(store, site, { id: 'case/17/done', person: 'customer-17', subject: { en: 'You said, we did' }, text }, now)
 */
export async function mailPerson(
  store: EventStore,
  site: number,
  wanted: { id: string; person: string; subject: Texts; text: Texts },
  now: Millis,
): Promise<'no-person' | 'no-address' | 'unsubscribed' | null> {
  const address = await addressFor(store, site, wanted.person)
  if ('stop' in address) return address.stop
  const { id, person, subject, text } = wanted
  const body: MailBody = { person, note: { subject, text } }
  const lane = mailLane(address.who)
  const job: NewJob = { kind: 'mail', id: `note/${id}`, lane, target: 'smtp', visitor: null, due: now, body }
  await store.addJobs(site, [job], now)
  return null
}

/** The response that a link goes on with: that of the browser, where it was begun there and not ended; else one of its own. */
export function responseOf(
  site: number,
  followUp: Pick<MailFollowUp, 'id' | 'at'>,
  survey: string,
  cause: KeptResponse | null,
  sha256: Hash['sha256'],
): string {
  const isBegun =
    cause?.survey === survey && cause.completedAt === null && Object.keys(cause.answers).length > 0
  return isBegun ? cause.id : derivedId(followUp.at, `hosted/${site}/${followUp.id}`, sha256)
}

/** The definition that somebody answers: that of the response, where there is one; else the one that is served now. */
export async function askedSurvey(
  store: EventStore,
  site: number,
  id: string,
  response: KeptResponse | null,
): Promise<Survey | null> {
  const versions = await store.surveys(site, id)
  const begun = response && versions.find(({ survey }) => survey.version === response.version)
  return (begun ?? standingVersion(versions))?.survey ?? null
}

/**
 * Sends a message.
 *
 * @param rule of the follow-up, which was looked at again
 * @param keep writes down another body while the job is ours; false when it is not any more
 */
export async function sendMail(
  job: Job,
  rule: PlanRule | null,
  deps: MailDeps & { signal: AbortSignal },
  keep: (body: unknown, until: Millis) => Promise<boolean>,
): Promise<Settlement> {
  const { store, clock, random, mail, signal } = deps
  const { site, tries } = job
  const body = job.body as MailBody
  const { begun = 0 } = body
  const stopped = (reason: string): Settlement => ({ state: 'stopped', tries, reason })
  if (!mail) return { state: 'waiting', due: clock.now() + whileUnset, tries, reason: 'no-smtp' }
  const address = await addressFor(store, site, body.person)
  if ('stop' in address) return stopped(address.stop)
  // Whoever has it sent once more from the list of what was given up knows that it may be there: it begins anew.
  const anew = { ...body, begun: 0 }
  if (begun >= mostBegun)
    return { state: 'dead', tries, reason: 'twice it is not known whether it arrived', body: anew }
  const message = await messageFor(job, rule, address, deps, mail)
  if (typeof message === 'string') return stopped(message)
  // Written down before it leaves: who comes after a crash must know that it may be there already.
  if (!(await keep({ ...body, begun: begun + 1 }, clock.now() + hold)))
    return { state: 'waiting', due: clock.now(), tries, reason: null }
  const sent = await mail.smtp.send(
    { ...message, from: mail.from, to: address.email, messageId: messageIdOf(job, mail.from) },
    signal,
  )
  if (sent.ok) return { state: 'done', tries, reason: `smtp ${sent.status}`, body: anew }
  const now = clock.now()
  const known = { ...body, begun: sent.isUnknown ? begun + 1 : begun }
  // It was broken off here, which is nobody's failure.
  if (signal.aborted && !sent.isUnknown)
    return { state: 'waiting', due: now, tries, reason: null, body: known }
  const due = sent.isFinal ? null : nextTry(tries + 1, now, (random.bytes(1)[0] ?? 0) / 256)
  return due === null
    ? { state: 'dead', tries: tries + 1, reason: sent.reason, body: anew }
    : { state: 'waiting', due, tries: tries + 1, reason: sent.reason, body: known }
}

/** The same for each try of a job, and for no other job, so that a repeat can be told. */
function messageIdOf({ site, kind, id }: Job, { address }: Sender): string {
  const name = createHash('sha256').update(`${site} ${kind} ${id}`).digest('base64url').slice(0, 32)
  return `${name}@${address.slice(address.lastIndexOf('@') + 1)}`
}

/** What is sent, or why nothing is. */
async function messageFor(
  job: Job,
  rule: PlanRule | null,
  address: MailAddress,
  deps: MailDeps,
  mail: MailSetup,
): Promise<(MailMessage & { headers: Readonly<Record<string, string>> }) | string> {
  const { store, hash, clock } = deps
  const { site } = job
  const { followUp, told, note } = job.body as MailBody
  const secrets = await secretsOf(deps, site)
  const tools = linkTools(hash)
  const key = keyOf(secrets.links[0]?.secret ?? '')
  const ring = await store.keyring()
  const from = mail.from.name || (ring.sites.find((each) => each.id === site)?.name ?? mail.from.address)
  const cause = followUp?.response == null ? null : await store.response(site, followUp.response)
  const wanted = [address.locale, cause?.locale].filter((each) => typeof each === 'string')
  const asked = rule && followUp ? askedBy(rule) : undefined
  if (followUp && asked === undefined) return 'no-rule'
  const message = told ? await toldIn(store, site, told) : null
  if (told && message === null) return 'gone'
  const { subject, text } =
    rule && followUp ? wordingAt(rule, followUp.step) : message ? said(message, wanted[0]) : (note ?? silence)
  const texts = [subject, text].filter((each) => each !== null)
  const response =
    followUp && asked !== undefined
      ? await store.response(site, responseOf(site, followUp, asked, cause, hash.sha256))
      : null
  const survey = asked === undefined ? null : await askedSurvey(store, site, asked, response)
  if (asked !== undefined && !survey) return 'no-survey'
  const asking = survey && spokenSurvey(survey, wanted, texts)
  const spoken = asking ?? spokenIn(noteLanguage(wanted, texts))
  const locale = asking?.survey.locale ?? spoken.language
  const unsubscribe = `${mail.publicUrl}/u/${signLink(
    {
      kind: 'unsubscribe',
      site,
      language: spoken.language,
      who: Buffer.from(address.who, 'hex'),
      mail: Buffer.from(address.mail, 'hex'),
    },
    key,
    tools,
  )}`
  const content = {
    spoken,
    locale,
    from,
    unsubscribe,
    subject: subject ? textIn(subject, locale) : undefined,
    text: text ? textIn(text, locale) : undefined,
  }
  if (!asking || !followUp || asked === undefined)
    return { ...composeMail(content), headers: mailHeaders(unsubscribe) }
  const answers = answersOf(response)
  const question = openQuestion(asking.survey, answers, [])
  if (!question) return 'answered'
  const binding = bindingOf(
    { id: followUp.id, person: address.person, survey: asked },
    keyOf(secrets.names),
    tools.mac,
  )
  const { language } = spoken
  const expires = clock.now() + linkSpan
  const token = signLink({ kind: 'survey', site, language, row: followUp.row, binding, expires }, key, tools)
  const ask = {
    question,
    title: fill(asking.survey, answers, question.title),
    link: (answer?: string) =>
      `${mail.publicUrl}/s/${token}${answer === undefined ? '' : `?a=${encodeURIComponent(answer)}`}`,
  }
  return { ...composeMail({ ...content, ask }), headers: mailHeaders(unsubscribe) }
}

/** What staff has said to the respondent in a line of the history of a case; null when it is gone. */
async function toldIn(
  store: EventStore,
  site: number,
  { case: id, entry: number }: { case: string; entry: number },
): Promise<string | null> {
  const entry = (await store.caseEntries(site, id)).find((each) => each.number === number)
  return entry?.message ?? null
}

/** A message in the words of staff: its first line is the subject, too, as far as it can be one. It is taken to be in the language that is wanted. */
function said(message: string, wanted = 'en'): { subject: Texts | null; text: Texts } {
  const [first = ''] = message.trim().split(/[\n\r\u2028\u2029]/, 1)
  const subject = headerLine(Array.from(first).slice(0, mostOfSubject).join(''))
  return { subject: subject === null ? null : { [wanted]: subject }, text: { [wanted]: message } }
}

/** The language of a note: one in which all of it is written, the most wanted first. */
function noteLanguage(wanted: readonly string[], texts: readonly Texts[]): string[] {
  const inAll = Object.keys(texts[0] ?? {}).filter((tag) => texts.every((each) => Object.hasOwn(each, tag)))
  const { language } = spokenIn(wanted)
  return inAll.length === 0 || inAll.some((tag) => spokenIn([tag]).language === language)
    ? [language]
    : [inAll.includes('en') ? 'en' : (inAll[0] ?? 'en')]
}
