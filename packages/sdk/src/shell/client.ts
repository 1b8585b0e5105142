/** The object that a site holds: checks the options, wires the parts, and turns commands into inputs. */
import type { Scalar, Survey } from '@earshot/contract'
import type { Consent, Decision, EarshotEvents, Input } from '../core/model.ts'
import { explain } from '../core/step.ts'
import type { MountCard } from '../ports.ts'
import { createClock } from './clock.ts'
import { createFetchTransport } from './fetchTransport.ts'
import { createIdbDatabase } from './idbDatabase.ts'
import { lock } from './lock.ts'
import { createLog } from './log.ts'
import { createMemoryDatabase } from './memoryDatabase.ts'
import { createPage } from './page.ts'
import { createRandom } from './random.ts'
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
  context?: { channel?: string; touchpoint?: string; stage?: string }
  /** The last word before a survey appears: `false` vetoes. */
  beforeShow?: (survey: Survey) => boolean | Promise<boolean>
  /** Tell the console what happens; default false. */
  debug?: boolean
}

/** Earshot on a page. No command throws. */
export interface Earshot {
  /** Tells who this is. The id is yours; do not use an e-mail address. */
  identify(person: string, traits?: Record<string, Scalar>): void
  /** Tells that something happened. A survey with an event trigger of that name may appear. */
  track(name: string, props?: Record<string, Scalar>): void
  /** Tells of a page view that changed no address; navigations are seen without it. */
  page(): void
  /** Shows a survey now if no rule speaks against it. `force` passes over the recontact periods, for a feedback button. */
  show(survey: string, options?: { force?: boolean }): void
  /** Closes the survey on the screen. */
  dismiss(): void
  /** Lets nothing appear until `resume()`. */
  pause(): void
  resume(): void
  /** `denied` deletes what this site's Earshot stored on this device. */
  setConsent(consent: Consent): void
  /** Never asks this visitor again. */
  optOut(): void
  /** Begins a new anonymous visitor, for a sign-out. Answers not yet sent stay and are sent. */
  reset(): void
  /** Tries to send what is stored, now, unless the collector asked for patience. Resolves when it is sent or the attempt failed. */
  flush(): Promise<void>
  /** Why a survey would or would not be shown now, and when that may change. */
  explain(survey: string): Decision
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

/** Makes a client that loads its card by `loadCard`. */
export function createClient(
  options: EarshotOptions,
  loadCard: () => Promise<{ mountCard: MountCard }>,
): Earshot {
  const { key, collector } = options
  const clock = createClock()
  const page = createPage()
  const log = createLog(options.debug === true)
  const store = createStore(key, createIdbDatabase(), createMemoryDatabase(), log)
  const consentRequired = options.consent != null ? options.consent !== 'implied' : page.privacyControl()
  const runtime = startRuntime(options, consentRequired, {
    clock,
    random: createRandom(clock),
    store,
    transport: createFetchTransport(collector, key, clock),
    page,
    lock,
    log,
    loadCard,
  })
  const tell = (input: Untimed): void => runtime.tell({ ...input, at: clock.now() } as Input)
  const client: Earshot = {
    identify: (person, traits = {}) => tell({ type: 'identify', person, traits }),
    track: (name, props = {}) => tell({ type: 'track', name, props }),
    page: () => tell({ type: 'page' }),
    show: (survey, how) => tell({ type: 'show', survey, force: !!how?.force }),
    dismiss: runtime.dismiss,
    pause: () => tell({ type: 'pause' }),
    resume: () => tell({ type: 'resume' }),
    setConsent: (consent) => tell({ type: 'consent', consent }),
    optOut: () => tell({ type: 'optOut' }),
    reset: runtime.reset,
    flush: runtime.flush,
    explain: (survey) => explain(runtime.state(), survey, clock.now()),
    on: runtime.on,
    destroy: runtime.destroy,
  }
  if (options.person) client.identify(options.person)
  return client
}

type Untimed = Input extends infer Each ? (Each extends Input ? Omit<Each, 'at'> : never) : never
