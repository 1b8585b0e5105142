/** What a collector has to know of a site to take answers while the database is slow or away. */
import type { Survey } from '@earshot/contract'
import { isStoreFailure, storeFailure } from '../core/failure.ts'
import { batchOf, judge, type Batch, type Known, type Verdict } from '../core/ingest.ts'
import type { InlinePolicy } from '../core/admit.ts'
import { surveyKey, type StoredSurvey } from '../core/surveys.ts'
import type { Keyring } from '../core/keyring.ts'
import type { StartSite } from '../ports/accessStore.ts'
import type { EventStore } from '../ports/eventStore.ts'

/** A value that is read now and then. */
export interface Remembered<Value> {
  /** A value that is not older than `age`; any age, when it cannot be read. */
  get(age?: number): Promise<Value>
  /** Whether the last read failed. */
  isStale(): boolean
  forget(): void
}

/** How long the database may take before what is known has to do, in milliseconds. */
const patience = 500
/** How long nobody asks again after it has failed. */
const pause = 1000

/**
 * Remembers what `read` gives.
 *
 * @param usualAge milliseconds after which it is read again
 */
function createRemembered<Value>(read: () => Promise<Value>, usualAge: number): Remembered<Value> {
  let known: { value: Value; at: number } | undefined
  let reading: Promise<Value> | undefined
  let failedAt = -Infinity

  const refresh = (): Promise<Value> => {
    reading ??= (async () => {
      const at = performance.now()
      try {
        const value = await read()
        known = { value, at }
        failedAt = -Infinity
        return value
      } catch (error) {
        failedAt = performance.now()
        throw error
      } finally {
        reading = undefined
      }
    })()
    return reading
  }

  return {
    async get(age = usualAge) {
      const now = performance.now()
      if (known && now - known.at <= age) return known.value
      const last = known
      if (!last) return refresh()
      if (now - failedAt < pause) return last.value
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<Value>((resolve) => {
        timer = setTimeout(() => {
          failedAt = performance.now()
          resolve(last.value)
        }, patience)
      })
      try {
        return await Promise.race([refresh(), late])
      } catch (error) {
        if (isStoreFailure(error)) return last.value
        throw error
      } finally {
        clearTimeout(timer)
      }
    },
    isStale: () => failedAt > -Infinity,
    forget() {
      if (known) known = { ...known, at: -Infinity }
    },
  }
}

/** Definitions of a site. */
export interface KnownSite {
  /**
   * Judges by the definitions alone: what is stored already and who is erased is for the database to know.
   *
   * @throws a failure of the store when an event cannot be judged by what is known
   */
  judge(batch: Batch, policy: InlinePolicy): Promise<Verdict>
  /** These came with what is in the log by now, and are in the database when that is. */
  note(surveys: readonly Survey[]): void
  /** The batch as if it had come with those of its definitions that are on their way: its partition may be the faster one. */
  complete(batch: Batch): Promise<Batch>
  /** Definitions have changed. */
  forget(): void
}

/** Milliseconds after which definitions are read again, and before which they are not though something is missing. */
const usualAge = 5000
const leastAge = 200

const aboutSurveys: ReadonlySet<string> = new Set(['unknown_survey', 'survey_conflict', 'too_many_surveys'])

/** Most definitions that are remembered while they are on their way. */
const mostOnTheWay = 200

/** Remembers the definitions of a site. */
export function createKnownSite(database: EventStore, site: number): KnownSite {
  const definitions = createRemembered(async () => {
    const all = await database.surveys(site)
    const names = all.map(({ survey: { id, version }, source }) => ({ id, version, source }))
    return {
      names,
      byKey: new Map(all.map((each) => [surveyKey(each.survey.id, each.survey.version), each])),
    }
  }, usualAge)

  /** Came with a request, and not seen in the database yet. */
  const onTheWay = new Map<string, Survey>()

  const knownTo = async (batch: Batch, age?: number): Promise<Known> => {
    const { byKey, names } = await definitions.get(age)
    const surveys = new Map<string, StoredSurvey>()
    for (const { id, version } of batch.surveys) {
      const found = byKey.get(surveyKey(id, version))
      if (found) surveys.set(surveyKey(id, version), found)
    }
    return { ids: new Set(), counts: new Map(), erased: new Set(), surveys, names }
  }

  return {
    async judge(batch, policy) {
      const verdict = judge(batch, await knownTo(batch), policy)
      const isDoubtful = (each: Verdict): boolean => each.rejected.some(({ code }) => aboutSurveys.has(code))
      if (!isDoubtful(verdict)) return verdict
      // Somebody may have put it since.
      const again = judge(batch, await knownTo(batch, leastAge), policy)
      if (isDoubtful(again) && definitions.isStale())
        throw storeFailure('store_unavailable', 'the database is away, and nothing is known of a survey')
      return again
    },
    note(surveys) {
      for (const each of surveys)
        if (onTheWay.size < mostOnTheWay) onTheWay.set(surveyKey(each.id, each.version), each)
    },
    async complete(batch) {
      if (onTheWay.size === 0) return batch
      const { byKey } = await definitions.get()
      const more = new Map(batch.declared)
      for (const [key, survey] of onTheWay)
        if (byKey.has(key)) onTheWay.delete(key)
        else if (!more.has(key) && batch.surveys.some((each) => surveyKey(each.id, each.version) === key))
          more.set(key, { survey })
      if (more.size === batch.declared.size) return batch
      return Object.assign(batchOf(batch.candidates, more), {
        bursts: batch.bursts,
        isPast: batch.isPast,
      })
    },
    forget() {
      onTheWay.clear()
      definitions.forget()
    },
  }
}

/** Remembers sites and keys, which every request asks for. */
export function createKnownKeys(database: EventStore): Remembered<{ site: StartSite | null; ring: Keyring }> {
  return createRemembered(async () => {
    const [site, ring] = await Promise.all([database.site(), database.keyring()])
    return { site, ring }
  }, 1000)
}
