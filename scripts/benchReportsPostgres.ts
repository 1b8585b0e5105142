/** Fills a PostgreSQL store for the benchmark of reports: the rows that the collector makes of as many events, by statements over whole tables. */
import { chunkSize } from '../packages/collector/src/core/columns.ts'
import { gramsOf } from '../packages/collector/src/core/search.ts'
import { dayColumns, recounts } from '../packages/collector/src/stores/postgresDays.ts'
import { createMonths, monthAt } from '../packages/collector/src/stores/postgresMonth.ts'
import { createPostgres } from '../packages/collector/src/stores/postgresPool.ts'
import { cases, commentsOf, now, plans, rawColumns, start } from './benchReportsData.ts'
import { order, withClient } from './postgresDatabase.ts'

/** Settings of a server that is only there to be filled and asked: what is lost is made again. */
export const fillSettings: Readonly<Record<string, string>> = {
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '8GB',
  fsync: 'off',
  full_page_writes: 'off',
}

const session = `SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET max_parallel_maintenance_workers = 0;
  SET synchronize_seqscans = off; SET work_mem = '128MB'`

const hex = (number: string): string => `lpad(to_hex(${number}), 12, '0')`
const uuid = (kind: number, number: string): string => `'018f000${kind}-0000-7000-8000-' || ${hex(number)}`
/** Of an event: its time, what it is, and whose number it has. */
const eventId = (time: string, kind: string, number: string): string =>
  `substr(${hex(time)}, 1, 8) || '-' || substr(${hex(time)}, 9) || '-700' || ${kind} || '-8000-' || ${hex(number)}`
const iso = (time: string): string =>
  `to_char(to_timestamp(${time} / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const month = (time: string): string =>
  `(extract(year FROM to_timestamp(${time} / 1000.0) AT TIME ZONE 'UTC') * 12 + extract(month FROM to_timestamp(${time} / 1000.0) AT TIME ZONE 'UTC') - 1)::int`
const site = '(SELECT id FROM earshot.sites)'
/** Each value is worked out once. */
const rows = `(SELECT raw.*, ${iso('t')} AS iso, ${month('t')} AS month, ${uuid(0, 'who')} AS visitor, ${uuid(1, 'i')} AS response,
    ${uuid(2, 'i')} AS session FROM raw OFFSET 0) AS r`

const answer = (value: string): string => `'{"value":' || ${value} || ',"revision":0,"at":"' || iso || '"}'`
const response = `'{"id":"' || response || '","survey":"nps","version":1,"status":"' || CASE status WHEN 2 THEN 'completed' ELSE 'partial' END
  || '","visitor":"' || visitor || '","person":null,"session":"' || session || '","channel":"' || channel || '","touchpoint":"' || touchpoint
  || '","stage":null,"locale":"de","url":"https://shop.example/checkout/thanks","variant":null,"trigger":null,"followUp":null,"hidden":null'
  || ',"layout":null,"wording":null,"displayedAt":null,"answers":{"score":' || ${answer('score')}
  || CASE WHEN comment IS NULL THEN '' ELSE ',"why":' || ${answer(`'"' || comment || '"'`)} END
  || '},"completedAt":' || CASE status WHEN 2 THEN '"' || iso || '"' ELSE 'null' END
  || ',"dismissedAt":null,"dismissReason":null,"firstAt":"' || iso || '","lastAt":"' || iso || '"}'`
const eventBody = (id: string, type: string, data: string, about: string): string =>
  `'{"id":"' || ${id} || '","at":"' || iso || '","visitor":"' || visitor || '","person":null,"session":"' || session || '","seq":' || place
   || ',"context":{"url":"https://shop.example/checkout/thanks","locale":"de","channel":"' || channel || '","touchpoint":"' || touchpoint
   || '"}${about},"type":"' || ${type} || '","data":' || ${data} || '}'`

/** Several connections, each with its part; the parts write different tables. */
export async function fillPostgres(
  url: string,
  responses: number,
  told: (text: string) => void = () => undefined,
): Promise<void> {
  const floor = (value: string): string => `CAST(floor(${value}) AS BIGINT)`
  const identified = `(SELECT count(*) FROM traits)`
  const postgres = createPostgres(url)
  const months = Array.from({ length: 13 }, (_, index) => monthAt(now) - index)
  await createMonths(postgres).ensure(months, now)
  await postgres.close()
  await order(
    url,
    `${session}; CREATE TABLE public.raw AS SELECT ${rawColumns(responses, floor, cases)} FROM generate_series(0::bigint, ${responses - 1}) AS n (i);
     CREATE TABLE public.traits AS SELECT i AS who, ${cases('i / 10 % 4', ...plans)} AS plan FROM raw WHERE i % 10 = 1;
     CREATE INDEX ON raw (t); CREATE UNIQUE INDEX ON traits (who)`,
  )
  told('plain rows')
  const fill = async (table: string, insert: string): Promise<void> =>
    withClient(url, async (ask) => {
      await ask(session)
      const aside = await ask<{ name: string; sql: string }>(
        `SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE schemaname = 'earshot' AND tablename = '${table}' AND indexname NOT LIKE '%_pkey'`,
      )
      // Emptied in the transaction that fills it, so that no log of it is written.
      await ask(`BEGIN; TRUNCATE earshot.${table}`)
      for (const { name } of aside) await ask(`DROP INDEX earshot.${name}`)
      await ask(insert)
      told(`${table}: rows`)
      for (const { sql } of aside) await ask(sql.replace(' ON ONLY ', ' ON '))
      await ask('COMMIT')
      told(`${table}: indexes`)
    })
  const fillResponses = async (): Promise<void> => {
    await fill(
      'responses',
      `INSERT INTO earshot.responses (site, id, row, events, months, survey, version, status, answers, closed, first_at, ignored, over_quota, visitor, body)
       SELECT ${site}, response::uuid, i + 1, 1 + (status - 1) + (comment IS NOT NULL)::int, ARRAY[month], 'nps', 1,
         CASE status WHEN 2 THEN 'completed' ELSE 'partial' END, 1 + (comment IS NOT NULL)::int, false, t, 0, false, visitor, ${response} FROM ${rows}`,
    )
    await fill(
      'answers',
      `INSERT INTO earshot.answers (site, response, question, survey, version, who, score, at)
       SELECT ${site}, response::uuid, question, 'nps', 1, 'v:' || visitor, CASE question WHEN 'score' THEN score END, t
       FROM ${rows} CROSS JOIN LATERAL (VALUES ('score'), ('why')) AS given (question) WHERE question = 'score' OR comment IS NOT NULL`,
    )
  }
  const fillEvents = async (): Promise<void> => {
    const id = eventId('t', 'kind', 'i')
    const place = `1 + CASE kind WHEN 1 THEN 0 WHEN 2 THEN 1 ELSE 1 + (comment IS NOT NULL)::int END`
    await fill(
      'events',
      `INSERT INTO earshot.events (site, id, month, row, type, visitor, at, received_at, occurred_at, body)
       SELECT ${site}, id::uuid, month, row_number() OVER (ORDER BY i), 'identify', visitor, t, t, t, ${eventBody('id', `'identify'`, `'{"traits":{"plan":"' || plan || '"}}'`, '')}
       FROM (SELECT i, plan, ${start - 1}::bigint AS t, ${iso(String(start - 1))} AS iso, ${month(String(start - 1))} AS month, ${uuid(0, 'i')} AS visitor,
           ${uuid(2, 'i')} AS session, channel, touchpoint, 1 AS place, ${eventId(`${start - 1}::bigint`, '0', 'i')} AS id
         FROM traits JOIN raw ON i = traits.who ORDER BY i) AS r ORDER BY i;
       INSERT INTO earshot.events (site, id, month, row, response, type, survey, version, visitor, at, received_at, occurred_at, body)
       SELECT ${site}, id::uuid, month, before + place, response::uuid, type, 'nps', 1, visitor, t, t, t,
         ${eventBody('id', 'type', 'data', `,"survey":"nps","surveyVersion":1,"response":"' || response || '"`)}
       FROM (SELECT r.*, kind, ${identified} + i + (i + 19) / 20 + (i + 3) / 4 AS before, ${id} AS id, ${place} AS place,
           CASE kind WHEN 3 THEN 'complete' ELSE 'answer' END AS type,
           CASE kind WHEN 1 THEN '{"question":"score","value":' || score || ',"revision":0}' WHEN 2 THEN '{"question":"why","value":"' || comment || '","revision":0}' ELSE '{}' END AS data
         FROM ${rows} CROSS JOIN LATERAL (VALUES (1), (2), (3)) AS given (kind)
         WHERE kind = 1 OR (kind = 2 AND comment IS NOT NULL) OR (kind = 3 AND status = 2) OFFSET 0) AS r`,
    )
    const texts = commentsOf(responses)
    await order(
      url,
      `CREATE TEMP TABLE said (text text PRIMARY KEY, grams text[]);
       INSERT INTO said VALUES ${texts
         .map(
           (text) =>
             `('${text}', ARRAY[${gramsOf(text)
               .map((each) => `'${each}'`)
               .join(',')}])`,
         )
         .join(',')};
       INSERT INTO earshot.comments (site, response, row, text, grams)
         SELECT ${site}, (${uuid(1, 'i')})::uuid, i + 1, comment, grams FROM raw JOIN said ON said.text = comment ORDER BY i;
       INSERT INTO earshot.moments (site, event, name, visitor, person, at, data)
         SELECT ${site}, (${eventId(`${start - 1}::bigint`, '0', 'who')})::uuid, 'identify', ${uuid(0, 'who')}, NULL, ${start - 1},
           '{"plan":"' || plan || '"}' FROM traits ORDER BY who`,
    )
    told('comments and moments')
  }
  await Promise.all([fillResponses(), fillEvents()])
  // What is counted is counted as one that looks at every row counts it; ranges have changed once.
  await order(
    url,
    `INSERT INTO earshot.score_days (${dayColumns.scores}, count, slot) SELECT *, 0 FROM (${recounts[0]?.[1] ?? ''}) AS counted;
     INSERT INTO earshot.response_days (${dayColumns.responses}, slot) SELECT *, 0 FROM (${recounts[1]?.[1] ?? ''}) AS counted;
     INSERT INTO earshot.range_changes (site, range, slot, count)
       SELECT site, row / ${chunkSize}, 0, 1 FROM earshot.responses GROUP BY 1, 2
       UNION ALL SELECT site, -1 - row / ${chunkSize}, 0, 1 FROM earshot.moments GROUP BY 1, 2;
     INSERT INTO earshot.completed (site, survey, slot, count)
       SELECT site, survey, 0, count(*) FROM earshot.responses WHERE status = 'completed' GROUP BY 1, 2;
     INSERT INTO earshot.counters (site, name, slot, value)
       SELECT ${site}, name, 0, count FROM (SELECT count(*) AS count FROM earshot.events) AS e CROSS JOIN (VALUES ('accepted'), ('events')) AS named (name)
       UNION ALL SELECT ${site}, 'responses', 0, count(*) FROM earshot.responses;
     SELECT setval('earshot.response_rows', (SELECT max(row) FROM earshot.responses)), setval('earshot.arrivals', (SELECT max(row) FROM earshot.events))`,
  )
  told('counts')
  await order(url, 'VACUUM (ANALYZE)')
  told('vacuum')
  await assertFilled(url, responses)
  await order(url, `CREATE TABLE public.filled AS SELECT ${responses} AS responses`)
  told('recount')
}

/**
 * Whether a database was filled before, with as many responses; what was begun and not ended does not count.
 *
 * @throws when there are others
 */
export async function isFilled(url: string, responses: number): Promise<boolean> {
  const [there] = await order<{ found: boolean }>(
    url,
    `SELECT to_regclass('public.filled') IS NOT NULL AS found`,
  )
  if (there?.found !== true) return false
  const [filled] = await order<{ responses: string }>(url, 'SELECT responses FROM public.filled')
  if (Number(filled?.responses) === responses) return true
  throw new Error(`The database has ${filled?.responses} responses, not ${responses}. Name an empty one.`)
}

/** @throws when counts by day, or numbers of rows, are not what a recount gives */
async function assertFilled(url: string, responses: number): Promise<void> {
  await withClient(url, async (ask) => {
    for (const [kept, recount] of recounts) {
      const [row] = await ask<{ differ: string }>(
        `SELECT count(*) AS differ FROM ((SELECT * FROM (${kept}) AS k EXCEPT ALL SELECT * FROM (${recount}) AS r)
           UNION ALL (SELECT * FROM (${recount}) AS r EXCEPT ALL SELECT * FROM (${kept}) AS k)) AS d`,
      )
      if (Number(row?.differ) !== 0)
        throw new Error(`${row?.differ} counts by day are not those of a recount.`)
    }
    const [row] = await ask<Record<string, string>>(
      `SELECT (SELECT count(*) FROM raw) AS raw, (SELECT count(*) FROM earshot.responses) AS responses,
         (SELECT sum(events) FROM earshot.responses) + (SELECT count(*) FROM traits) AS told, (SELECT count(*) FROM earshot.events) AS events,
         (SELECT sum(answers) FROM earshot.responses) AS said, (SELECT count(*) FROM earshot.answers) AS answers`,
    )
    const of = (name: string): number => Number(row?.[name])
    if (of('raw') !== responses || of('responses') !== responses)
      throw new Error(
        `The database has ${of('responses')} responses and ${of('raw')} plain rows, not ${responses}. Name an empty one.`,
      )
    if (of('told') !== of('events') || of('said') !== of('answers'))
      throw new Error('Events or answers are missing.')
  })
}
