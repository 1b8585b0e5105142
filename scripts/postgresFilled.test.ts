import { expect, it } from 'vitest'
import { survey } from './benchBatches.ts'
import { make, now, planOf, start, stepOf } from './benchReportsData.ts'
import { fillPostgres } from './benchReportsPostgres.ts'
import { order } from './postgresDatabase.ts'
import { temporaryDatabase } from '../packages/collector/src/fixtures.ts'
import { createCollector } from '../packages/collector/src/index.ts'
import { assertFolded } from '../packages/collector/src/stores/postgresSuite.ts'

const responses = 90
const keys = { writeKey: 'pk_bench', adminToken: 'sk_0123456789abcdefghij' }

/** Serves the survey; then each response arrives in the moment in which it is given. */
async function collect(store: string, isFilled: boolean): Promise<void> {
  let at = isFilled ? now : start - 1
  const collector = await createCollector({
    store,
    ...keys,
    clock: { now: () => at },
    log: { info: () => undefined, error: console.error },
  })
  const ask = async (method: string, path: string, body: unknown, token = keys.adminToken): Promise<void> => {
    const answered = await collector.fetch(
      new Request(`http://bench${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )
    if (answered.status >= 300) throw new Error(await answered.text())
  }
  await ask('PUT', '/v1/surveys/nps', {
    ...survey,
    questions: [...survey.questions, { kind: 'text', id: 'why', title: 'Why?', maxLength: 200 }],
  })
  if (!isFilled) {
    const idOf = (kind: number, index: number): string => {
      const time = at.toString(16).padStart(12, '0')
      return `${time.slice(0, 8)}-${time.slice(8)}-700${kind}-8000-${index.toString(16).padStart(12, '0')}`
    }
    const send = (events: object[]): Promise<void> =>
      ask('POST', '/v1/feedback', {
        key: keys.writeKey,
        sentAt: new Date(at).toISOString(),
        sdk: 'js/1',
        surveys: [],
        events,
      })
    // In the order in which a client writes them.
    const event = (kind: number, index: number, seq: number, visitor: string, rest: object): object => {
      const { session, channel, touchpoint } = make(index, responses).response
      const context = { url: 'https://shop.example/checkout/thanks', locale: 'de', channel, touchpoint }
      const moment = new Date(at).toISOString()
      return { id: idOf(kind, index), at: moment, visitor, person: null, session, seq, context, ...rest }
    }
    for (let index = 1; index < responses; index += 10) {
      const visitor = make(index, responses).response.id.replace('0001', '0000')
      const data = { traits: { plan: planOf(index) } }
      await send([event(0, index, 1, visitor, { type: 'identify', data })])
    }
    for (let index = 0; index < responses; index++) {
      at = Math.floor(start + index * stepOf(responses))
      const { response, score, comment } = make(index, responses)
      const about = { survey: 'nps', surveyVersion: 1, response: response.id }
      const told = [
        { kind: 1, type: 'answer', data: { question: 'score', value: score, revision: 0 } },
        ...(comment === null
          ? []
          : [{ kind: 2, type: 'answer', data: { question: 'why', value: comment, revision: 0 } }]),
        ...(response.status === 'completed' ? [{ kind: 3, type: 'complete', data: {} }] : []),
      ]
      await send(
        told.map(({ kind, type, data }, place) =>
          event(kind, index, place + 1, response.visitor, { ...about, type, data }),
        ),
      )
    }
  }
  await collector.close()
}

it('is filled for the benchmark with what the collector makes of the same events', async () => {
  const [fed, filled] = await Promise.all([temporaryDatabase(), temporaryDatabase()])
  await collect(fed, false)
  await collect(filled, true)
  await fillPostgres(filled, responses)
  expect((await assertFolded(filled)).size).toBeGreaterThan(responses)
  for (const [table, columns, key] of [
    ['events', '*', 'row'],
    ['responses', '*', 'row'],
    ['answers', '*', 'response, question'],
    ['comments', '*', 'response'],
    ['moments', '*', 'row'],
    ['completed', 'site, survey, sum(count)', 'site, survey'],
    ['counters', 'site, name, sum(value)', 'site, name'],
    ['score_days', 'site, survey, question, day, version, variant, score, sum(count)', '1, 2, 3, 4, 5, 6, 7'],
    [
      'response_days',
      'site, survey, day, variant, sum(shown), sum(answered), sum(completed), sum(dismissed), sum(over_quota), sum(ignored)',
      '1, 2, 3, 4',
    ],
    ['range_changes', 'site, range', 'site, range'],
    ['late', '*', 'survey'],
    ['response_rows', 'last_value', '1'],
    ['arrivals', 'last_value', '1'],
    ['pg_indexes', "tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', '')", '1, 2'],
  ] as const) {
    const grouped = columns.includes('sum(') || table === 'range_changes'
    const text = `SELECT ${columns} FROM ${table === 'pg_indexes' ? "pg_indexes WHERE schemaname = 'earshot'" : `earshot.${table}`}
      ${grouped ? `GROUP BY ${key}` : ''} ORDER BY ${key}`
    const [expected, found] = await Promise.all([order(fed, text), order(filled, text)])
    expect(found, table).toEqual(expected)
  }
})
