/** The questions of the benchmark of reports: as a report, and in SQL. */
import { now } from './benchReportsData.ts'

/** A report, and the question that it answers in SQL. */
export interface Case {
  name: string
  path: string
  sql: string
  /** Where DuckDB is asked otherwise. */
  duck?: string
  /** Whether it is the first that needs columns. */
  isByColumns?: boolean
  /** Lines after which the answer is left. */
  lines?: number
}

const day = 86_400_000
const from = now - 90 * day
const first = new Date(from).toISOString().slice(0, 10)
const period = `t >= ${from} AND t < ${now}`
/** A report of a period tells also what has changed since the one before it. */
const earlier = `t >= ${from - 90 * day} AND t < ${from}`
const days = `from=${first}&to=2026-11-20`
const came = 'count(*), sum(CASE WHEN status = 2 THEN 1 ELSE 0 END)'

const latest = (where: string, per: string): string =>
  `SELECT ${per}score, count(*) FROM (SELECT score, t, row_number() OVER (PARTITION BY ${per.replace(' AS day', '').replace(', ', ', ')}who ORDER BY t DESC, i DESC) AS place
     FROM raw WHERE ${where}) AS standing WHERE place = 1 GROUP BY ${per === '' ? 'score' : '1, 2'}`
const dayOf = (division: string): string => `t ${division} ${day} AS day, `

/** Both whole division: `/` in SQLite and PostgreSQL, `//` in DuckDB. */
export function casesOf(responses: number, exported: number): Case[] {
  const byDay = (division: string): string =>
    `SELECT ${dayOf(division)}score, count(*) FROM raw WHERE ${period} GROUP BY 1, 2 UNION ALL SELECT NULL, score, count(*) FROM raw WHERE ${earlier} GROUP BY 2`
  const shown = (division: string): string =>
    `SELECT ${dayOf(division)}${came} FROM raw WHERE ${period} GROUP BY 1 UNION ALL SELECT NULL, ${came} FROM raw WHERE ${earlier}`
  /** The latest answer of each person on each day, in the whole period, and in the one before. */
  const latestByDay = (division: string): string =>
    `${latest(period, dayOf(division))} UNION ALL SELECT NULL, * FROM (${latest(period, '')}) AS whole UNION ALL SELECT NULL, * FROM (${latest(earlier, '')}) AS earlier`
  const rows = `SELECT t, score, channel, touchpoint, status, comment FROM raw`
  return [
    {
      name: 'overview: NPS, all answers',
      path: '/v1/reports/nps?survey=nps&basis=all',
      sql: 'SELECT score, count(*) FROM raw GROUP BY score',
    },
    {
      name: 'overview: response rate',
      path: '/v1/reports/response?survey=nps',
      sql: `SELECT ${came} FROM raw`,
    },
    {
      name: 'overview: NPS, latest of each person',
      isByColumns: true,
      path: '/v1/reports/nps?survey=nps',
      sql: latest('1 = 1', ''),
    },
    {
      name: 'trend: NPS by day, 90 days, all answers',
      path: `/v1/reports/nps?survey=nps&basis=all&interval=day&${days}`,
      sql: byDay('/'),
      duck: byDay('//'),
    },
    {
      name: 'trend: the same in the time of Berlin',
      path: `/v1/reports/nps?survey=nps&basis=all&interval=day&timezone=Europe/Berlin&${days}`,
      sql: byDay('/'),
      duck: byDay('//'),
    },
    {
      name: 'trend: NPS by day, 90 days, latest',
      path: `/v1/reports/nps?survey=nps&interval=day&${days}`,
      sql: latestByDay('/'),
      duck: latestByDay('//'),
    },
    {
      name: 'trend: response rate by day, 90 days',
      path: `/v1/reports/response?survey=nps&interval=day&${days}`,
      sql: shown('/'),
      duck: shown('//'),
    },
    {
      name: 'segments: NPS by channel',
      path: '/v1/reports/nps?survey=nps&basis=all&by=channel',
      sql: 'SELECT channel, score, count(*) FROM raw GROUP BY 1, 2',
    },
    {
      name: 'segments: NPS by trait',
      path: '/v1/reports/nps?survey=nps&basis=all&by=trait.plan',
      sql: 'SELECT plan, score, count(*) FROM raw LEFT JOIN traits ON traits.who = raw.who GROUP BY 1, 2',
    },
    {
      name: 'segments: latest NPS by trait',
      path: '/v1/reports/nps?survey=nps&by=trait.plan',
      sql: `SELECT plan, score, count(*) FROM (SELECT plan, score, row_number() OVER (PARTITION BY raw.who, plan ORDER BY t DESC, i DESC) AS place FROM raw LEFT JOIN traits ON traits.who = raw.who) AS standing WHERE place = 1 GROUP BY 1, 2`,
    },
    {
      name: 'segments: web by touchpoint, 90 days',
      path: `/v1/reports/nps?survey=nps&basis=all&by=touchpoint&where=channel:web&${days}`,
      sql: `SELECT touchpoint, score, count(*) FROM raw WHERE channel = 'web' AND ${period} GROUP BY 1, 2 UNION ALL SELECT NULL, score, count(*) FROM raw WHERE channel = 'web' AND ${earlier} GROUP BY 2`,
    },
    {
      name: 'latest 50 responses',
      path: '/v1/responses?survey=nps&limit=50',
      sql: `${rows} ORDER BY t DESC LIMIT 50`,
    },
    {
      name: 'search in comments, 50 found',
      path: '/v1/responses?survey=nps&limit=50&q=late+box',
      sql: `${rows} WHERE comment LIKE '%late%' AND comment LIKE '%box%' ORDER BY t DESC LIMIT 50`,
    },
    {
      name: 'search in comments, one rare',
      path: '/v1/responses?survey=nps&limit=50&q=nothing-of-this',
      sql: `${rows} WHERE comment LIKE '%nothing-of-this%' ORDER BY t DESC LIMIT 50`,
    },
    {
      name: `export of ${exported.toLocaleString('en')}`,
      path: '/v1/export?format=ndjson&survey=nps',
      lines: Math.min(exported, responses),
      sql: `${rows} LIMIT ${exported}`,
    },
  ]
}
