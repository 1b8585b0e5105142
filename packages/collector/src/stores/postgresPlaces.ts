/** Takes places of surveys in PostgreSQL. */
import type { Place } from '@earshot/contract'
import { heardOf, type PlaceAsk, type PlaceDecision, type PlaceFacts } from '../core/places.ts'
import type { ResponseStatus } from '../core/project.ts'
import type { Millis } from '../core/time.ts'
import type { Ask } from './postgresPool.ts'
import { keyText, keyTextOf } from './postgresText.ts'
import { hashOf } from './sqliteId.ts'

// Only what is told of the same visitor or person counts: identities that name a case are shared by all whom it concerns,
// and whoever knows one could otherwise silence the others. What the very response that asks has answered does not speak
// against it.
const told = (who: string): string =>
  `EXISTS (SELECT 1 FROM earshot.events WHERE site = $1 AND type = 'followup' AND follow_up = $7 AND ${who} AND
    (state = 'cancelled' OR (state = 'answered' AND response <> $3)))`

const answered = (who: string): string =>
  `EXISTS (SELECT 1 FROM earshot.responses WHERE site = $1 AND survey = $2 AND follow_up = $7 AND ${who} AND id <> $3
    AND (answers > 0 OR status = 'completed'))`

const facts = `SELECT
  EXISTS (SELECT 1 FROM earshot.erased WHERE site = $1 AND visitor = $8) AS is_erased,
  EXISTS (SELECT 1 FROM earshot.events WHERE site = $1 AND visitor = $4 AND type = 'optout') OR
    EXISTS (SELECT 1 FROM earshot.events WHERE site = $1 AND person = $5 AND type = 'optout') AS is_opted_out,
  $7::text IS NOT NULL AND (${answered('visitor = $4')} OR ${answered('person = $5')}
    OR ${told('visitor = $4')} OR ${told('person = $5')}) AS is_settled,
  (SELECT status FROM earshot.responses WHERE site = $1 AND id = $3 AND survey = $2) AS status,
  (SELECT until FROM earshot.places WHERE site = $1 AND survey = $2 AND response = $3) AS held,
  EXISTS (SELECT 1 FROM earshot.places
    WHERE site = $1 AND visitor = $4 AND survey = $2 AND until > $6 AND response <> $3) AS has_another,
  (SELECT coalesce(sum(count), 0)::bigint FROM earshot.completed WHERE site = $1 AND survey = $2) AS completed,
  (SELECT count(*) FROM earshot.places WHERE site = $1 AND survey = $2 AND visitor <> $4) AS held_by_others`

/** Takes a place inside a transaction which has the site for itself, so that of two who ask at once the second sees the place of the first. */
export async function takePlace(
  ask: Ask,
  site: number,
  { survey, response, visitor, person, followUp }: PlaceAsk,
  decide: (facts: PlaceFacts) => PlaceDecision,
  at: Millis,
): Promise<Place> {
  const about = [site, keyText(survey)]
  const who = keyText(visitor)
  await ask('DELETE FROM earshot.places WHERE site = $1 AND survey = $2 AND free <= $3', [...about, at])
  const [row = {}] = await ask(facts, [
    ...about,
    response,
    who,
    keyTextOf(person),
    at,
    keyTextOf(followUp),
    hashOf(visitor),
  ])
  const status = (row.status ?? null) as ResponseStatus | null
  const { place, lease } = decide({
    isErased: row.is_erased === true,
    isOptedOut: row.is_opted_out === true,
    isSettled: row.is_settled === true,
    isCompleted: status === 'completed',
    held: row.held === null ? null : Number(row.held),
    hasAnother: row.has_another === true,
    taken: Number(row.completed) + Number(row.held_by_others),
    heard: heardOf(status),
  })
  if (!lease) return place
  await ask(
    'DELETE FROM earshot.places WHERE site = $1 AND visitor = $2 AND survey = $3 AND response <> $4',
    [site, who, keyText(survey), response],
  )
  await ask(
    `INSERT INTO earshot.places (site, survey, response, visitor, until, free) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (site, survey, response) DO UPDATE SET until = excluded.until, free = excluded.free`,
    [...about, response, who, lease.until, lease.free],
  )
  return place
}
