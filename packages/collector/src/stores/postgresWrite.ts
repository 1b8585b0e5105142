/** Writes events and what follows from them, in one statement that says whether everything was as it was read. */
import type { StoredEvent } from '../core/project.ts'
import { isSurveyEvent } from '../core/project.ts'
import { parseMoment } from '../core/time.ts'
import { columnsOf, given, list, type Columns, type Value } from './postgresArray.ts'
import { addChanges } from './postgresChanges.ts'
import { dayValues, writeDays } from './postgresDays.ts'
import { writeFindings } from './postgresFindings.ts'
import { monthOf } from './postgresMonth.ts'
import { changesOf, ignoredOf, isClosed, monthsOf, type Ground, type Head } from './postgresPlan.ts'
import { collision, type Ask } from './postgresPool.ts'
import { keyText, keyTextOf } from './postgresText.ts'

/** What a group changes. */
export interface Written {
  /** New ones, in the order of arrival. */
  events: readonly StoredEvent[]
  /** Responses whose events have changed, in the order of arrival. */
  heads: readonly Head[]
  ground: Ground
  counters: Readonly<Record<string, number>>
}

const eventColumns: Columns = [
  ['id', 'uuid'],
  ['month', 'int'],
  ['response', 'uuid'],
  ['type', 'text'],
  ['survey', 'text'],
  ['version', 'int'],
  ['visitor', 'text'],
  ['person', 'text'],
  ['follow_up', 'text'],
  ['state', 'text'],
  ['at', 'bigint'],
  ['received_at', 'bigint'],
  ['occurred_at', 'bigint'],
  ['body', 'text'],
]
const headColumns: Columns = [
  ['id', 'uuid'],
  ['before', 'int'],
  ['events', 'int'],
  // A list of lists must have lists of the same length, so it goes as text.
  ['months', 'text'],
  ['survey', 'text'],
  ['version', 'int'],
  ['status', 'text'],
  ['answers', 'int'],
  ['closed', 'boolean'],
  ['first_at', 'bigint'],
  ['ignored', 'int'],
  ['variant', 'text'],
  ['follow_up', 'text'],
  ['visitor', 'text'],
  ['person', 'text'],
  ['over_quota', 'boolean'],
  ['body', 'text'],
]
const answerColumns: Columns = [
  ['response', 'uuid'],
  ['question', 'text'],
  ['survey', 'text'],
  ['version', 'int'],
  ['who', 'text'],
  ['score', 'bigint'],
  ['at', 'bigint'],
  ['variant', 'text'],
]

const kept = headColumns.filter(([name]) => !['id', 'before'].includes(name))
const value = (name: string, from: string): string =>
  name === 'months' ? `${from}.months::int[]` : `${from}.${name}`
const kepts = kept.map(([name]) => name).join(', ')

// Numbers are given in the order of arrival; rows are written in the order of the ids, so that two collectors who write the
// same ones wait for each other and never in a circle. Parameters from 4 on.
const writeEvents = `written AS (
  INSERT INTO earshot.events (site, row, ${list(eventColumns)})
  SELECT $1, row, ${list(eventColumns)}
  FROM (SELECT nextval('earshot.arrivals') AS row, given.* FROM ${given(eventColumns, 4)} ORDER BY place) AS numbered
  ORDER BY id ON CONFLICT DO NOTHING RETURNING 1)`
const afterEvents = 4 + eventColumns.length
// A head that is stored already brings how many events it had, as its negative row number; one that is new brings a row number
// of its own. So a new one that somebody else was faster with, and one that somebody else has added to, changes nothing.
const writeHeads = `kept AS (
  INSERT INTO earshot.responses (site, id, row, ${kepts})
  SELECT $1, id, row, ${kept.map(([name]) => value(name, 'numbered')).join(', ')}
  FROM (SELECT CASE WHEN before > 0 THEN -before WHEN body IS NOT NULL THEN nextval('earshot.response_rows') END AS row,
      given.* FROM ${given(headColumns, afterEvents)} ORDER BY place) AS numbered
  ORDER BY id ON CONFLICT (site, id) DO UPDATE SET
    row = CASE WHEN excluded.body IS NOT NULL THEN coalesce(responses.row, nextval('earshot.response_rows')) END,
    ${kept.map(([name]) => `${name} = excluded.${name}`).join(', ')}
  WHERE responses.events = -excluded.row RETURNING row
), changed AS (
  ${addChanges('kept WHERE row IS NOT NULL', '$1', '$2', 'responses')})`
const afterHeads = afterEvents + headColumns.length
const writeAnswers = `answered AS (
  INSERT INTO earshot.answers (site, ${list(answerColumns)})
  SELECT $1, ${list(answerColumns)} FROM ${given(answerColumns, afterHeads)} ORDER BY response, question
  ON CONFLICT (site, response, question) DO UPDATE SET ${answerColumns
    .slice(2)
    .map(([name]) => `${name} = excluded.${name}`)
    .join(', ')})`
const afterAnswers = afterHeads + answerColumns.length
const writeCounters = `counted AS (
  INSERT INTO earshot.counters (site, name, slot, value)
  SELECT $1, name, $2, value FROM unnest($${afterAnswers}::text[], $${afterAnswers + 1}::bigint[]) AS given (name, value)
  ON CONFLICT (site, name, slot) DO UPDATE SET value = counters.value + excluded.value
), completed AS (
  INSERT INTO earshot.completed (site, survey, slot, count)
  SELECT $1, survey, $2, count FROM unnest($${afterAnswers + 2}::text[], $${afterAnswers + 3}::bigint[]) AS given (survey, count)
  ON CONFLICT (site, survey, slot) DO UPDATE SET count = completed.count + excluded.count)`

const afterCounters = afterAnswers + 4

// What is not asked for is carried out from the last to the first. Counts, which other groups of ours wait for, come first here
// so that they are locked last, and each group locks them in the same order.
const everything = `WITH ${writeCounters}, ${writeDays(afterCounters)}, ${writeEvents}, ${writeHeads}, ${writeAnswers}
  SELECT (SELECT count(*) FROM written) = ($3::int[])[1] AND
    (SELECT count(*) FROM kept) = ($3::int[])[2] AS complete`

const hiding = addChanges(
  'earshot.responses WHERE site = $1 AND id = ANY($3::uuid[]) AND row IS NOT NULL',
  ...(['$1', '$2', 'responses'] as const),
)

/**
 * Writes all of it.
 *
 * @param slot the rows of the counters that are ours
 * @throws a collision when somebody else has stored one of the events, or added to one of the responses, since they were read
 */
export async function write(
  ask: Ask,
  site: number,
  slot: number,
  { events, heads, ground, counters }: Written,
): Promise<void> {
  const stays = heads.filter((each) => each.events.length > 0)
  const changes = changesOf(site, heads)
  const hidden = heads.filter((each) => each.stored.response && !each.response).map((each) => each.id)
  if (hidden.length > 0) await ask(hiding, [site, slot, hidden])
  const sums = Object.entries({ ...counters, responses: changes.responses }).filter(([, by]) => by !== 0)
  if (changes.drop.length > 0)
    await ask(
      `DELETE FROM earshot.answers WHERE ctid = ANY (ARRAY(SELECT found.ctid
         FROM unnest($2::uuid[], $3::text[]) AS gone (response, question) CROSS JOIN LATERAL
         (SELECT ctid FROM earshot.answers AS a
           WHERE site = $1 AND a.response = gone.response AND a.question = gone.question LIMIT 1) AS found))`,
      [site, changes.drop.map((each) => each.response), changes.drop.map((each) => each.question)],
    )
  const [row] = await ask(everything, [
    site,
    slot,
    [events.length, stays.length],
    ...columnsOf(eventColumns, events.map(eventRow)),
    ...columnsOf(headColumns, stays.map(headRow)),
    ...columnsOf(
      answerColumns,
      changes.put.map((each) => answerColumns.map(([name]) => each[name as keyof typeof each])),
    ),
    sums.map(([name]) => name),
    sums.map(([, by]) => by),
    [...changes.completed.keys()],
    [...changes.completed.values()],
    ...dayValues(changes.days),
  ])
  if (!row?.complete) throw collision()
  const gone = heads.filter((each) => each.events.length === 0).map((each) => each.id)
  if (gone.length > 0)
    await ask('DELETE FROM earshot.responses WHERE site = $1 AND id = ANY($2::uuid[])', [site, gone])
  await writePlaces(ask, site, heads, ground)
  await writeFindings(ask, site, slot, { events, heads })
}

/** Only few responses have a place, so it is a matter of its own. */
async function writePlaces(ask: Ask, site: number, heads: readonly Head[], ground: Ground): Promise<void> {
  for (const { id } of heads) {
    const places = ground.own.get(id)
    if (!places) continue
    await ask('DELETE FROM earshot.places WHERE site = $1 AND response = $2 AND survey <> ALL ($3::text[])', [
      site,
      id,
      places.map((each) => each.survey),
    ])
    for (const { survey, free } of places)
      await ask('UPDATE earshot.places SET free = $4 WHERE site = $1 AND survey = $2 AND response = $3', [
        site,
        survey,
        id,
        free,
      ])
  }
  for (const [survey, at] of ground.swept)
    await ask('DELETE FROM earshot.places WHERE site = $1 AND survey = $2 AND free <= $3', [site, survey, at])
}

function eventRow({ event, at, receivedAt, occurredAt }: StoredEvent): Value[] {
  const about = isSurveyEvent(event) ? event : null
  const told = event.type === 'followup' ? event.data : null
  return [
    event.id,
    monthOf(event.id),
    about && about.response,
    event.type,
    about && about.survey,
    about && about.surveyVersion,
    keyText(event.visitor),
    keyTextOf(event.person),
    told && keyText(told.followUp),
    told && told.state,
    at,
    receivedAt,
    occurredAt,
    JSON.stringify(event),
  ]
}

function headRow(head: Head): Value[] {
  const { id, before, events, response, isOverQuota } = head
  const common = [id, before, events.length, `{${monthsOf(events).join(',')}}`]
  if (!response) return [...common, ...kept.slice(2).map(() => null)]
  return [
    ...common,
    response.survey,
    response.version,
    response.status,
    Object.keys(response.answers).length,
    isClosed(response),
    parseMoment(response.firstAt) ?? 0,
    ignoredOf(head),
    keyTextOf(response.variant),
    keyTextOf(response.followUp),
    keyText(response.visitor),
    keyTextOf(response.person),
    isOverQuota,
    JSON.stringify(response),
  ]
}
