import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { envelopeSchema } from '@earshot/contract/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readBatch } from '../core/ingest.ts'
import { decidePut } from '../core/surveys.ts'
import { answer, envelope, moment, now, npsSurvey, uuid } from '../fixtures.ts'
import { createSqliteStore } from './sqlite.ts'
import { dayStatements } from './sqliteReports.ts'
import { recounts } from './sqliteDays.ts'
import { openDatabase } from './sqliteSchema.ts'
import { day } from '../core/time.ts'

const midnight = now - (now % day)

/** Something that happens: an event of one of few responses, or the end of a visitor. */
const happening = fc.record({
  what: fc.constantFrom('display', 'answer', 'answer', 'complete', 'dismiss', 'erase'),
  response: fc.nat(4),
  // Two visitors may use one response id; then one of them is ignored.
  visitor: fc.nat(2),
  daysAgo: fc.nat(3),
  value: fc.nat(10),
  revision: fc.nat(2),
  variant: fc.constantFrom(undefined, 'a'),
})

describe('the counts by day', () => {
  it('are what a recount gives, whatever happens in which batches; and reports agree with those of any other period', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(happening, { minLength: 1, maxLength: 5 }), { maxLength: 8 }),
        async (batches) => {
          const directory = mkdtempSync(join(tmpdir(), 'earshot-days-'))
          const file = join(directory, 'earshot.sqlite')
          const store = createSqliteStore(file)
          try {
            const limited = { ...npsSurvey, quota: 2 }
            const { id: site } = await store.saveSite(
              () => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }),
              now,
            )
            await store.putSurvey(site, limited, (stored) => decidePut(limited, stored), now)
            let number = 0
            for (const batch of batches) {
              const waiting: Promise<unknown>[] = []
              for (const each of batch) {
                const visitor = `visitor-${each.visitor}`
                if (each.what === 'erase') {
                  waiting.push(store.erase(site, visitor, now))
                  continue
                }
                const data = {
                  display: { trigger: 'show' },
                  answer: { question: 'score', value: each.value, revision: each.revision },
                  complete: {},
                  dismiss: { reason: 'close' },
                }[each.what]
                const event = answer(++number, 0, {
                  type: each.what,
                  visitor,
                  response: uuid('response', each.response),
                  at: moment(-each.daysAgo * 86_400),
                  variant: each.variant,
                  data,
                })
                const body = envelopeSchema.parse(envelope('pk_1', [event], { surveys: [] }))
                waiting.push(store.ingest(site, readBatch(body, now), { inline: 'refuse', most: 0 }, now))
              }
              await Promise.all(waiting)
            }
            const reader = new DatabaseSync(file)
            for (const [table, recount] of Object.entries(recounts)) {
              const rows = (sql: string): string[] =>
                reader
                  .prepare(sql)
                  .all()
                  .map((row) => JSON.stringify(row))
                  .toSorted()
              expect(rows(`SELECT * FROM ${table}`)).toEqual(rows(recount))
            }
            reader.close()
            for (const variant of [undefined, 'a'])
              for (const [from, to] of [
                [undefined, undefined],
                [midnight - day, undefined],
                [midnight - 2 * day, midnight],
              ]) {
                // A bound one millisecond off is read from the index; no event is that close to midnight.
                const exact = {
                  survey: 'nps-q4',
                  variant,
                  from: from && from + 1,
                  to: (to ?? midnight + 2 * day) + 1,
                }
                const whole = { survey: 'nps-q4', variant, from, to }
                expect(await store.responseCounts(site, whole)).toEqual(
                  await store.responseCounts(site, exact),
                )
                expect(await store.overQuota(site, whole)).toBe(await store.overQuota(site, exact))
                expect(await store.ignored(site, whole)).toBe(await store.ignored(site, exact))
                const scored = { question: 'score', versions: [1], basis: 'all' } as const
                expect(await store.scores(site, { ...scored, ...whole })).toEqual(
                  await store.scores(site, { ...scored, ...exact }),
                )
              }
          } finally {
            await store.close()
            rmSync(directory, { recursive: true })
          }
        },
      ),
      { numRuns: Number(process.env.EARSHOT_RUNS ?? 60) },
    )
  }, 120_000)

  it('are found by their keys', () => {
    const database = openDatabase(':memory:')
    for (const statement of Object.values(dayStatements)) {
      const plan = database
        .prepare(`EXPLAIN QUERY PLAN ${statement}`)
        .all()
        .map((each) => String(each.detail))
      expect(plan[0]).toMatch(/^SEARCH \w+ USING PRIMARY KEY \(site=\? AND survey=\?/)
    }
    database.close()
  })

  it('are made for a file that an older program wrote', () => {
    const database = openDatabase(':memory:')
    database.exec(`
      INSERT INTO sites VALUES (1, 0);
      INSERT INTO answers (site, response, question, survey, version, who, score, at) VALUES
        (1, x'01', 'score', 'nps', 1, 'v:1', 9, -1), (1, x'02', 'score', 'nps', 1, 'v:2', 9, 0), (1, x'03', 'score', 'nps', 1, 'v:2', 9, ${day - 1})`)
    expect(database.prepare(`SELECT day, count FROM (${recounts.score_days})`).all()).toEqual([
      { day: -1, count: 1 },
      { day: 0, count: 2 },
    ])
    database.close()
  })
})
