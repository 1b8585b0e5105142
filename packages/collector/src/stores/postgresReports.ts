/** Counts what reports stand on in PostgreSQL: by whole days from the counts that are kept, for other times from an index. */
import { daysOf, tallyDays, type DayPlan } from '../core/days.ts'
import type { CountStore, ResponseCounts, ScoreQuery } from '../ports/countStore.ts'
import type { ResponseFilter } from '../ports/responseStore.ts'
import { bounds } from './bounds.ts'
import { dayStatements, readDays } from './postgresDays.ts'
import type { Ask } from './postgresPool.ts'
import { undoubted } from './postgresSuspects.ts'
import { keyText, keyTextOf } from './postgresText.ts'

// A missing filter is bound as null and then limits nothing. Statements are planned with their values, so such a condition
// is gone before an index is chosen.
const inPeriod = 'site = $1 AND survey = $2 AND first_at >= $3 AND first_at < $4 AND row IS NOT NULL'
const counted = `site = $1 AND survey = $2 AND question = $3 AND at >= $4 AND at < $5 AND version = ANY($6::int[])
  AND ($7::text IS NULL OR variant = $7) AND score IS NOT NULL AND ${undoubted('a', 'response', '$8::boolean')}`
/** Counts answers by score, for each basis of a report. */
export const scoreStatements: Readonly<Record<'all' | 'latest', string>> = {
  all: `SELECT score, count(*) AS count FROM earshot.answers AS a WHERE ${counted} GROUP BY score ORDER BY score`,
  // Ties in time go by response id, so that the same rows always give the same report.
  latest: `SELECT score, count(*) AS count FROM (
      SELECT DISTINCT ON (who) score FROM earshot.answers AS a WHERE ${counted} ORDER BY who, at DESC, response DESC
    ) AS standing GROUP BY score ORDER BY score`,
}

type Filter = Pick<ResponseFilter, 'from' | 'to' | 'variant'> & { survey: string }

/** Reads outside of transactions. */
export function createReports(
  read: Ask,
): Pick<CountStore, 'scores' | 'responseCounts' | 'overQuota' | 'ignored' | 'tallyDays'> {
  const counting = (site: number, filter: Filter): unknown[] => [
    site,
    keyText(filter.survey),
    ...bounds(filter),
    keyTextOf(filter.variant),
  ]
  const planOf = (
    { from, to, suspects }: Pick<ScoreQuery, 'from' | 'to' | 'suspects'>,
    plan: DayPlan['plan'],
  ): DayPlan => ({
    plan,
    from: from ?? null,
    to: to ?? null,
    before: null,
    bounds: [],
    suspects: suspects ?? 'exclude',
  })
  const count: NonNullable<CountStore['tallyDays']> = async (site, survey, plan) => {
    const range = daysOf(plan)
    return range && tallyDays(await readDays(read, site, survey, plan, range), plan)
  }
  /** The first day and the one after the last; null where the period begins or ends within one. */
  const wholeDays = ({
    from,
    to,
  }: Pick<ResponseFilter, 'from' | 'to'>): [number | null, number | null] | null => {
    const range = daysOf(planOf({ from, to }, { question: null, versions: [], variant: null, basis: 'all' }))
    return range && range.rest === null ? [range.first, range.end] : null
  }

  return {
    tallyDays: count,
    async scores(site, query) {
      const { survey, question, versions, variant, basis } = query
      const asked = { question: { id: question }, versions, variant: variant ?? null, basis }
      const byDay = await count(site, survey, planOf(query, asked))
      if (byDay?.total.kind === 'scores') return [...byDay.total.rows]
      const rows = await read(scoreStatements[basis], [
        site,
        keyText(survey),
        keyText(question),
        ...bounds(query),
        versions,
        keyTextOf(variant),
        query.suspects === 'include',
      ])
      return rows.map((row) => ({ score: Number(row.score), count: Number(row.count) }))
    },
    async responseCounts(site, filter) {
      const { survey, variant } = filter
      const asked = { question: null, versions: [], variant: variant ?? null, basis: 'all' as const }
      const byDay = await count(site, survey, planOf(filter, asked))
      if (byDay?.total.kind === 'showings') return byDay.total.counts
      const [row] = await read(
        `SELECT count(*) AS shown,
           count(*) FILTER (WHERE answers > 0) AS answered,
           count(*) FILTER (WHERE status = 'completed' AND answers > 0) AS completed,
           count(*) FILTER (WHERE closed) AS dismissed
         FROM earshot.responses AS r WHERE ${inPeriod} AND ($5::text IS NULL OR variant = $5) AND NOT over_quota
           AND ${undoubted('r', 'id', '$6::boolean')}`,
        [...counting(site, filter), filter.suspects === 'include'],
      )
      return { ...row } as unknown as ResponseCounts
    },
    async overQuota(site, filter) {
      const days = wholeDays(filter)
      const [row] = days
        ? await read(dayStatements.overQuota, [
            site,
            keyText(filter.survey),
            keyTextOf(filter.variant),
            ...days,
          ])
        : await read(
            `SELECT count(*) AS count FROM earshot.responses
             WHERE ${inPeriod} AND ($5::text IS NULL OR variant = $5) AND over_quota`,
            counting(site, filter),
          )
      return Number(row?.count)
    },
    async ignored(site, filter) {
      const days = wholeDays(filter)
      const [row] = days
        ? await read(dayStatements.ignored, [site, keyText(filter.survey), null, ...days])
        : await read(
            `SELECT coalesce(sum(ignored), 0)::bigint AS count FROM earshot.responses WHERE ${inPeriod} AND ignored > 0`,
            [site, keyText(filter.survey), ...bounds(filter)],
          )
      return Number(row?.count)
    },
  }
}
