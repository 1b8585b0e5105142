import { expect, it } from 'vitest'
import { temporaryDirectory } from '../fixtures.ts'
import { openSite } from '../stores/storeSuite.fixtures.ts'
import { createSqliteStore } from '../stores/sqlite.ts'
import { sharedReads } from './sharedReads.ts'

it('asks once for each site and survey, and again after a failure', async () => {
  const inner = createSqliteStore(`${temporaryDirectory()}/shared.db`)
  const { id } = await openSite(inner)
  const asked: string[] = []
  let isBroken = true
  const store = sharedReads({
    ...inner,
    plan(site) {
      asked.push(`plan ${site}`)
      return isBroken ? Promise.reject(new Error('broken')) : inner.plan(site)
    },
    surveys(site, survey) {
      asked.push(`surveys ${survey}`)
      return inner.surveys(site, survey)
    },
  })
  await expect(store.plan(id)).rejects.toThrow('broken')
  isBroken = false
  expect(await Promise.all([store.plan(id), store.plan(id)])).toEqual([null, null])
  await store.plan(id + 1)
  const all = await store.surveys(id)
  expect([
    await store.surveys(id, 'nps'),
    await store.surveys(id, 'none'),
    await store.surveys(id, ''),
  ]).toEqual([all, [], []])
  await store.surveys(id, 'nps')
  expect(asked).toEqual([
    `plan ${id}`,
    `plan ${id}`,
    `plan ${id + 1}`,
    'surveys undefined',
    'surveys nps',
    'surveys none',
    'surveys ',
  ])
  await inner.close()
})
