/** Deletes a visitor from PostgreSQL, and remembers who is gone. */
import { mostStrangers, strangerSpan } from '../core/erased.ts'
import type { Millis } from '../core/time.ts'
import { sweepDays } from './postgresDays.ts'
import { forgetMoments } from './postgresFindings.ts'
import { namedWith, readGround, readHeads } from './postgresLookup.ts'
import { dropNotesOf } from './postgresNotes.ts'
import { refold } from './postgresPlan.ts'
import type { Ask } from './postgresPool.ts'
import { followSuspects } from './postgresSuspects.ts'
import { keyText } from './postgresText.ts'
import { write } from './postgresWrite.ts'
import { hashOf } from './sqliteId.ts'

/**
 * Deletes a visitor and says how many events there were; inside a transaction which has the site for itself.
 *
 * @param slot the rows of the counters that are ours
 * @param most visitors of whom there was no event
 */
export async function erase(
  ask: Ask,
  site: number,
  slot: number,
  visitor: string,
  at: Millis,
  most: number = mostStrangers,
): Promise<number> {
  const who = keyText(visitor)
  const deleted = await ask(
    'DELETE FROM earshot.events WHERE site = $1 AND visitor = $2 RETURNING response',
    [site, who],
  )
  await forgetMoments(ask, site, slot, { visitor })
  if (deleted.length > 0) await foldAnew(ask, site, slot, deleted, at)
  for (const table of ['places', 'jobs', 'contacts', 'cases', 'case_entries'])
    await ask(`DELETE FROM earshot.${table} WHERE site = $1 AND visitor = $2`, [site, who])
  await dropNotesOf(ask, site, visitor)
  await ask(
    `INSERT INTO earshot.erased (site, visitor, at, known) VALUES ($1, $2, $3, $4)
     ON CONFLICT (site, visitor) DO UPDATE SET known = erased.known OR excluded.known, kept = false`,
    [site, hashOf(visitor), at, deleted.length > 0],
  )
  await ask('DELETE FROM earshot.erased WHERE site = $1 AND NOT known AND at <= $2', [
    site,
    at - strangerSpan,
  ])
  const [strangers] = await ask(
    'SELECT count(*) AS count FROM earshot.erased WHERE site = $1 AND NOT known',
    [site],
  )
  const beyond = Number(strangers?.count) - most
  if (beyond > 0)
    await ask(
      `DELETE FROM earshot.erased WHERE site = $1 AND visitor IN
         (SELECT visitor FROM earshot.erased WHERE site = $1 AND NOT known ORDER BY at LIMIT $2)`,
      [site, beyond],
    )
  return deleted.length
}

/** Others may have sent events under the same response id; what is theirs stays, and is folded without the visitor's. */
export async function foldAnew(
  ask: Ask,
  site: number,
  slot: number,
  deleted: readonly Record<string, unknown>[],
  at: Millis,
): Promise<void> {
  const ids = [...new Set(deleted.map((each) => each.response))].filter((id) => id !== null) as string[]
  const rows = await ask(
    `SELECT id, events, months, ignored, body, over_quota FROM earshot.responses
     WHERE site = $1 AND id = ANY($2::uuid[]) ORDER BY id`,
    [site, ids],
  )
  const places = await ask(
    'SELECT response, survey, until, free FROM earshot.places WHERE site = $1 AND response = ANY($2::uuid[])',
    [site, ids],
  )
  const heads = await readHeads(ask, site, rows)
  const ground = await readGround(ask, site, namedWith([], heads), ids, places, at)
  for (const head of heads.values()) refold(head, ground, at)
  const counters = { events: -deleted.length }
  await write(ask, site, slot, { events: [], heads: [...heads.values()], ground, counters })
  await followSuspects(ask, site, heads.values(), new Set(), true)
  await sweepDays(ask, site)
}
