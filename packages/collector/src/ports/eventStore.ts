/** The whole store: what takes events in and lets them go, and all that is made of them. */
import type { Place, Receipt } from '@earshot/contract'
import type { InlinePolicy } from '../core/admit.ts'
import type { Taken, Watched } from '../core/asUsual.ts'
import type { Batch, Known, Verdict } from '../core/ingest.ts'
import type { PlaceAsk, PlaceDecision, PlaceFacts } from '../core/places.ts'
import type { Millis } from '../core/time.ts'
import type { AccessStore } from './accessStore.ts'
import type { AuditStore } from './auditStore.ts'
import type { CaseStore } from './caseStore.ts'
import type { CountStore } from './countStore.ts'
import type { ErasureStore } from './erasureStore.ts'
import type { ArrivalStore, FindingStore } from './findingStore.ts'
import type { MailStore } from './mailStore.ts'
import type { NoteStore } from './noteStore.ts'
import type { OutboundStore } from './outboundStore.ts'
import type { PeopleStore } from './peopleStore.ts'
import type { ResponseStore } from './responseStore.ts'
import type { SurveyStore } from './surveyStore.ts'
import type { SuspectStore } from './suspectStore.ts'

/** What a store did with a batch. */
export interface Appended {
  verdict: Verdict
  /** Ids of the events that were written now. */
  inserted: ReadonlySet<string>
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

/** Keeps everything. `stores/storeSuite.ts` is what every store must pass. */
export interface EventStore
  extends
    AccessStore,
    AuditStore,
    SurveyStore,
    ResponseStore,
    CountStore,
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
  /** Rejects with a failure of the store when no answers can be taken, for stores where `site` does not say so. */
  ready?(): Promise<void>
  /** What the monitoring is told besides. Never rejects. */
  measures?(): Promise<Measure[]>
  /** Finishes what was begun and lets go of the files. */
  close(): Promise<void>
}
