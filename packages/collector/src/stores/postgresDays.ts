/** Keeps the counts by day of the PostgreSQL store: their tables, what a group writes to them, and what reports read of them. */
import type { DayCount, DayPlan, DayRange, ResponseDay, ScoreDay } from '../core/days.ts'
import { day } from '../core/time.ts'
import { columnsOf, given, list, type Columns } from './postgresArray.ts'
import type { Ask } from './postgresPool.ts'
import { keyText, keyTextOf } from './postgresText.ts'

/**
 * The step of the schema that brings the tables. What is stored already is added by `fillDays`.
 *
 * Like counters they have several rows by the collector that adds to them, so that collectors do not wait for each other. The
 * count is the sum; of one collector it may be below zero.
 */
export const dayTables: string = `
  CREATE TABLE earshot.score_days (
    site integer NOT NULL,
    survey text COLLATE "C" NOT NULL,
    question text COLLATE "C" NOT NULL,
    day integer NOT NULL,
    version integer NOT NULL,
    variant text COLLATE "C" NOT NULL,
    score bigint NOT NULL,
    slot integer NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (site, survey, question, day, version, variant, score, slot)
  ) WITH (fillfactor = 70);
  CREATE TABLE earshot.response_days (
    site integer NOT NULL,
    survey text COLLATE "C" NOT NULL,
    day integer NOT NULL,
    variant text COLLATE "C" NOT NULL,
    slot integer NOT NULL,
    shown bigint NOT NULL,
    answered bigint NOT NULL,
    completed bigint NOT NULL,
    dismissed bigint NOT NULL,
    over_quota bigint NOT NULL,
    ignored bigint NOT NULL,
    PRIMARY KEY (site, survey, day, variant, slot)
  ) WITH (fillfactor = 70);
`

/** Days since 1970 of a column in milliseconds, rounded down also before. */
const dayOf = (column: string): string =>
  `((${column} - ((${column} % 86400000) + 86400000) % 86400000) / 86400000)::int`

const scoreKey = 'site, survey, question, day, version, variant, score'
const responseKey = 'site, survey, day, variant'
const counts = ['shown', 'answered', 'completed', 'dismissed', 'over_quota', 'ignored']
const added = (table: string): string =>
  counts.map((each) => `${each} = ${table}.${each} + excluded.${each}`).join(', ')

const countScores = `a.site, a.survey, a.question, ${dayOf('a.at')} AS day, a.version, coalesce(a.variant, '') AS variant, a.score`
const countResponses = `r.site, r.survey, ${dayOf('r.first_at')} AS day, coalesce(r.variant, '') AS variant`
const sums = `count(*) FILTER (WHERE NOT over_quota) AS shown,
  count(*) FILTER (WHERE NOT over_quota AND answers > 0) AS answered,
  count(*) FILTER (WHERE NOT over_quota AND answers > 0 AND status = 'completed') AS completed,
  count(*) FILTER (WHERE NOT over_quota AND closed) AS dismissed,
  count(*) FILTER (WHERE over_quota) AS over_quota,
  coalesce(sum(ignored), 0)::bigint AS ignored`

/** Columns of the tables in the order of the recounts. */
export const dayColumns: Readonly<Record<'scores' | 'responses', string>> = {
  scores: scoreKey,
  responses: `${responseKey}, ${counts.join(', ')}`,
}

/** What the tables hold, summed up over all collectors, and the same counted anew from all answers and responses. */
export const recounts: readonly (readonly [kept: string, recount: string])[] = [
  [
    `SELECT ${scoreKey}, sum(count)::bigint AS count FROM earshot.score_days
     GROUP BY ${scoreKey} HAVING sum(count) <> 0 ORDER BY ${scoreKey}`,
    `SELECT ${countScores}, count(*) AS count FROM earshot.answers AS a
     WHERE score IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY ${scoreKey}`,
  ],
  [
    `SELECT ${responseKey}, ${counts.map((each) => `sum(${each})::bigint AS ${each}`).join(', ')}
     FROM earshot.response_days GROUP BY ${responseKey} HAVING sum(shown) <> 0 OR sum(over_quota) <> 0 ORDER BY ${responseKey}`,
    `SELECT ${countResponses}, ${sums} FROM earshot.responses AS r
     WHERE row IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY ${responseKey}`,
  ],
]

/** Responses per step of the filling. */
const step = 20_000

/** Counts what was stored before there were the tables; inside the transaction that brings them. */
export async function fillDays(ask: Ask): Promise<void> {
  for (const { id } of await ask('SELECT id FROM earshot.sites ORDER BY id'))
    for (let after = 0; ;) {
      const [found] = await ask(
        `SELECT max(row) AS last FROM (SELECT row FROM earshot.responses
           WHERE site = $1 AND row > $2 ORDER BY row LIMIT ${step}) AS part`,
        [id, after],
      )
      if (!found?.last) break
      const part = [id, after, found.last]
      await ask(
        `INSERT INTO earshot.score_days (${scoreKey}, slot, count)
         SELECT ${countScores}, 0, count(*) FROM earshot.responses AS r
           JOIN earshot.answers AS a ON a.site = r.site AND a.response = r.id
         WHERE r.site = $1 AND r.row > $2 AND r.row <= $3 AND a.score IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7
         ON CONFLICT (${scoreKey}, slot) DO UPDATE SET count = score_days.count + excluded.count`,
        part,
      )
      await ask(
        `INSERT INTO earshot.response_days (${responseKey}, slot, ${counts.join(', ')})
         SELECT site, survey, day, variant, 0, ${counts.join(', ')} FROM (
           SELECT ${countResponses}, ${sums} FROM earshot.responses AS r
           WHERE r.site = $1 AND r.row > $2 AND r.row <= $3 GROUP BY 1, 2, 3, 4) AS part
         ON CONFLICT (${responseKey}, slot) DO UPDATE SET ${added('response_days')}`,
        part,
      )
      after = Number(found.last)
    }
}

const scoreColumns: Columns = [
  ['survey', 'text'],
  ['question', 'text'],
  ['day', 'int'],
  ['version', 'int'],
  ['variant', 'text'],
  ['score', 'bigint'],
  ['count', 'bigint'],
]
const responseColumns: Columns = [
  ['survey', 'text'],
  ['day', 'int'],
  ['variant', 'text'],
  ...counts.map((each): [string, string] => [each, 'bigint']),
]

/**
 * Parts of the statement that writes a group, by a `WITH` of which they are members; $1 is the site and $2 the slot. Rows are
 * written in the order of their keys, so that two groups who write the same ones wait for each other and never in a circle.
 *
 * @param from number of the first parameter; they are those of `dayValues`
 */
export const writeDays = (from: number): string => `counted_scores AS (
  INSERT INTO earshot.score_days (site, slot, ${list(scoreColumns)})
  SELECT $1, $2, ${list(scoreColumns)} FROM ${given(scoreColumns, from)} ORDER BY survey, question, day, version, variant, score
  ON CONFLICT (${scoreKey}, slot) DO UPDATE SET count = score_days.count + excluded.count
), counted_responses AS (
  INSERT INTO earshot.response_days (site, slot, ${list(responseColumns)})
  SELECT $1, $2, ${list(responseColumns)} FROM ${given(responseColumns, from + scoreColumns.length)} ORDER BY survey, day, variant
  ON CONFLICT (${responseKey}, slot) DO UPDATE SET ${added('response_days')})`

/** The parameters of `writeDays`. */
export function dayValues({ scores, responses }: { scores: ScoreDay[]; responses: ResponseDay[] }): string[] {
  return [
    ...columnsOf(
      scoreColumns,
      scores.map((each) => scoreColumns.map(([name]) => each[name as keyof ScoreDay])),
    ),
    ...columnsOf(
      responseColumns,
      responses.map((each) => [
        each.survey,
        each.day,
        each.variant,
        each.shown,
        each.answered,
        each.completed,
        each.dismissed,
        each.overQuota,
        each.ignored,
      ]),
    ),
  ]
}

/** Deletes rows that come to nothing, which tell what somebody has said who is gone; by who has the site for themselves. */
export async function sweepDays(ask: Ask, site: number): Promise<void> {
  await ask(
    `DELETE FROM earshot.score_days WHERE (${scoreKey}) IN
       (SELECT ${scoreKey} FROM earshot.score_days WHERE site = $1 GROUP BY ${scoreKey} HAVING sum(count) = 0) AND site = $1`,
    [site],
  )
  await ask(
    `DELETE FROM earshot.response_days WHERE (${responseKey}) IN
       (SELECT ${responseKey} FROM earshot.response_days WHERE site = $1
        GROUP BY ${responseKey} HAVING sum(shown) = 0 AND sum(over_quota) = 0) AND site = $1`,
    [site],
  )
}

const ofScores = `site = $1 AND survey = $2 AND question = $3 AND version = ANY($4::int[]) AND ($5::text IS NULL OR variant = $5)`
const ofResponses = 'site = $1 AND survey = $2 AND ($3::text IS NULL OR variant = $3)'
const within = (column: string, from: string): string => {
  const next = `$${Number(from.slice(1)) + 1}`
  return `(${from}::bigint IS NULL OR ${column} >= ${from}::bigint) AND (${next}::bigint IS NULL OR ${column} < ${next}::bigint)`
}
const come = `(answers > 0)::int AS answered, (answers > 0 AND status = 'completed')::int AS completed, closed::int AS dismissed`

const sumOf = (column: string): string =>
  `SELECT coalesce(sum(${column}), 0)::bigint AS count FROM earshot.response_days WHERE ${ofResponses} AND ${within('day', '$4')}`

/**
 * Counts by day: those of whole days, those of the rest of the last day, and less those that are doubted, which are few.
 *
 * The last six parameters are the first and the last day, their bounds in milliseconds with the rest in it, and the rest.
 */
export const dayStatements: Readonly<Record<'scores' | 'responses' | 'overQuota' | 'ignored', string>> = {
  overQuota: sumOf('over_quota'),
  ignored: sumOf('ignored'),
  scores: `SELECT day, score, sum(count)::bigint AS count FROM (
      SELECT day, score, count FROM earshot.score_days WHERE ${ofScores} AND ${within('day', '$7')}
      UNION ALL
      SELECT ${dayOf('at')}, score, 1 FROM earshot.answers
      WHERE $11::bigint IS NOT NULL AND ${ofScores} AND at >= $11 AND at < $12 AND score IS NOT NULL
      UNION ALL
      SELECT ${dayOf('a.at')}, a.score, -1 FROM earshot.suspects AS s
        CROSS JOIN LATERAL (SELECT * FROM earshot.answers AS a WHERE a.site = s.site AND a.response = s.response
          AND a.question = $3 LIMIT 1) AS a
      WHERE NOT $6::boolean AND s.site = $1 AND NOT s.cleared AND a.survey = $2 AND a.version = ANY($4::int[])
        AND ($5::text IS NULL OR a.variant = $5) AND a.score IS NOT NULL AND ${within('a.at', '$9')}
    ) AS counted GROUP BY day, score HAVING sum(count) <> 0`,
  responses: `SELECT day, sum(shown)::bigint AS shown, sum(answered)::bigint AS answered, sum(completed)::bigint AS completed,
      sum(dismissed)::bigint AS dismissed FROM (
      SELECT day, shown, answered, completed, dismissed FROM earshot.response_days
      WHERE ${ofResponses} AND ${within('day', '$5')}
      UNION ALL
      SELECT ${dayOf('first_at')}, 1, ${come} FROM earshot.responses
      WHERE $9::bigint IS NOT NULL AND ${ofResponses} AND first_at >= $9 AND first_at < $10 AND row IS NOT NULL
        AND NOT over_quota
      UNION ALL
      SELECT ${dayOf('r.first_at')}, -1, -r.answered, -r.completed, -r.dismissed FROM earshot.suspects AS s
        CROSS JOIN LATERAL (SELECT *, ${come} FROM earshot.responses AS r WHERE r.site = s.site AND r.id = s.response
          LIMIT 1) AS r
      WHERE NOT $4::boolean AND s.site = $1 AND NOT s.cleared AND r.survey = $2 AND ($3::text IS NULL OR r.variant = $3)
        AND r.row IS NOT NULL AND NOT r.over_quota AND ${within('r.first_at', '$7')}
    ) AS counted GROUP BY day HAVING sum(shown) <> 0`,
}

/** Reads the counts of the days that a plan is about. */
export async function readDays(
  ask: Ask,
  site: number,
  survey: string,
  { plan, suspects, to }: DayPlan,
  { first, end, rest }: DayRange,
): Promise<DayCount[]> {
  const start = first === null ? null : first * day
  const period = [first, end, start, to, rest?.[0] ?? null, rest?.[1] ?? null]
  const { question, versions, variant } = plan
  const isAll = suspects === 'include'
  const about = [site, keyText(survey)]
  const arm = keyTextOf(variant)
  const rows = question
    ? await ask(dayStatements.scores, [...about, keyText(question.id), versions, arm, isAll, ...period])
    : await ask(dayStatements.responses, [...about, arm, isAll, ...period])
  return rows as unknown as DayCount[]
}
