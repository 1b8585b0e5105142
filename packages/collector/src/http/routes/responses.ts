/** `GET /v1/responses`: the stored responses, page by page, and one response with its events. */
import type { ScaleQuestion } from '@earshot/contract'
import { meets, readConditions } from '../../core/attributes.ts'
import { splitCountry } from '../../core/country.ts'
import { createFacts, momentsFor } from '../../core/peopleFacts.ts'
import { ignoredBy, type KeptResponse } from '../../core/project.ts'
import { searchTerms } from '../../core/search.ts'
import { ownValue } from '../../core/text.ts'
import { formatMoment } from '../../core/time.ts'
import type { EventStore } from '../../ports/eventStore.ts'
import type { ResponseRow } from '../../ports/responseStore.ts'
import { allMoments } from '../counting.ts'
import { problem } from '../errors.ts'
import { badQuery } from '../reportQuery.ts'
import { checkQuery } from '../query.ts'
import { json, type Deps, type Route } from '../route.ts'

const defaultPage = 50
const known = [
  'survey',
  'status',
  'variant',
  'from',
  'to',
  'timezone',
  'limit',
  'cursor',
  'q',
  'score',
  'where',
] as const
/** Rows that one request looks at, where a condition is on what no index has. */
const mostLooked = 5000
const perLook = 500

/** The routes of this file. */
export function responseRoutes({ store }: Deps): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/responses',
      access: 'admin',
      need: 'responses',
      async handle(call) {
        const checked = await checkQuery(call, store, known)
        if (!checked.ok) return checked.response
        const {
          limit = defaultPage,
          cursor,
          q,
          score,
          where: given = [],
          timezone: _,
          ...filter
        } = checked.query
        const conditions = readConditions(given)
        if (typeof conditions === 'string') return badQuery(conditions)
        const terms = q === undefined ? null : searchTerms(q)
        if (terms?.length === 0) return badQuery('"q" has nothing to search for')
        const site = call.site.id
        const names = momentsFor(null, conditions)
        const facts = createFacts(await allMoments(store, site, names))
        const scored = score ? await scoredQuestions(store, site, filter.survey) : null
        const isWanted = ({ response }: ResponseRow): boolean =>
          (!score || (scored !== null && hasScore(response, scored, score))) &&
          meets(response, conditions, facts)
        const read = (before: number | undefined, count: number): Promise<ResponseRow[]> =>
          terms
            ? store.search(site, terms, filter, { before, limit: count })
            : store.newest(site, filter, { before, limit: count })
        const { rows, next } = await pickRows(
          read,
          isWanted,
          cursor,
          limit,
          score !== undefined || given.length > 0,
        )
        return json({
          responses: rows.map((each) => each.response),
          next: next === null ? null : String(next),
        })
      },
    },
    {
      method: 'GET',
      path: '/v1/responses/{id}',
      access: 'admin',
      need: 'responses',
      async handle({ site, params }) {
        const id = (params.id ?? '').toLowerCase()
        const events = await store.events(site.id, id)
        if (events.length === 0) return problem(404, 'unknown_response', 'No response has this id.')
        const response = await store.response(site.id, id)
        return json({
          // Null when the events only tell of a follow-up that was planned.
          response,
          // Of the events below: those that another visitor sent under the same id.
          ignored: response ? ignoredBy(response, events) : 0,
          events: events.map(({ event, receivedAt, occurredAt }) => ({
            ...splitCountry(event),
            receivedAt: formatMoment(receivedAt),
            occurredAt: formatMoment(occurredAt),
          })),
        })
      },
    },
  ]
}

/**
 * A page of rows that are wanted, and where to go on. A request looks at no more than `mostLooked` rows: a page may have fewer
 * than asked for, or none, and there be more all the same.
 */
async function pickRows(
  read: (before: number | undefined, count: number) => Promise<ResponseRow[]>,
  isWanted: (row: ResponseRow) => boolean,
  cursor: number | undefined,
  limit: number,
  isFiltered: boolean,
): Promise<{ rows: ResponseRow[]; next: number | null }> {
  const rows: ResponseRow[] = []
  // One more than asked tells whether there is a next page.
  const count = isFiltered ? perLook : limit + 1
  let before = cursor
  for (let looked = 0; looked < mostLooked; looked += count) {
    const found = await read(before, count)
    for (const each of found) {
      if (!isWanted(each)) continue
      const last = rows.at(-1)
      if (rows.length === limit && last) return { rows, next: last.row }
      rows.push(each)
    }
    const last = found.at(-1)
    if (!last || found.length < count) return { rows, next: null }
    before = last.row
  }
  return { rows, next: before ?? null }
}

/** By survey: the ids of its questions with a scale. */
async function scoredQuestions(
  store: EventStore,
  site: number,
  survey: string | undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const stored = await store.surveys(site, survey)
  return new Map(
    stored.map((each) => [
      `${each.survey.id}@${each.survey.version}`,
      each.survey.questions.filter((one): one is ScaleQuestion => one.kind === 'scale').map((one) => one.id),
    ]),
  )
}

/** Whether the first scale of the survey was answered between two scores, both included. */
function hasScore(
  response: KeptResponse,
  scored: ReadonlyMap<string, readonly string[]>,
  [least, most]: readonly [number, number],
): boolean {
  const [first] = scored.get(`${response.survey}@${response.version}`) ?? []
  const value = first === undefined ? undefined : ownValue(ownValue(response.answers, first), 'value')
  return typeof value === 'number' && value >= least && value <= most
}
