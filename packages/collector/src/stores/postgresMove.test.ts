import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { withClient } from '../../../../scripts/postgresDatabase.ts'
import { temporaryDatabase, temporaryDirectory } from '../fixtures.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { createPostgresStore } from './postgres.ts'
import { copiedTables, derivedTables, moveToPostgres } from './postgresMove.ts'
import { assertFolded } from './postgresSuite.ts'
import { createSqliteStore } from './sqlite.ts'
import { now, openSite, send, type Sent } from './storeSuite.fixtures.ts'
import { storeSuite } from './storeSuite.ts'

const all = { limit: 100_000 }
const names = ['identify', 'group', 'track', 'signed_up', 'purchased', 'enquiry_opened', 'enquiry_resolved']

/** Numbers of rows begin anew; their order is what is promised. */
const bare = <Row extends { row: number }>(rows: Row[]): Omit<Row, 'row'>[] =>
  rows.map(({ row: _row, ...rest }) => rest)

/** All that a store tells about a site. */
async function pictureOf(store: EventStore, site: number): Promise<unknown> {
  const responses = bare(await store.oldest(site, {}, { after: 0, ...all }))
  const events = await Promise.all(responses.map(({ response }) => store.events(site, response.id)))
  const visitors = [...new Set(events.flat().map(({ event }) => event.visitor))].toSorted()
  const surveys = await store.surveyNames(site)
  const cases = bare(await store.cases(site, {}, all))
  const arrivals = await store.arrivals(site, { after: 0, ...all })
  return {
    settings: await store.settings(site),
    surveys: await store.surveys(site),
    responses,
    events,
    stats: await store.stats(site),
    visitors: await Promise.all(
      visitors.map(async (visitor) => [
        await store.visitorsOf(site, visitor),
        bare(await store.eventsOf(site, visitor, { after: 0, ...all })),
        await store.placesOf(site, visitor),
        await store.contacts(site, [visitor], 0),
      ]),
    ),
    counts: await Promise.all(
      surveys.map(async ({ id }) => [
        await store.responseCounts(site, { survey: id, suspects: 'include' }),
        await store.responseCounts(site, { survey: id }),
        await store.overQuota(site, { survey: id }),
        await store.ignored(site, { survey: id }),
        await store.lost(site, id),
        (await store.late(site, id, { from: 0, to: 2 * now })).map((each) => JSON.stringify(each)).toSorted(),
      ]),
    ),
    suspects: await store.listSuspects(site, {}, all.limit),
    moments: bare(await store.moments(site, { names }, { after: 0, ...all })),
    arrivals: bare(arrivals.rows),
    plan: await store.plan(site),
    webhooks: await store.webhooks(site),
    jobs: bare(await store.jobs(site, null, all)),
    cases,
    entries: await Promise.all(cases.map(({ id }) => store.caseEntries(site, id))),
    unsubscribed: bare(await store.unsubscribed(site, all)),
    mail: await store.mailSecrets(site, { link: 'fresh', names: 'fresh' }, now),
    daily: [...(await store.daily(site, Math.floor(now / 86_400_000)))],
    audit: bare(await store.recorded(site, all)),
  }
}

async function wholeOf(store: EventStore): Promise<unknown> {
  const ring = await store.keyring()
  return {
    sites: ring.sites,
    start: await store.site(),
    uses: [...(await store.uses())].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    audit: bare(await store.recorded(null, all)),
    each: await Promise.all(ring.sites.map(({ id }) => pictureOf(store, id))),
  }
}

function filePath(): string {
  return join(temporaryDirectory(), 'earshot.sqlite')
}

/** Every fourth case; all of them at night. */
const cases = storeSuite.filter((_, index) => index % 4 === 0 || Number(process.env.EARSHOT_RUNS ?? 0) > 1000)

it('has over what any case of the suite leaves behind', async () => {
  const url = await temporaryDatabase()
  await (await createPostgresStore(url)).close()
  const tables = [
    ...copiedTables,
    'events',
    'responses',
    'answers',
    'moments',
    'comments',
    'completed',
    'score_days',
    'response_days',
    'range_changes',
  ]
  const emptied = `TRUNCATE ${tables.map((each) => `earshot.${each}`).join(', ')} RESTART IDENTITY`
  let events = 0
  for (const { name, run } of cases) {
    const path = filePath()
    const before = createSqliteStore(path)
    await run(before)
    // Names of people under which mail goes out are made at the first look.
    const told = await wholeOf(before)
    await before.close()
    const moved = await moveToPostgres(path, url, now)
    events += moved.events
    const after = await createPostgresStore(url)
    expect(await wholeOf(after), name).toEqual(told)
    await after.close()
    await assertFolded(url)
    await withClient(url, (ask) => ask(emptied))
  }
  expect(events).toBeGreaterThan(20)
}, 240_000)

it('takes what comes after it: what is known is known, and a changed answer changes its response', async () => {
  const path = filePath()
  const url = await temporaryDatabase()
  const before = createSqliteStore(path)
  const site = (await openSite(before)).id
  const first: Sent[] = [
    { number: 1, type: 'display', response: 1 },
    { number: 2, response: 1, value: 3 },
    // Nobody has heard of the showing yet.
    { number: 3, type: 'complete', response: 2 },
  ]
  await send(before, site, first)
  await before.close()
  expect(await moveToPostgres(path, url, now)).toMatchObject({ sites: 1, events: 3 })
  const after = await createPostgresStore(url)
  const receipt = await send(after, site, [
    ...first,
    { number: 4, response: 1, value: 9, revision: 1 },
    { number: 5, type: 'display', response: 2 },
  ])
  expect([receipt.accepted.length, receipt.duplicates.length]).toEqual([2, 3])
  const found = await after.oldest(site, {}, { after: 0, limit: 10 })
  expect(found.map(({ response }) => [response.status, response.answers['score']?.value])).toEqual([
    ['partial', 9],
    ['completed', undefined],
  ])
  await after.close()
  await assertFolded(url)
})

it('leaves a database that has a site as it was, and one that it cannot finish empty', async () => {
  const path = filePath()
  const url = await temporaryDatabase()
  const before = createSqliteStore(path)
  const site = (await openSite(before)).id
  await send(before, site, [{ number: 1, type: 'display', response: 1 }])
  await before.close()
  const file = new DatabaseSync(path)
  file.exec(`DELETE FROM moments; INSERT INTO moments VALUES (1, 1, x'00', 'signed_up', 'v', NULL, 1, '{}')`)
  await expect(moveToPostgres(path, url, now)).rejects.toThrow(/moments has 1 rows in the file and 0/)
  await withClient(url, async (ask) => {
    expect(await ask('SELECT id FROM earshot.sites UNION ALL SELECT row FROM earshot.events')).toEqual([])
  })
  file.exec('DELETE FROM moments')
  file.close()
  await moveToPostgres(path, url, now)
  await expect(moveToPostgres(path, url, now)).rejects.toThrow(
    /has a site already.*Name an empty database\. Nothing was changed/,
  )
  await assertFolded(url)
})

it('knows every table of the file', () => {
  const path = filePath()
  void createSqliteStore(path).close()
  const file = new DatabaseSync(path)
  const tables = file
    .prepare(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'comments_index%'`,
    )
    .all()
    .map((row) => String(row.name))
  file.close()
  expect(tables.toSorted()).toEqual([...copiedTables, ...derivedTables].toSorted())
})
