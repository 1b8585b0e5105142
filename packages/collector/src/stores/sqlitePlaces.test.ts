import { envelopeSchema } from '@earshot/contract/schema'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { judge, readBatch } from '../core/ingest.ts'
import { decidePlace, type PlaceAsk } from '../core/places.ts'
import { answer, envelope, moment, now, npsSurvey, uuid } from '../fixtures.ts'
import { createSqliteAppend } from './sqliteAppend.ts'
import { createErase } from './sqliteErase.ts'
import { createSqliteSuspects } from './sqliteSuspects.ts'
import { createSqliteDays } from './sqliteDays.ts'
import { createSqliteFindings } from './sqliteFindings.ts'
import { createSqlitePlaces } from './sqlitePlaces.ts'
import { createRefold } from './sqliteResponses.ts'
import { openDatabase } from './sqliteSchema.ts'

const quota = 3
const limited = { ...npsSurvey, quota }
const other = { ...npsSurvey, id: 'other' }

const data = {
  display: { trigger: 'show' },
  answer: { question: 'score', value: 9, revision: 0 },
  complete: {},
  dismiss: { reason: 'close' },
  snooze: { until: moment(0) },
} as const
const step = fc.record({
  type: fc.constantFrom(
    ...(Object.keys(data) as (keyof typeof data)[]),
    'ask',
    'complete',
    'complete',
    'wait',
    'erase',
  ),
  number: fc.integer({ min: 1, max: 6 }),
  // Small numbers on purpose: several visitors share a response, and one visitor has several.
  who: fc.integer({ min: 1, max: 6 }),
  minutes: fc.nat(40),
  seq: fc.nat(6),
  second: fc.nat(100),
  survey: fc.constantFrom(limited, limited, limited, other),
})

it('what is counted is what there is, and never beyond the quota, also where ids are shared and visitors erased', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const database = openDatabase(':memory:')
      database.exec('INSERT INTO sites VALUES (1, 0)')
      const places = createSqlitePlaces(database)
      const findings = createSqliteFindings(database)
      const refold = createRefold(
        database,
        places.follow,
        createSqliteDays(database),
        createSqliteSuspects(database),
        findings,
      )
      const { append, storeSurvey } = createSqliteAppend(
        database,
        refold,
        createSqliteSuspects(database),
        findings,
      )
      const erase = createErase(database, refold)
      storeSurvey(1, limited, 'served', now)
      const count = (sql: string, ...values: string[]): number =>
        Number(database.prepare(sql).get(...values)?.count ?? 0)

      let time = now
      for (const [index, { type, number, who, minutes, seq, second, survey }] of steps.entries()) {
        const response = uuid('response', number)
        const visitor = `visitor-${who}`
        if (type === 'wait') time += minutes * 60_000
        else if (type === 'erase') erase(1, visitor, time)
        else if (type === 'ask') {
          const ask: PlaceAsk = { survey: limited.id, response, visitor, person: null }
          places.take(1, ask, (facts) => decidePlace(ask, facts, quota, time), time)
        } else {
          const fields = {
            response,
            visitor,
            type,
            data: data[type],
            seq,
            at: moment(-second),
            survey: survey.id,
          }
          const body = envelope('pk_1', [answer(100 + index, 0, fields)], { surveys: [other] })
          const batch = readBatch(envelopeSchema.parse(body), time)
          append(1, batch, (known) => judge(batch, known, { inline: 'accept', most: 9 }), time)
        }
        for (const { id } of [limited, other]) {
          const completed = count('SELECT count FROM completed WHERE survey = ?', id)
          const held = count('SELECT count FROM held WHERE survey = ?', id)
          const counted = `SELECT count(*) AS count FROM responses WHERE survey = ? AND status = 2 AND over_quota = 0`
          expect(completed).toBe(count(counted, id))
          expect(held).toBe(count('SELECT count(*) AS count FROM places WHERE survey = ?', id))
          if (id === limited.id) expect(completed + held).toBeLessThanOrEqual(quota)
        }
        const twice = 'SELECT count(*) AS count FROM places GROUP BY survey, visitor ORDER BY count DESC'
        expect(count(twice)).toBeLessThanOrEqual(1)
        const marked = `SELECT count(*) AS count FROM answers JOIN responses ON id = response WHERE over_quota = 1`
        expect(count(marked)).toBe(0)
      }
      database.close()
    }),
  )
}, 60_000)
