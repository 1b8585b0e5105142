/** Hands new answers to those who listen: one look at the store for all of a site, several times a second while somebody does. */
import { bandOf, type AnswerEvent } from '@earshot/contract'
import { surveyKey } from '../core/surveys.ts'
import { formatMoment } from '../core/time.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { EventRow } from '../ports/responseStore.ts'
import type { Log } from '../ports/world.ts'

/** One answer as it is told. */
export interface LiveAnswer {
  row: number
  /** Body of the message, JSON. */
  data: string
}

/** Told of what is new, in the order of arrival. */
export interface Listener {
  tell(answers: readonly LiveAnswer[]): void
  /** The collector is shutting down. */
  end(): void
}

/** The listeners. */
export interface Live {
  /**
   * Begins to listen. What came after `from` and before this is not told; see `missed`.
   *
   * @returns to be called when it listens no more; null when there are too many already
   */
  listen(site: number, from: number, listener: Listener): (() => void) | null
  /** Where the end is now. */
  end(site: number): Promise<number>
  /** Answers above a row, at most `mostMissed`, for who was away; to be asked for after `listen`, from the same row. */
  missed(site: number, after: number): Promise<LiveAnswer[]>
}

/** How often is looked, in milliseconds: an answer is told well within a second of its commit. */
const pause = 250
const mostListeners = 100
/** Who was away for longer than these has to read the responses instead. */
const mostMissed = 1000
/** Ids that are remembered, since a store may repeat answers. */
const mostRemembered = 5000

interface Watch {
  listeners: Set<Listener>
  after: number
  seen: Set<string>
  /** Whether it is known what was there before it began. */
  isReady: boolean
}

/** Makes a set without listeners. */
export function createLive({
  store,
  log,
  isClosing,
}: {
  store: EventStore
  log: Log
  isClosing(): boolean
}): Live {
  const watches = new Map<number, Watch>()
  let timer: NodeJS.Timeout | undefined
  let hasFailed = false

  const tellOf = async (
    site: number,
    rows: readonly (EventRow & { row: number; event: AnswerEvent })[],
  ): Promise<LiveAnswer[]> => {
    const surveys = new Map(
      rows.length === 0
        ? []
        : (await store.surveys(site)).map(({ survey }) => [surveyKey(survey.id, survey.version), survey]),
    )
    return rows.map(({ row, event, receivedAt, occurredAt }) => {
      const { question: id, value } = event.data
      const question = surveys
        .get(surveyKey(event.survey, event.surveyVersion))
        ?.questions.find((each) => each.id === id)
      const band = question?.kind === 'scale' && typeof value === 'number' ? bandOf(question, value) : null
      const { channel, touchpoint = null, stage = null, locale = null } = event.context
      const told = {
        row,
        response: event.response,
        survey: event.survey,
        version: event.surveyVersion,
        question: id,
        value,
        band,
        channel,
        touchpoint,
        stage,
        locale,
        at: formatMoment(occurredAt),
        receivedAt: formatMoment(receivedAt),
      }
      return { row, data: JSON.stringify(told) }
    })
  }

  const look = async (site: number, watch: Watch): Promise<void> => {
    if (!watch.isReady) return
    const { rows, last } = await store.arrivals(site, { after: watch.after, limit: mostMissed })
    const fresh = rows.filter(({ event }) => !watch.seen.has(event.id))
    watch.after = last
    for (const { event } of fresh) watch.seen.add(event.id)
    for (const id of watch.seen) {
      if (watch.seen.size <= mostRemembered) break
      watch.seen.delete(id)
    }
    if (fresh.length === 0) return
    const answers = await tellOf(site, fresh)
    for (const each of watch.listeners) each.tell(answers)
  }

  const turn = async (): Promise<void> => {
    for (const [site, watch] of watches) {
      if (isClosing()) for (const each of watch.listeners) each.end()
      else
        await look(site, watch).then(
          () => void (hasFailed = false),
          (error: unknown) => {
            // Said once: the next look comes soon.
            if (!hasFailed) log.error('new answers cannot be read', error)
            hasFailed = true
          },
        )
    }
    timer = undefined
    wait()
  }
  const wait = (): void => {
    if (timer || watches.size === 0) return
    timer = setTimeout(() => void turn(), pause)
    timer.unref()
  }

  return {
    listen(site, from, listener) {
      const count = [...watches.values()].reduce((sum, each) => sum + each.listeners.size, 0)
      if (count >= mostListeners) return null
      const watch = watches.get(site) ?? {
        listeners: new Set(),
        after: from,
        seen: new Set(),
        isReady: false,
      }
      watches.set(site, watch)
      watch.listeners.add(listener)
      wait()
      return () => {
        watch.listeners.delete(listener)
        if (watch.listeners.size === 0) watches.delete(site)
      }
    },
    end: async (site) => (await store.arrivals(site, { after: null, limit: 0 })).last,
    async missed(site, after) {
      const { rows } = await store.arrivals(site, { after, limit: mostMissed })
      const watch = watches.get(site)
      if (watch && !watch.isReady) {
        for (const { row, event } of rows) if (row <= after) watch.seen.add(event.id)
        watch.isReady = true
      }
      return tellOf(
        site,
        rows.filter((each) => each.row > after),
      )
    },
  }
}
