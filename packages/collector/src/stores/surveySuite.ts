/** What every store must do about the site, its surveys and its settings; part of `storeSuite`. */
import assert from 'node:assert/strict'
import type { Survey } from '@earshot/contract'
import { decidePut } from '../core/surveys.ts'
import { now, openSite, send, survey, type StoreCase } from './storeSuite.fixtures.ts'

/** The cases. */
export const surveyCases: readonly StoreCase[] = [
  {
    name: 'has no site before the first start, then keeps it, and changes keys in place',
    async run(store) {
      assert.equal(await store.site(), null)
      const site = await openSite(store)
      assert.deepEqual(new Uint8Array((await store.site())?.tokenHash ?? []), site.tokenHash)
      const changed = await store.saveSite((stored) => {
        assert.equal(stored?.writeKey, 'pk_suite')
        return { writeKey: 'pk_other', tokenHash: site.tokenHash }
      }, now)
      assert.equal(changed.id, site.id)
      assert.equal((await store.site())?.writeKey, 'pk_other')
    },
  },
  {
    name: 'keeps definitions by version, and puts them by decision',
    async run(store) {
      const { id } = await openSite(store)
      const put = (each: Survey) => store.putSurvey(id, each, (stored) => decidePut(each, stored), now)
      assert.equal((await put(survey)).kind, 'created')
      assert.equal((await put(survey)).kind, 'unchanged')
      assert.equal((await put({ ...survey, version: 3 })).kind, 'refused')
      assert.equal((await put({ ...survey, version: 2 })).kind, 'created')
      await send(store, id, [{ number: 1, survey: 'inline' }], [{ ...survey, id: 'inline' }])
      const keys = (await store.surveys(id)).map((each) => [each.survey.id, each.survey.version, each.source])
      assert.deepEqual(keys, [
        ['inline', 1, 'inline'],
        ['nps', 1, 'served'],
        ['nps', 2, 'served'],
      ])
      assert.equal((await store.surveys(id, 'nps')).length, 2)
      assert.deepEqual(await store.surveys(id, 'missing'), [])
      assert.deepEqual(
        (await store.surveyNames(id)).map((each) => [each.id, each.version, each.source]),
        keys,
      )
      assert.deepEqual(await store.servedSurveys(id), [{ ...survey, version: 2 }])
    },
  },
  {
    name: 'removes an inline definition that no response uses, and nothing else',
    async run(store) {
      const { id } = await openSite(store)
      const inline = { ...survey, id: 'inline' }
      await store.putSurvey(id, survey, (stored) => decidePut(survey, stored), now)
      await send(store, id, [{ number: 1, survey: 'inline' }], [inline])
      assert.equal(await store.dropSurvey(id, 'inline', 1), 'used')
      assert.equal(await store.dropSurvey(id, 'inline', 2), 'unknown')
      assert.equal(await store.dropSurvey(id, 'nps', 1), 'served')
      // An event of another survey under the same response id is stored, and its survey stays without a response.
      const later = { ...survey, id: 'later' }
      await send(store, id, [{ number: 2, survey: 'later', at: now }], [later])
      assert.equal(await store.dropSurvey(id, 'later', 1), 'dropped')
      assert.deepEqual(await store.surveys(id, 'later'), [])
      assert.equal((await store.surveys(id)).length, 2)
    },
  },
  {
    name: 'keeps the settings of the site',
    async run(store) {
      const { id } = await openSite(store)
      assert.equal(await store.settings(id), null)
      await store.putSettings(id, { limits: { quiet: 7 } }, now)
      const settings = { limits: { perDay: 1 }, privacy: { query: ['utm'] } }
      await store.putSettings(id, settings, now)
      assert.deepEqual(await store.settings(id), settings)
    },
  },
  {
    name: 'takes nothing any more for a definition that was removed',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1, survey: 'inline' }], [{ ...survey, id: 'inline' }])
      await send(store, id, [{ number: 2, survey: 'inline' }], [])
      await store.erase(id, 'visitor', now)
      assert.equal(await store.dropSurvey(id, 'inline', 1), 'dropped')
      const sent = [{ number: 3, response: 2, survey: 'inline', visitor: 'another' }]
      const { rejected } = await send(store, id, sent, [])
      assert.deepEqual(
        rejected.map((each) => each.code),
        ['unknown_survey'],
      )
    },
  },
]
