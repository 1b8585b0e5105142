/** Files events by month: which month an id belongs to, and the partitions of the table. */
import type { Millis } from '../core/time.ts'
import type { Log } from '../ports/world.ts'
import type { Postgres } from './postgresPool.ts'

/**
 * The month of an id, as months since the year 0; 0 for an id that tells no time.
 *
 * It comes from the id alone, so the same id is always filed in the same place, whenever and however often it is sent, and
 * the index of that place is enough to know that it is there only once.
 *
 * @param id UUID in lower case
 * @example
 * monthOf('0193f0a1-0000-7000-8000-000000000001') // 24_299, December 2024
 */
export function monthOf(id: string): number {
  if (id[14] !== '7') return 0
  return monthAt(parseInt(id.slice(0, 8) + id.slice(9, 13), 16))
}

/** The month of a moment, numbered as `monthOf` does. */
export function monthAt(moment: Millis): number {
  const date = new Date(moment)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

/** `events_2026_11` */
function nameOf(month: number): string {
  return `events_${String(Math.floor(month / 12)).padStart(4, '0')}_${String((month % 12) + 1).padStart(2, '0')}`
}

/** Months before and after the present one that get a partition. Ids come from anybody, and so do their times. */
const before = 13
const after = 1

/** Makes partitions when they are needed. */
export interface Months {
  /** Sees to it that ids of these months have their partition. What is too far from now is left to the default one. */
  ensure(months: Iterable<number>, at: Millis): Promise<void>
}

/** Asks the database for each month once. */
export function createMonths(postgres: Postgres, log?: Log): Months {
  const sure = new Set<number>()

  const make = async (month: number): Promise<void> => {
    const name = nameOf(month)
    const table = `earshot.${name}`
    const made = await postgres.transaction({ site: 0, mode: 'exclusive' }, async (ask) => {
      const [found] = await ask('SELECT to_regclass($1) IS NOT NULL AS exists', [table])
      if (found?.exists) return false
      // What came before its month had a partition moves there, before anybody can write to either.
      await ask('LOCK TABLE earshot.events_default IN ACCESS EXCLUSIVE MODE')
      await ask(`CREATE TABLE ${table} (LIKE earshot.events INCLUDING ALL)`)
      await ask(
        `WITH moved AS (DELETE FROM earshot.events_default WHERE month = $1 RETURNING *)
         INSERT INTO ${table} SELECT * FROM moved`,
        [month],
      )
      await ask(`ALTER TABLE earshot.events ATTACH PARTITION ${table} FOR VALUES IN (${month})`)
      return true
    })
    if (made) log?.info('made a partition for the events of a month', { partition: name })
  }

  return {
    async ensure(months, at) {
      const present = monthAt(at)
      for (const month of months) {
        if (sure.has(month) || month < present - before || month > present + after) continue
        try {
          await make(month)
        } catch (error) {
          // Nothing hangs on it but speed: the default partition takes every event.
          log?.error('cannot make a partition; the default one takes its events', error, {
            partition: nameOf(month),
          })
        }
        sure.add(month)
      }
    },
  }
}
