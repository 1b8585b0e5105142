/** Holds the client of a component tree: takes commands before it starts and where it never will, and shows surveys in places of the page. */
import {
  createEarshot,
  type Earshot,
  type EarshotEvents,
  type EarshotOptions,
  type Explanation,
  type Inspection,
  type Scalar,
} from '../index.ts'

/** How a client comes: it is started by its options, or somebody has it already. */
export type Source = EarshotOptions | Earshot

/** How a survey is shown in a place. */
export interface PlaceOptions {
  /** Passes over all that protects from too many questions. */
  force?: boolean | undefined
  /** Values for the survey's hidden fields. */
  hidden?: Record<string, Scalar> | undefined
}

export interface Holder {
  /** Stands for the client, whichever it is and whether it is there. */
  readonly earshot: Earshot
  /**
   * Starts a client, or takes the one that is given. The result stops it after the running task, unless the same one is
   * started again by then: so a tree that is taken down and put up at once keeps its client.
   *
   * @throws TypeError when an option is missing or malformed
   */
  start(source: Source): () => void
  /** Shows a survey in an element as soon as there is a client; the result closes it. */
  place(element: Element, survey: string, how: () => PlaceOptions): () => void
}

interface Listener {
  name: keyof EarshotEvents
  handler: (detail: never) => void
  stop?: (() => void) | undefined
}

interface Place {
  survey: string
  show(client: Earshot): void
  /** Whom it asked. */
  asked?: Earshot | undefined
}

/** Commands that wait; a tree that is never started must not gather them for ever. */
const mostWaiting = 100

const isClient = (source: Source): source is Earshot => 'destroy' in source

const isSame = (one: Source, other: Source): boolean =>
  one === other || (!isClient(one) && !isClient(other) && one.key === other.key)

export function createHolder(): Holder {
  let source: Source | undefined
  let client: Earshot | undefined
  let hasStarted = false
  /** Of the latest start: an older one no longer stops anything. */
  let lease: object | undefined
  let waiting: ((client: Earshot) => void)[] = []
  const listeners = new Set<Listener>()
  const places = new Set<Place>()
  let stopHeeding: (() => void)[] = []

  const isPage = (): boolean => typeof document !== 'undefined'

  const ask = (work: (client: Earshot) => void): void => {
    if (client) work(client)
    else if (isPage() && waiting.length < mostWaiting) waiting.push(work)
  }

  /** What is promised comes at once where no client will come, or none any more. */
  const answer = <Result>(
    work: (client: Earshot) => Promise<Result>,
    without: () => Result,
  ): Promise<Result> =>
    client || (isPage() && !hasStarted)
      ? new Promise((resolve) => ask((known) => resolve(work(known))))
      : Promise.resolve(without())

  /** After the running task, so that a place that is taken down and put up at once asks once. */
  const showPlaces = (): void =>
    queueMicrotask(() => {
      if (!client) return
      for (const each of places) {
        if (each.asked === client) continue
        each.asked = client
        each.show(client)
      }
    })

  const listen = (each: Listener): void => {
    each.stop = client?.on(each.name, each.handler as (detail: unknown) => void)
  }

  /** A survey whose place is gone before it could be drawn must not keep the one that took the place from its turn. */
  const heed = (started: Earshot): void => {
    stopHeeding = [
      started.on('suppressed', ({ survey, reason }) => {
        if (reason !== 'another-survey') return
        for (const each of places) if (each.survey === survey) each.asked = undefined
      }),
      started.on('error', ({ code }) => code === 'card_unavailable' && showPlaces()),
    ]
  }

  const end = (): void => {
    const ended = client
    for (const stop of stopHeeding) stop()
    for (const each of listeners) each.stop?.()
    client = undefined
    if (source && !isClient(source)) ended?.destroy()
    source = undefined
  }

  const earshot: Earshot = {
    identify: (...input) => ask((known) => known.identify(...input)),
    setTraits: (...input) => ask((known) => known.setTraits(...input)),
    group: (...input) => ask((known) => known.group(...input)),
    track: (...input) => ask((known) => known.track(...input)),
    page: (...input) => ask((known) => known.page(...input)),
    show: (...input) => ask((known) => known.show(...input)),
    setLocale: (...input) => ask((known) => known.setLocale(...input)),
    setTheme: (...input) => ask((known) => known.setTheme(...input)),
    dismiss: () => ask((known) => known.dismiss()),
    snooze: (...input) => ask((known) => known.snooze(...input)),
    pause: () => ask((known) => known.pause()),
    resume: () => ask((known) => known.resume()),
    setConsent: (...input) => ask((known) => known.setConsent(...input)),
    optOut: () => ask((known) => known.optOut()),
    reset: () => ask((known) => known.reset()),
    flush: () => answer((known) => known.flush(), noop),
    inspect: () => answer((known) => known.inspect(), nothing),
    retry: (...input) =>
      answer(
        (known) => known.retry(...input),
        () => 0,
      ),
    explain: (survey) => answer((known) => known.explain(survey), notReady(survey)),
    on(name, handler) {
      const each: Listener = { name, handler }
      if (!isPage()) return noop
      listeners.add(each)
      listen(each)
      return () => {
        listeners.delete(each)
        each.stop?.()
      }
    },
    destroy() {
      client?.destroy()
      end()
      listeners.clear()
      waiting = []
    },
  }

  return {
    earshot,
    start(next) {
      const mine = (lease = {})
      if (!client || !source || !isSame(source, next)) {
        // Before the old one ends: a mistake in the options leaves all as it was.
        const started = isClient(next) ? next : createEarshot(next)
        end()
        source = next
        client = started
        hasStarted = true
        listeners.forEach(listen)
        heed(started)
        for (const work of waiting.splice(0)) work(started)
        showPlaces()
      }
      return () =>
        queueMicrotask(() => {
          if (lease === mine) end()
        })
    },
    place(element, survey, how) {
      // No counter: two copies of this code on one page would count alike.
      const mark = Math.random().toString(36).slice(2)
      const into = `[data-earshot-place="${mark}"]`
      const each: Place = {
        survey,
        show(known) {
          const { force, hidden } = how()
          known.show(survey, { into, ...(force && { force }), ...(hidden && { hidden }) })
        },
      }
      element.setAttribute('data-earshot-place', mark)
      places.add(each)
      showPlaces()
      return () => {
        places.delete(each)
        element.removeAttribute('data-earshot-place')
        // Gone from the page, it takes its survey along without a word, as a page does that is left. One that stays is
        // to have another survey; what is on the screen somewhere else is not this place's to close.
        queueMicrotask(() => {
          if (element.isConnected && element.querySelector('[data-earshot]')) client?.dismiss()
        })
      }
    },
  }
}

const noop = (): void => {}

/** What waits where no client is. */
const nothing = (): Inspection => ({ queued: [], rejected: [], failures: 0, notBefore: 0, durable: false })

const notReady = (survey: string) => (): Explanation => ({
  survey,
  show: false,
  reason: 'not-ready',
  rules: [],
  summary: `"${survey}" is not shown: no client runs here.`,
})
