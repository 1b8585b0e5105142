/** What the collector needs from outside, as interfaces: a store, a clock, randomness, hashing and a log. */
import type {
  AnswerEvent,
  FeedbackEvent,
  Place,
  Receipt,
  SiteSettings,
  Survey,
  SurveyEvent,
} from '@earshot/contract'
import type { InlinePolicy } from './core/admit.ts'
import type { Taken, Watched } from './core/asUsual.ts'
import type { CaseStore } from './core/caseStore.ts'
import type { ColumnPlan } from './core/columnTally.ts'
import type { DayPlan } from './core/days.ts'
import type { ErasureStore } from './core/erasureStore.ts'
import type { FollowUpPlan } from './core/followUps.ts'
import type { HistoryWish } from './core/history.ts'
import type { Batch, Known, Verdict } from './core/ingest.ts'
import type { Job, JobFilter, JobState, NewJob, Settled, Settlement } from './core/jobs.ts'
import type { PlaceAsk, PlaceDecision, PlaceFacts } from './core/places.ts'
import type { AccessChange, Keyring } from './core/keyring.ts'
import type { Lines, LinesPage } from './core/lines.ts'
import type { MailStore } from './core/mailStore.ts'
import type { MomentRow } from './core/moments.ts'
import type { NoteStore } from './core/notes.ts'
import type { KeptResponse, ResponseStatus, StoredEvent } from './core/project.ts'
import type { PutDecision, StoredSurvey, SurveyName } from './core/surveys.ts'
import type { Session } from './core/session.ts'
import type { Suspect } from './core/suspicion.ts'
import type { Tallied } from './core/tally.ts'
import type { Millis } from './core/time.ts'
import type { Webhook } from './core/webhook.ts'

export type { CaseStore } from './core/caseStore.ts'
export type { MailDesk, MailStore, Standing } from './core/mailStore.ts'

/** Tells the time. */
export interface Clock {
  now(): Millis
}

/** Gives unpredictable bytes, fit for secrets. */
export interface Random {
  bytes(count: number): Uint8Array
}

/** Hashes secrets and compares hashes in constant time. */
export interface Hash {
  /** SHA-256 of the UTF-8 text, 32 bytes. */
  sha256(text: string | Uint8Array): Uint8Array
  /** HMAC-SHA-256, 32 bytes. */
  hmac(key: Uint8Array, data: Uint8Array): Uint8Array
  /** True for equal bytes; takes the same time whatever they are. False when the lengths differ. */
  equal(a: Uint8Array, b: Uint8Array): boolean
}

/** Takes what the operator should know. Never given a body, a key or a comment. */
export interface Log {
  info(message: string, fields?: Record<string, string | number>): void
  error(message: string, error: unknown, fields?: Record<string, string | number>): void
}

/** The first site, with the keys that a start presets and makes. */
export interface StartSite {
  id: number
  /** Public, `pk_…`. Empty when all keys of the site are revoked. */
  writeKey: string
  /** SHA-256 of the admin token. The token itself is never stored. */
  tokenHash: Uint8Array
}

/** Which responses are meant. A missing bound or name is no limit. */
export interface ResponseFilter {
  survey?: string | undefined
  status?: ResponseStatus | undefined
  variant?: string | undefined
  /** `firstAt` at or after. */
  from?: Millis | undefined
  /** `firstAt` before. */
  to?: Millis | undefined
}

/** A response with its place in the order of arrival, which never changes. */
export interface ResponseRow {
  /** Counts up from 1. */
  row: number
  response: KeptResponse
}

/** Which answers a report counts. */
export interface ScoreQuery {
  survey: string
  /** Versions that share the scale. */
  versions: readonly number[]
  question: string
  variant?: string | undefined
  from?: Millis | undefined
  to?: Millis | undefined
  /** `all` answers, or the `latest` of each person (of each visitor where no person is known). */
  basis: 'all' | 'latest'
  /** Whether answers that are doubted count. Default `exclude`. */
  suspects?: 'include' | 'exclude' | undefined
}

/** How often a score was given. */
export interface ScoreCount {
  score: number
  count: number
}

/** How many showings of a survey came how far. Those that were completed beyond the quota are left out. */
export interface ResponseCounts {
  /** All responses: whoever answered or closed a survey saw it, also when the event that says so is missing. */
  shown: number
  /** At least one answer. */
  answered: number
  /** At least one answer, and the end was reached. */
  completed: number
  /** Closed before the end, with or without an answer. */
  dismissed: number
}

/** What happened at a site since its first start. */
export interface Stats {
  accepted: number
  duplicates: number
  rejected: number
  /** Events that devices gave up before they could be sent, as far as they told. */
  lost: number
  events: number
  responses: number
}

/** What a store did with a batch. */
export interface Appended {
  verdict: Verdict
  /** Ids of the events that were written now. */
  inserted: ReadonlySet<string>
}

/** An event as a reader gets it back. */
export interface EventRow {
  event: FeedbackEvent
  receivedAt: Millis
  occurredAt: Millis
}

/** One figure for the monitoring. */
export interface Measure {
  /** As Prometheus knows it, `earshot_…`. */
  name: string
  help: string
  /** Never of what a client can choose. */
  labels?: Readonly<Record<string, string>> | undefined
  value: number
}

/** Keeps sites, keys and tokens. */
export interface AccessStore {
  /** The first site, or null before the first start. */
  site(): Promise<StartSite | null>
  /**
   * Lets `decide` say which keys the first site is to have, given the stored site or null; in one transaction. What it leaves
   * out stays as it is.
   */
  saveSite(
    decide: (stored: StartSite | null) => Partial<Omit<StartSite, 'id'>>,
    at: Millis,
  ): Promise<StartSite>
  /** All sites, keys and tokens; the same object until one of them changes. */
  keyring(): Promise<Keyring>
  /** Lets `decide` say what changes, and stores it; in one transaction, with no other change meanwhile. */
  changeAccess<Result>(decide: (ring: Keyring) => AccessChange<Result>): Promise<Result>
  /** Keeps when keys and tokens were used last, by their names. */
  markUsed(uses: ReadonlyMap<string, Millis>): Promise<void>
  /**
   * Adds to how many events came with a key on a day, in days since 1970; what was counted of days before may be forgotten.
   *
   * @returns how many there are now
   */
  countDaily(site: number, key: string, day: number, events: number): Promise<number>
  /** How many came on a day, by the key; one without any is missing. */
  daily(site: number, day: number): Promise<ReadonlyMap<string, number>>
  /** Keeps a new session; forgets those that are over by then. */
  saveSession(session: Session): Promise<void>
  /** Keeps when a session was used last. One that was ended stays ended. */
  touchSession(hash: string, usedAt: Millis): Promise<void>
  /** The session of a hash, or null. It may be over. */
  session(hash: string): Promise<Session | null>
  /** Forgets a session. */
  endSession(hash: string): Promise<void>
  /** When keys and tokens were used last, by their names; one that was never used is missing. */
  uses(): Promise<ReadonlyMap<string, Millis>>
}

/** What somebody with a token, or at the command line, did or looked at. Holds no personal data but names of ours. */
export interface AuditEntry {
  at: Millis
  /** Id of the token; `cli` for the command line. */
  who: string
  /** Null: all sites. */
  site: number | null
  /** Method and route, or the command. */
  action: string
  /** What it was about: the name of a survey, a key, a token; of a person the hash. */
  about: string | null
  /** Of the answer; 200 for a command that was done. */
  status: number
}

/** Keeps what admins did. Entries are added, and neither changed nor deleted. */
export interface AuditStore {
  record(entry: AuditEntry): Promise<void>
  /** Newest first: those with a row below `before`, at most `limit`; of one site, or with null of all. */
  recorded(
    site: number | null,
    page: { before?: number | undefined; limit: number },
  ): Promise<(AuditEntry & { row: number })[]>
}

/** Keeps apart what looks as if no person had given it. */
export interface SuspectStore {
  /** How many responses of a survey are doubted, and not cleared. */
  suspects(
    site: number,
    filter: Pick<ResponseFilter, 'from' | 'to' | 'variant'> & { survey: string },
  ): Promise<number>
  /** Those that are doubted, also what was cleared, the newest first. */
  listSuspects(
    site: number,
    filter: Pick<ResponseFilter, 'survey' | 'from' | 'to'>,
    limit: number,
  ): Promise<Suspect[]>
  /**
   * Doubts, as of a burst, the responses to which these visitors have sent answers since a moment. Of what was cleared nothing
   * changes.
   */
  doubt(site: number, visitors: readonly string[], since: Millis): Promise<void>
  /** Lets a response count like any other, for good. False when it is not doubted. */
  clearSuspect(site: number, response: string): Promise<boolean>
}

/** A visitor of whom there are events. */
export interface KnownVisitor {
  visitor: string
  events: number
  /** Ids of responses that the events name. */
  responses: number
  firstAt: Millis
  lastAt: Millis
}

/** Finds everything of a person. */
export interface PeopleStore {
  /** The visitor of this id, or all visitors who ever sent something under the name of this person. */
  visitorsOf(site: number, id: string): Promise<KnownVisitor[]>
  /** Visitors who ever sent something under the name of this person. */
  devicesOf(site: number, person: string): Promise<string[]>
  /** Those of the events of visitors that are wanted, in any order, found without a look at the others. */
  happened(site: number, visitors: readonly string[], wish: HistoryWish): Promise<StoredEvent[]>
  /** All events of a visitor in the order of arrival: those with a row above `after`, at most `limit`. */
  eventsOf(
    site: number,
    visitor: string,
    page: { after: number; limit: number },
  ): Promise<(EventRow & { row: number })[]>
  /**
   * Who was heard of: visitors of the events of a part of what arrived before row `before` (with null: until now), the newest
   * part first. A part is at most `limit` rows of all sites, so it may have nobody; `next` is where to go on, and null at the
   * beginning of everything. `at` is when the first of the part arrived; null where it has nobody.
   */
  heardOf(
    site: number,
    page: { before: number | null; limit: number },
  ): Promise<{ visitors: string[]; at: Millis | null; next: number | null }>
  /** Places that are kept for a visitor. */
  placesOf(site: number, visitor: string): Promise<{ survey: string; response: string; until: Millis }[]>
}

/** Keeps what is found by more than the survey: moments of people, texts, and what came late. */
export interface FindingStore {
  /**
   * Life-cycle events and what was told about people, in the order of arrival: those with a row above `after`, at most `limit`.
   * They go with their events.
   */
  moments(
    site: number,
    filter: { names: readonly string[]; to?: Millis | undefined },
    page: { after: number; limit: number },
  ): Promise<MomentRow[]>
  /** Responses in whose texts all the terms are, as `searchTerms` gives them; newest arrivals first, like `newest`. */
  search(
    site: number,
    terms: readonly string[],
    filter: ResponseFilter,
    page: { before?: number | undefined; limit: number },
  ): Promise<ResponseRow[]>
  /** Events of a survey that happened in a period and arrived an hour and more after it, by hours since 1970. */
  late(
    site: number,
    survey: string,
    period: { from: Millis; to: Millis },
  ): Promise<{ hour: number; arrived: number; count: number }[]>
}

/** Tells what is new. */
export interface ArrivalStore {
  /**
   * Answers in the order of arrival: those with a row above `after`, at most `limit`; with null only where the end is now. What
   * is written at the same time may become visible in another order than it was numbered in, so a store may repeat answers from
   * shortly before: who reads leaves out what it has had.
   */
  arrivals(
    site: number,
    page: { after: number | null; limit: number },
  ): Promise<{ rows: (EventRow & { row: number; event: AnswerEvent })[]; last: number }>
}

/** Keeps what goes out: the plan, where it goes, and the work that there is. */
export interface OutboundStore {
  /** Null until it was put. */
  plan(site: number): Promise<FollowUpPlan | null>
  /**
   * Keeps the plan, and with it the work of its rules that watch a number: what is known of each stays, and each looks again now,
   * also where somebody looks with the plan before.
   *
   * @param instead of which it takes the place, null for none; default of any
   * @returns false, and nothing is put, where another one stands there
   */
  putPlan(site: number, plan: FollowUpPlan, at?: Millis, instead?: FollowUpPlan | null): Promise<boolean>
  /** In the order of their ids. */
  webhooks(site: number): Promise<Webhook[]>
  /** Adds one or replaces the one of this id. */
  putWebhook(site: number, webhook: Webhook): Promise<void>
  /** False when there is none. What was to go there is stopped. */
  dropWebhook(site: number, id: string, at: Millis): Promise<boolean>
  /** One event by its id, or null. */
  event(site: number, id: string): Promise<EventRow | null>
  /** When the first job is due that nobody works on now; null when there is none. */
  nextJob(now: Millis): Promise<Millis | null>
  /**
   * Takes jobs that are due, of all sites, for so long; whoever has not settled them by then has lost them. Of a lane the first
   * one alone is taken.
   *
   * @param busy targets that shall get nothing more now; null: all of them, so that only work that goes nowhere is taken
   */
  claimJobs(
    owner: string,
    time: { now: Millis; until: Millis },
    busy: readonly string[] | null,
    limit: number,
  ): Promise<Job[]>
  /** Writes down what became of a job that the owner has. */
  settleJob(row: number, owner: string, settlement: Settlement, at: Millis): Promise<Settled>
  /** Puts work down; what is there already under its id stays as it is. */
  addJobs(site: number, jobs: NewJob[], at: Millis): Promise<void>
  /**
   * Newest first: those with a row below `before`, at most `limit`. Those of the kinds `event` and `watch` are among those that
   * were given up alone.
   */
  jobs(
    site: number,
    state: JobState | null,
    page: { before?: number | undefined; limit: number } & JobFilter,
  ): Promise<Job[]>
  /**
   * Has a delivery or a message that has ended, or anything that was given up, done again from now on, under the same id. False
   * when there is none.
   */
  retryJob(site: number, row: number, at: Millis): Promise<boolean>
  /** Forgets deliveries that ended before a moment, and contacts before another one. */
  forgetJobs(before: { deliveries: Millis; contacts: Millis }): Promise<void>
  /** When a person or visitor was reached, since then. */
  contacts(site: number, who: readonly string[], since: Millis): Promise<Millis[]>
}

/** Keeps everything. `stores/storeSuite.ts` is what every store must pass. */
export interface EventStore
  extends
    AccessStore,
    AuditStore,
    SuspectStore,
    PeopleStore,
    ErasureStore,
    FindingStore,
    ArrivalStore,
    OutboundStore,
    CaseStore,
    NoteStore,
    MailStore {
  /**
   * Looks up what the batch needs, lets `judge` decide, and stores what it accepted together with the responses and
   * counters that follow from it: all in one transaction, or nothing. Resolves after the commit is on the disk.
   */
  append(site: number, batch: Batch, judge: (known: Known) => Verdict, at: Millis): Promise<Appended>
  /**
   * The same with the judge of the core, for stores that work in another thread, where no function gets to. Whoever stores
   * batches asks for this one first.
   */
  ingest?(site: number, batch: Batch, policy: InlinePolicy, at: Millis): Promise<Receipt>
  /**
   * The same for the body of a request as it came, for stores that read it in another thread too.
   *
   * @param key by which the request was let in
   * @param watched what was found out of the body before it was read
   * @returns null, and nothing is stored, for a body that is not as usual: it is to be read as any other
   */
  take?(
    site: number,
    key: string,
    body: Uint8Array,
    policy: InlinePolicy,
    at: Millis,
    watched: Watched,
  ): Promise<Taken | null>
  /** What holds for all surveys of the site; null until it was put. */
  settings(site: number): Promise<SiteSettings | null>
  putSettings(site: number, settings: SiteSettings, at: Millis): Promise<void>
  /**
   * Looks up what is known, lets `decide` judge it, and keeps the place that it grants instead of another one that the
   * visitor has of the survey: all in one transaction, so that completed responses that count and places are never more than
   * the quota. An event that closes, puts off or completes the response ends its place; after its time it is free again as
   * `placeHold` says. `append` marks what is completed without a place when there is none left.
   */
  takePlace(
    site: number,
    ask: PlaceAsk,
    decide: (facts: PlaceFacts) => PlaceDecision,
    at: Millis,
  ): Promise<Place>
  /** The same with the decision of the core and this quota, as `ingest` is to `append`. */
  place?(site: number, ask: PlaceAsk, quota: number | null, at: Millis): Promise<Place>
  /**
   * Deletes events that arrived before a moment, and the responses of which nothing was heard since; a part of them at a time.
   * Counters of what was accepted stay as they are.
   *
   * @returns what was deleted, and where to go on; `next` is null at the end
   */
  retain(
    site: number,
    before: Millis,
    page: { after: string | null; limit: number },
    at: Millis,
  ): Promise<{ events: number; responses: number; next: string | null }>
  /** All definitions, or all versions of one id, in the order of id and version. */
  surveys(site: number, id?: string): Promise<StoredSurvey[]>
  /** Names of all definitions, in the order of id and version. */
  surveyNames(site: number): Promise<SurveyName[]>
  /** The latest served version of each survey, in the order of the ids. */
  servedSurveys(site: number): Promise<Survey[]>
  /** Lets `decide` judge the stored versions of this id, and stores what it created; in one transaction. */
  putSurvey(
    site: number,
    survey: Survey,
    decide: (stored: readonly StoredSurvey[]) => PutDecision,
    at: Millis,
  ): Promise<PutDecision>
  /** Removes an inline definition that no response uses, and says what became of it; in one transaction. */
  dropSurvey(site: number, id: string, version: number): Promise<'dropped' | 'unknown' | 'served' | 'used'>
  /** Newest arrivals first: those with a row below `before`, at most `limit`. */
  newest(
    site: number,
    filter: ResponseFilter,
    page: { before?: number | undefined; limit: number },
  ): Promise<ResponseRow[]>
  /** In the order of arrival: those with a row above `after`, at most `limit`. */
  oldest(site: number, filter: ResponseFilter, page: { after: number; limit: number }): Promise<ResponseRow[]>
  /**
   * The same as lines of JSON, in UTF-8, for stores that make them faster than `JSON.stringify` does.
   *
   * @returns the lines, how many they are, and the row of the last; its `row` is `after` when there was none
   */
  lines?(site: number, filter: ResponseFilter, page: LinesPage): Promise<Lines>
  /** One response by its id, or null. */
  response(site: number, id: string): Promise<KeptResponse | null>
  /** The events of a response id, in the order of arrival; also those that the response ignores. */
  events(site: number, response: string): Promise<(EventRow & { event: SurveyEvent })[]>
  /** Answers by score, lowest score first; scores that nobody gave are missing. */
  scores(site: number, query: ScoreQuery): Promise<ScoreCount[]>
  responseCounts(
    site: number,
    filter: Pick<ResponseFilter, 'from' | 'to' | 'variant'> &
      Pick<ScoreQuery, 'suspects'> & { survey: string },
  ): Promise<ResponseCounts>
  /**
   * Counts the responses of a survey by what they have, as `createTally` does, for stores that need not look at each of them.
   *
   * @returns null where they must be looked at all the same
   */
  tally?(site: number, survey: string, plan: ColumnPlan): Promise<Tallied | null>
  /**
   * Counts all answers, or showings, of whole days in UTC by the counts that the store keeps, all periods of a report at once.
   *
   * @returns null where a period begins or ends within a day, but for the last one
   */
  tallyDays?(site: number, survey: string, plan: DayPlan): Promise<Tallied | null>
  /** Responses that were completed beyond the quota, which neither `scores` nor `responseCounts` count. */
  overQuota(
    site: number,
    filter: Pick<ResponseFilter, 'from' | 'to' | 'variant'> & { survey: string },
  ): Promise<number>
  /** Events that the responses of a survey ignore, because another visitor sent them under the same id. */
  ignored(site: number, filter: Pick<ResponseFilter, 'from' | 'to'> & { survey: string }): Promise<number>
  /** Events of a survey that devices gave up before they could be sent, since the beginning. */
  lost(site: number, survey: string): Promise<number>
  stats(site: number): Promise<Stats>
  /** Rejects with a failure of the store when no answers can be taken, for stores where `site` does not say so. */
  ready?(): Promise<void>
  /** What the monitoring is told besides. Never rejects. */
  measures?(): Promise<Measure[]>
  /** Finishes what was begun and lets go of the files. */
  close(): Promise<void>
}
