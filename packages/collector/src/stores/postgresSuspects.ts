/** Keeps responses that are doubted apart in PostgreSQL, and counts without them. */
import { suspicionsOf, type Suspicion } from '../core/suspicion.ts'
import { parseMoment } from '../core/time.ts'
import { isUuid } from '../core/text.ts'
import type { ResponseFilter } from '../ports/responseStore.ts'
import type { SuspectStore } from '../ports/suspectStore.ts'
import { addChanges, loneSlot } from './postgresChanges.ts'
import type { Head } from './postgresPlan.ts'
import type { Ask } from './postgresPool.ts'
import { keyText, keyTextOf } from './postgresText.ts'

/** The step of the schema that brings the table; see `suspectTables` of the SQLite store. */
export const suspectTables = `
  CREATE TABLE earshot.suspects (
    site integer NOT NULL,
    response uuid NOT NULL,
    survey text COLLATE "C" NOT NULL,
    variant text COLLATE "C",
    first_at bigint NOT NULL,
    reasons text[] NOT NULL,
    cleared boolean NOT NULL DEFAULT false,
    PRIMARY KEY (site, response)
  );
  CREATE INDEX suspects_by_time ON earshot.suspects (site, survey, first_at, variant) WHERE NOT cleared;
`

/** A condition on answers or responses `of` that nobody doubts, or on all of them when `parameter` is true. */
export const undoubted = (of: string, id: string, parameter: string): string =>
  `(${parameter} OR NOT EXISTS (SELECT 1 FROM earshot.suspects AS s
     WHERE s.site = ${of}.site AND s.response = ${of}.${id} AND NOT s.cleared))`

/**
 * Writes what is said against responses that were folded; inside the transaction of the fold.
 *
 * @param bursts ids of those that came in a burst
 * @param isAny whether the site has any that are doubted
 */
export async function followSuspects(
  ask: Ask,
  site: number,
  heads: Iterable<Head>,
  bursts: ReadonlySet<string>,
  isAny: boolean,
): Promise<void> {
  const doubted: { head: Head; reasons: Suspicion[] }[] = []
  const clean: string[] = []
  for (const head of heads) {
    const own = head.response ? suspicionsOf(head.response, head.events) : []
    const reasons = bursts.has(head.id) ? ['burst' as const, ...own] : own
    if (reasons.length > 0) doubted.push({ head, reasons })
    else if (head.response) clean.push(head.id)
    else if (isAny)
      await ask('DELETE FROM earshot.suspects WHERE site = $1 AND response = $2', [site, head.id])
  }
  // A burst is a fact of the moment, which no fold takes back.
  if (isAny && clean.length > 0) {
    const whose = 'WHERE site = $1 AND response = ANY($2::uuid[]) AND NOT cleared'
    await ask(`DELETE FROM earshot.suspects ${whose} AND NOT 'burst' = ANY(reasons)`, [site, clean])
    await ask(`UPDATE earshot.suspects SET reasons = '{burst}' ${whose}`, [site, clean])
  }
  for (const { head, reasons } of doubted) {
    const { response } = head
    if (!response) continue
    await ask(
      `INSERT INTO earshot.suspects AS old (site, response, survey, variant, first_at, reasons)
       VALUES ($1, $2, $3, $4, $5, $6::text[])
       ON CONFLICT (site, response) DO UPDATE SET survey = excluded.survey, variant = excluded.variant,
         first_at = excluded.first_at,
         reasons = CASE WHEN 'burst' = ANY(old.reasons) AND NOT 'burst' = ANY(excluded.reasons)
           THEN '{burst}'::text[] || excluded.reasons ELSE excluded.reasons END`,
      [
        site,
        head.id,
        response.survey,
        keyTextOf(response.variant),
        parseMoment(response.firstAt) ?? 0,
        reasons,
      ],
    )
  }
}

const ofDoubted = addChanges(
  'earshot.responses WHERE site = $1 AND row IS NOT NULL AND id IN (SELECT response FROM doubted)',
  ...(['$1', String(loneSlot), 'responses'] as const),
)

/** Reads outside of transactions. */
export function createSuspectReads(read: Ask): SuspectStore {
  const bounds = ({ from, to }: Pick<ResponseFilter, 'from' | 'to'>): [number, number] => [
    from ?? Number.MIN_SAFE_INTEGER,
    to ?? Number.MAX_SAFE_INTEGER,
  ]
  return {
    async suspects(site, filter) {
      const [row] = await read(
        `SELECT count(*) AS count FROM earshot.suspects WHERE site = $1 AND survey = $2 AND first_at >= $3
           AND first_at < $4 AND ($5::text IS NULL OR variant = $5) AND NOT cleared`,
        [site, keyText(filter.survey), ...bounds(filter), keyTextOf(filter.variant)],
      )
      return Number(row?.count)
    },
    async listSuspects(site, filter, limit) {
      const rows = await read(
        `SELECT response, survey, reasons, first_at, cleared FROM earshot.suspects
         WHERE site = $1 AND ($2::text IS NULL OR survey = $2) AND first_at >= $3 AND first_at < $4
         ORDER BY first_at DESC, response LIMIT $5`,
        [site, keyTextOf(filter.survey), ...bounds(filter), limit],
      )
      return rows.map((row) => ({
        response: String(row.response),
        survey: String(row.survey),
        reasons: row.reasons as Suspicion[],
        firstAt: Number(row.first_at),
        isCleared: row.cleared === true,
      }))
    },
    async doubt(site, visitors, since) {
      await read(
        `WITH doubted AS (INSERT INTO earshot.suspects AS old (site, response, survey, variant, first_at, reasons)
         SELECT site, id, survey, variant, first_at, '{burst}' FROM earshot.responses
         WHERE site = $1 AND body IS NOT NULL AND id IN
           (SELECT response FROM earshot.events
            WHERE site = $1 AND visitor = ANY($2::text[]) AND type = 'answer' AND received_at >= $3)
         ON CONFLICT (site, response) DO UPDATE SET
           reasons = CASE WHEN 'burst' = ANY(old.reasons) THEN old.reasons ELSE '{burst}'::text[] || old.reasons END
         RETURNING response) ${ofDoubted}`,
        [site, visitors.map(keyText), since],
      )
    },
    async clearSuspect(site, response) {
      if (!isUuid(response)) return false
      const rows = await read(
        `WITH doubted AS (UPDATE earshot.suspects SET cleared = true WHERE site = $1 AND response = $2 RETURNING response),
           changed AS (${ofDoubted}) SELECT 1 FROM doubted`,
        [site, response],
      )
      return rows.length === 1
    },
  }
}
