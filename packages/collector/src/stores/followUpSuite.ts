/** What every store must know before a follow-up is shown; part of `storeSuite`. */
import assert from 'node:assert/strict'
import { openSite, send, take, type StoreCase } from './storeSuite.fixtures.ts'

/** The cases. */
export const followUpCases: readonly StoreCase[] = [
  {
    name: 'knows whether a follow-up was answered elsewhere, by the same person or visitor',
    async run(store) {
      const { id } = await openSite(store)
      const followUp = 'nps/why/1'
      const display = { followUp }
      const granted = async (asked: Partial<Parameters<typeof take>[3]>): Promise<boolean> => {
        const place = await take(store, id, null, { response: 9, followUp, ...asked })
        assert.equal(place.reason, place.granted ? undefined : 'answered-elsewhere')
        return place.granted
      }
      await send(store, id, [
        { number: 1, type: 'display', visitor: 'phone', person: 'ann', display },
        { number: 2, type: 'display', response: 2, visitor: 'phone', person: 'bob', display },
        { number: 3, response: 2, visitor: 'phone', person: 'bob', type: 'dismiss' },
      ])
      assert.equal(await granted({ visitor: 'desk', person: 'ann' }), true)
      await send(store, id, [{ number: 4, visitor: 'phone', person: 'ann' }])
      assert.equal(await granted({ visitor: 'desk', person: 'ann' }), false)
      assert.equal(await granted({ visitor: 'phone' }), false)
      assert.equal(await granted({ visitor: 'desk', person: 'bob' }), true)
      assert.equal(await granted({ visitor: 'desk', person: null }), true)
      assert.equal(await granted({ visitor: 'phone', followUp: 'nps/why/2' }), true)
      // What the very response that asks has answered does not speak against it.
      assert.equal(await granted({ visitor: 'phone', person: 'ann', response: 1 }), true)
    },
  },
  {
    name: 'knows whether a follow-up was called off or answered, for whom the event concerns and nobody else',
    async run(store) {
      const { id } = await openSite(store)
      const reason = async (asked: Parameters<typeof take>[3]): Promise<string | undefined> =>
        (await take(store, id, null, asked)).reason
      const phone = { visitor: 'phone', person: 'ann' }
      await send(store, id, [
        { number: 1, type: 'cancelled', followUp: 'nps/a/T-1', ...phone },
        { number: 2, type: 'answered', response: 2, followUp: 'nps/a/T-2', ...phone },
        { number: 3, type: 'cancelled', followUp: 'nps/a/T-3', visitor: 'kiosk' },
      ])
      for (const followUp of ['nps/a/T-1', 'nps/a/T-2']) {
        for (const who of [{ visitor: 'phone' }, { visitor: 'desk', person: 'ann' }, phone])
          assert.equal(await reason({ response: 9, followUp, ...who }), 'answered-elsewhere')
        // The case concerns others too, and whoever makes such an event up silences nobody.
        for (const who of [{ visitor: 'desk' }, { visitor: 'desk', person: 'bob' }, { visitor: 'ann' }])
          assert.equal(await reason({ response: 9, followUp, ...who }), undefined)
      }
      // A person of whom nothing is known is nobody: two of them are not the same.
      assert.equal(await reason({ response: 9, followUp: 'nps/a/T-3', visitor: 'desk' }), undefined)
      assert.equal(await reason({ response: 2, followUp: 'nps/a/T-2', ...phone }), undefined)
      assert.equal(await reason({ response: 9, followUp: 'nps/a/T-4', ...phone }), undefined)
    },
  },
  {
    name: 'knows who has opted out, by visitor and by person',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1, type: 'optout', visitor: 'phone', person: 'ann' }])
      const reason = async (asked: object): Promise<string | undefined> =>
        (await take(store, id, null, { response: 1, followUp: 'f', ...asked })).reason
      assert.equal(await reason({ visitor: 'phone' }), 'opted-out')
      assert.equal(await reason({ visitor: 'desk', person: 'ann' }), 'opted-out')
      assert.equal(await reason({ visitor: 'desk', person: 'phone' }), undefined)
    },
  },
]
