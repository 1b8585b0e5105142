import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { envelopeSchema } from '@earshot/contract/schema'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readBatch } from '../core/ingest.ts'
import { chunkSize } from '../core/columns.ts'
import { createFacts, factNames } from '../core/peopleFacts.ts'
import { decidePut } from '../core/surveys.ts'
import { createTally, type Tallied } from '../core/tally.ts'
import { answer, envelope, moment, now, npsQuestion, npsSurvey, uuid } from '../fixtures.ts'
import { allMoments, pagesOf, suspectsOf } from '../http/counting.ts'
import type { EventStore } from '../ports.ts'
import { createSqliteStore } from './sqlite.ts'

const day = 86_400_000
const survey = { ...npsSurvey, hidden: ['plan'], quota: 3 }
/** Every question here is of a number or a choice; `by` and `where` take all kinds of attributes. */
const names = ['channel', 'variant', 'hidden.plan', 'answer.score', 'trait.tier', 'supported', 'handledBy']

const happening = fc.record({
  what: fc.constantFrom(
    'display',
    'answer',
    'answer',
    'answer',
    'complete',
    'dismiss',
    'identify',
    'group',
    'enquiry_opened',
    'conversation_ended',
    'erase',
    'retain',
    'doubt',
    'clear',
  ),
  response: fc.nat(5),
  visitor: fc.nat(2),
  person: fc.constantFrom(null, null, 'ann', 'visitor-1'),
  // Several things happen at one time, and arrive in any order.
  hoursAgo: fc.constantFrom(1, 2, 6, 7, 25, 40),
  value: fc.constantFrom(0, 7, 10),
  revision: fc.nat(2),
  variant: fc.constantFrom(undefined, 'a'),
  channel: fc.constantFrom('web', 'app'),
  tier: fc.constantFrom('pro', 'free', null),
})
const question = fc.record({
  basis: fc.constantFrom('all' as const, 'latest' as const),
  isAboutShowings: fc.boolean(),
  variant: fc.constantFrom(null, null, 'a'),
  from: fc.constantFrom(null, 30),
  to: fc.constantFrom(null, 4),
  by: fc.constantFrom(null, ...names),
  where: fc.array(
    fc.record({
      name: fc.constantFrom(...names),
      value: fc.constantFrom('web', 'a', 'pro', '10', 'yes', null),
    }),
    { maxLength: 2 },
  ),
  suspects: fc.constantFrom('include' as const, 'exclude' as const),
})

/** Reports are the same whichever order the rows of a sample, or segments without any answer, have. */
const plain = ({ segments, ...rest }: Tallied): object => ({
  ...rest,
  segments: [...segments].toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
})

async function bruteForce(
  store: EventStore,
  site: number,
  plan: Parameters<NonNullable<EventStore['tally']>>[2],
): Promise<Tallied> {
  const without = await suspectsOf(store, site, survey.id, plan.suspects)
  const tally = createTally({ ...plan, without }, createFacts(await allMoments(store, site, factNames)))
  for await (const responses of pagesOf(store, site, { survey: survey.id }))
    for (const each of responses) tally.add(each)
  return tally.result()
}

/** A site whose responses begin in one range of rows and go on in the next: their first row is 4,093. */
async function openBetween(
  file: string,
): Promise<{ store: ReturnType<typeof createSqliteStore>; site: number }> {
  const store = createSqliteStore(file)
  const { id: site } = await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  await store.putSurvey(site, survey, (stored) => decidePut(survey, stored), now)
  const database = new DatabaseSync(file)
  database.exec(`INSERT INTO responses (row, site, id, survey, version, status, answers, closed, first_at, ignored, over_quota, body)
    VALUES (${chunkSize - 4}, ${site}, randomblob(16), 'other', 1, 0, 0, 0, 0, 0, 0, x'')`)
  database.close()
  return { store, site }
}

const wholePlan = (basis: 'all' | 'latest'): Parameters<NonNullable<EventStore['tally']>>[2] => ({
  plan: { question: npsQuestion, versions: [1], variant: null, basis },
  from: null,
  to: null,
  before: null,
  bounds: [],
  by: null,
  where: [],
  suspects: 'include',
})

async function within(run: (store: EventStore, site: number, file: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'earshot-columns-'))
  const file = join(directory, 'earshot.sqlite')
  const { store, site } = await openBetween(file)
  try {
    await run(store, site, file)
  } finally {
    await store.close()
    rmSync(directory, { recursive: true })
  }
}

let sent = 0
async function say(store: EventStore, site: number, response: number, more: object = {}): Promise<void> {
  const event = answer(++sent, 9, {
    visitor: `v${response}`,
    response: uuid('response', response),
    at: moment(-3600),
    ...more,
  })
  const body = envelopeSchema.parse(envelope('pk_1', [event], { surveys: [] }))
  await store.ingest?.(site, readBatch(body, now), { inline: 'refuse', most: 0 }, now)
}

it('no row number is given out twice, so that none is taken for one that is known', async () => {
  await within(async (store, site, file) => {
    const rows = (): unknown[] => {
      const database = new DatabaseSync(file)
      const found = database.prepare("SELECT row FROM responses WHERE survey <> 'other' ORDER BY row").all()
      database.close()
      return found.map((each) => each.row)
    }
    const plan = wholePlan('all')
    const agrees = async (): Promise<void> => {
      const counted = await store.tally?.(site, survey.id, plan)
      expect(counted && plain(counted)).toEqual(plain(await bruteForce(store, site, plan)))
    }
    for (const response of [1, 2, 3, 4, 5]) await say(store, site, response)
    expect(rows()).toEqual([4093, 4094, 4095, 4096, 4097])
    await store.erase(site, 'v3', now)
    await store.erase(site, 'v4', now)
    await agrees()
    // The highest row goes, and with it all of its range; what comes next would have had the end of the range before.
    await store.erase(site, 'v5', now)
    await say(store, site, 6)
    await agrees()
    expect(rows()).toEqual([4093, 4094, 4098])
    for (const response of [1, 2, 6]) await store.erase(site, `v${response}`, now)
    await say(store, site, 7)
    expect(rows()).toEqual([4099])
    await agrees()
  })
})

it('answers of one time go in the order of their ids, whatever was erased before they are read again', async () => {
  await within(async (store, site, file) => {
    const plan = wholePlan('latest')
    const agrees = async (score: number): Promise<void> => {
      const counted = await store.tally?.(site, survey.id, plan)
      expect(counted?.total).toEqual({ kind: 'scores', rows: [{ score, count: 1 }] })
    }
    const ann = (response: number, value: number): Promise<void> =>
      say(store, site, response, { person: 'ann', data: { question: 'score', value, revision: 0 } })
    await ann(1, 1)
    const database = new DatabaseSync(file)
    database.exec(`UPDATE responses SET row = ${2 * chunkSize - 2} WHERE survey = 'other'`)
    database.close()
    await ann(2, 2)
    await ann(3, 3)
    await agrees(3)
    // The first range is read again before it is seen that the last answer is gone.
    await say(store, site, 1, { person: 'ann', type: 'complete', data: {} })
    await store.erase(site, 'v3', now)
    await agrees(2)
  })
})

it('columns count what looking at each response counts, whatever happened in which order, and whatever is asked', async () => {
  let compared = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(fc.array(happening, { minLength: 1, maxLength: 8 }), fc.array(question, { maxLength: 3 })),
        {
          minLength: 1,
          maxLength: 6,
        },
      ),
      async (rounds) => {
        const directory = mkdtempSync(join(tmpdir(), 'earshot-columns-'))
        const file = join(directory, 'earshot.sqlite')
        const { store, site } = await openBetween(file)
        try {
          let number = 0
          for (const [batch, questions] of rounds) {
            for (const each of batch) await happen(store, site, each, ++number)
            for (const asked of questions) {
              const at = (hours: number | null): number | null =>
                hours === null ? null : now - hours * 3_600_000
              const from = at(asked.from)
              const plan = {
                plan: {
                  question: asked.isAboutShowings ? null : npsQuestion,
                  versions: [1],
                  variant: asked.variant,
                  basis: asked.basis,
                },
                from,
                to: at(asked.to),
                before: from === null ? null : ([from - day / 2, from] as const),
                bounds:
                  from === null
                    ? []
                    : [from, from + 3_600_000 * 7, from + 3_600_000 * 9, at(asked.to) ?? now],
                by: asked.by,
                where: asked.where,
                suspects: asked.suspects,
              }
              const counted = await store.tally(site, survey.id, plan)
              expect(counted && plain(counted)).toEqual(plain(await bruteForce(store, site, plan)))
              compared++
            }
          }
        } finally {
          await store.close()
          rmSync(directory, { recursive: true })
        }
      },
    ),
    { numRuns: Number(process.env.EARSHOT_RUNS ?? 100) },
  )
  expect(compared).toBeGreaterThan(0)
}, 120_000)

type Step = typeof happening extends fc.Arbitrary<infer Value> ? Value : never

async function happen(store: EventStore, site: number, each: Step, number: number): Promise<void> {
  const visitor = each.visitor === 2 ? uuid('event', 9999) : `visitor-${each.visitor}`
  const response = uuid('response', each.response)
  if (each.what === 'erase') await store.erase(site, visitor, now)
  else if (each.what === 'retain')
    await store.retain(site, now - 20 * 3_600_000, { after: null, limit: 100 }, now)
  else if (each.what === 'doubt') await store.doubt(site, [visitor], 0)
  else if (each.what === 'clear') await store.clearSuspect(site, response)
  else {
    const at = moment(-each.hoursAgo * 3600)
    const who = { visitor, person: each.person, at }
    const about = { ...who, response, variant: each.variant, context: { channel: each.channel } }
    const data = {
      display: { trigger: 'show', hidden: { plan: each.tier ?? 'none' } },
      answer: { question: 'score', value: each.value, revision: each.revision },
      complete: {},
      dismiss: { reason: 'close' },
      identify: { traits: { tier: each.tier } },
      group: { group: 'acme', traits: { tier: each.tier } },
      enquiry_opened: { name: 'enquiry_opened', props: { enquiry: 'e1' } },
      conversation_ended: {
        name: 'conversation_ended',
        props: { conversation: 'c1', outcome: 'resolved', handledBy: each.tier === 'pro' ? 'bot' : 'person' },
      },
    }[each.what]
    const type = each.what.includes('_') ? 'track' : each.what
    const isAbout = ['display', 'answer', 'complete', 'dismiss'].includes(type)
    const made = answer(number, 0, { ...(isAbout ? about : who), type, data })
    const { survey: _survey, surveyVersion: _version, response: _response, variant: _variant, ...bare } = made
    const event = isAbout ? made : bare
    const body = envelopeSchema.parse(envelope('pk_1', [event], { surveys: [] }))
    // What arrived a day ago is old for the retention, whenever it happened.
    const arrived = now - (each.hoursAgo % 2) * 24 * 3_600_000
    const batch = readBatch(body, arrived)
    const receipt = await store.ingest?.(site, batch, { inline: 'refuse', most: 0 }, arrived)
    expect(receipt?.rejected).toEqual([])
  }
}
