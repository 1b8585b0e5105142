/** The object that a site holds: checks the options, wires the parts, and turns commands into inputs. */
import type { Scalar, SiteSettings, Survey, Theme } from '@earshot/contract'
import type { Explanation } from '../core/decision.ts'
import type { EarshotEvents } from '../core/emission.ts'
import type { Input, JourneyContext } from '../core/model.ts'
import type { Consent } from '../core/remembered.ts'
import type { LoadKinds, MountCard } from '../ports/card.ts'
import type { Ask } from '../ports/collector.ts'
import type { Inspection, LoadKeeper } from '../ports/keeper.ts'
import type { LoadOutbox } from '../ports/outbox.ts'
import type { LoadRules } from '../ports/rules.ts'
import { createClock } from './clock.ts'
import { fetchServed } from './fetchServed.ts'
import { createIdbDatabase } from './idbDatabase.ts'
import { createLog } from './log.ts'
import { createMemoryDatabase } from './memoryDatabase.ts'
import { createPage } from './page.ts'
import { createRandom } from './random.ts'
import { request } from './request.ts'
import { startRuntime } from './runtime.ts'
import { createStore } from './store.ts'

/** How Earshot runs on a page. */
export interface EarshotOptions {
  /** Write key of the site, `pk_…`. It can only add answers, so it may stand in the page. */
  key: string
  /** Address of the collector, for example `https://feedback.example.com`. */
  collector: string
  /** Surveys that the page brings along; merged by id with those that the collector serves. */
  surveys?: Survey[]
  /** Whether to ask the collector for surveys; default true. */
  served?: boolean
  /** The site's own id of a signed-in person. */
  person?: string
  /** BCP 47 tag; default the page's language. */
  locale?: string
  /**
   * `required`: store and send nothing before `setConsent('granted')`. Default `implied`, unless the browser sends
   * Global Privacy Control, which makes consent required.
   */
  consent?: 'required' | 'implied'
  /** Filed with every answer. `channel` defaults to `web`. */
  context?: JourneyContext
  /** How often one person may be asked, and what leaves the page; each wins over what the collector serves. */
  settings?: SiteSettings
  /** The last word before a survey appears: `false` vetoes. */
  beforeShow?: (survey: Survey) => boolean | Promise<boolean>
  /** Tell the console what happens; default false. */
  debug?: boolean
}

/** Earshot on a page. No command throws. */
export interface Earshot {
  /**
   * Tells who this is. The id is yours; do not use an e-mail address. Answers that were given before on this device
   * are joined to the person, unless `merge` is false: then a new visitor begins. With `'consented'` they are joined only
   * if the visitor has granted consent by `setConsent`. A new visitor begins too when another person is named.
   *
   * @example
   * earshot.identify('customer-17', { plan: 'pro' }, { merge: 'consented' })
   */
  identify(person: string, traits?: Record<string, Scalar>, options?: { merge?: boolean | 'consented' }): void
  /** Tells more about the visitor, named or not. Traits are added to those that are known; null takes one away. */
  setTraits(traits: Record<string, Scalar>): void
  /** Tells which account, team or company the visitor belongs to. */
  group(group: string, traits?: Record<string, Scalar>): void
  /** Tells that something happened. Surveys may appear by it, now or later, or be called off. */
  track(name: string, props?: Record<string, Scalar>): void
  /** Tells of a page view that changed no address (navigations are seen without it), or where in the journey the visitor is. */
  page(context?: JourneyContext): void
  /**
   * Shows a survey now if no rule speaks against it. `force` passes over all that protects from too many questions,
   * for a feedback button, and puts the focus on the question. `hidden` are values for the survey's hidden fields;
   * `into` is a CSS selector of the element that it is put into, instead of a corner of the screen.
   */
  show(survey: string, options?: { force?: boolean; hidden?: Record<string, Scalar>; into?: string }): void
  /** Closes the survey on the screen. */
  dismiss(): void
  /** Closes the survey on the screen and asks again later, by default after the survey's `recontact.snoozed`. */
  snooze(days?: number): void
  /** Lets nothing appear until `resume()`. */
  pause(): void
  resume(): void
  /** `denied` deletes what this site's Earshot stored on this device, and has the collector do the same. */
  setConsent(consent: Consent): void
  /** Never asks this visitor again. */
  optOut(): void
  /** Speaks another language from now on, also on a survey that is shown: nothing that was answered or typed is lost. */
  setLocale(locale: string): void
  /**
   * Gives the card another look, also one that is shown, in the place of `settings.theme`.
   *
   * @example
   * earshot.setTheme({ accent: '#7a1fa2', scheme: 'dark' })
   */
  setTheme(theme: Theme): void
  /** Begins a new anonymous visitor, for a sign-out. Answers not yet sent stay and are sent. */
  reset(): void
  /** Tries to send what is stored, now, unless the collector asked for patience. Resolves when it is sent or the attempt failed. */
  flush(): Promise<void>
  /**
   * What waits on this device, and what the collector refused for good, with the reason. Rejects only when the code for
   * it could not be fetched.
   *
   * @example
   * const { queued, rejected } = await earshot.inspect()
   */
  inspect(): Promise<Inspection>
  /**
   * Sends again what was refused, for example after the collector learned of the survey: all of it, or the events with
   * these ids. Resolves with how many there were. Rejects only when the code for it could not be fetched.
   *
   * @example
   * await earshot.retry()
   */
  retry(ids?: readonly string[]): Promise<number>
  /**
   * Every rule of a survey with what it sees now, whether it would be shown, and when that may change. Rejects only
   * when the code for it could not be fetched.
   *
   * @example
   * console.log((await earshot.explain('nps-q4')).summary)
   */
  explain(survey: string): Promise<Explanation>
  /**
   * Hears an event; the result stops it.
   *
   * @example
   * const off = earshot.on('answered', ({ survey, value }) => console.log(survey, value))
   */
  on<Name extends keyof EarshotEvents>(name: Name, handler: (detail: EarshotEvents[Name]) => void): () => void
  /** Removes every listener, timer and node. What is stored stays for the next start. */
  destroy(): void
}

/** How the parts come that not every page needs. */
export interface Loaders {
  loadCard: () => Promise<{ mountCard: MountCard }>
  loadKinds: LoadKinds
  loadOutbox: LoadOutbox
  loadKeeper: LoadKeeper
  loadRules: LoadRules
}

/** Makes a client. */
export function createClient(options: EarshotOptions, loaders: Loaders): Earshot {
  const { key, collector } = options
  const clock = createClock()
  const page = createPage()
  const log = createLog(options.debug === true)
  const store = createStore(key, createIdbDatabase(), createMemoryDatabase(), log)
  const consentRequired = options.consent != null ? options.consent !== 'implied' : page.privacyControl()
  const random = createRandom(clock)
  const ask: Ask = (path, init) => request(collector, path, init)
  const {
    tell: send,
    state: _,
    ...commands
  } = startRuntime(options, consentRequired, {
    clock,
    random,
    store,
    ask,
    loadServed: () => fetchServed(ask, key),
    page,
    log,
    ...loaders,
  })
  const tell = (make: () => Untimed, needsRules?: unknown): void =>
    send(() => ({ ...make(), at: clock.now() }) as Input, needsRules)
  const client: Earshot = {
    ...commands,
    identify: (person, traits = {}, how) =>
      tell(() => ({ type: 'identify', person: nameOf(person), traits, ...how }), how),
    setTraits: (traits) => tell(() => ({ type: 'identify', person: null, traits }), true),
    group: (group, traits = {}) => tell(() => ({ type: 'group', group, traits }), true),
    track: (name, props = {}) => tell(() => ({ type: 'track', id: random.id(), name, props })),
    page: (context) => tell(() => ({ type: 'page', context }), context),
    show: (survey, how) => tell(() => ({ type: 'show', wish: { ...how, survey, cause: 'show' } })),
    snooze: (days) => tell(() => ({ type: 'snooze', days }), true),
    pause: () => tell(() => ({ type: 'pause' })),
    resume: () => tell(() => ({ type: 'resume' })),
    setConsent: (consent) => tell(() => ({ type: 'consent', consent })),
    optOut: () => tell(() => ({ type: 'optOut' })),
  }
  if (options.person) client.identify(options.person)
  return client
}

/** As a text, because ids are often numbers, and as long as the wire takes; empty is what a template leaves for nobody. */
const nameOf = (person: string | number | null | undefined): string => String(person ?? '').slice(0, 200)

type Untimed = Input extends infer Each ? (Each extends Input ? Omit<Each, 'at'> : never) : never
