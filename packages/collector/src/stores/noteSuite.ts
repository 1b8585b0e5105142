/** What every store must do with notes of the staff; part of `storeSuite`. */
import assert from 'node:assert/strict'
import type { Note, NoteFilter } from '../core/notes.ts'
import { now, openSite, send, uuid, type StoreCase } from './storeSuite.fixtures.ts'

const hour = 3_600_000
const note = (number: number, responses: readonly number[], fields: Partial<Note> = {}): Note => ({
  id: `note-${number}`,
  at: now + number * hour,
  who: 'tok_1',
  theme: null,
  text: `What I make of it, ${number} \0 "x"`,
  responses: responses.map((each) => uuid('f', each)),
  ...fields,
})

/** The cases. */
export const noteCases: readonly StoreCase[] = [
  {
    name: 'keeps notes on one answer and on several, finds them by each filter, and takes one away',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [
        { number: 1, response: 1, visitor: 'ann' },
        { number: 2, response: 2, visitor: 'bob' },
        { number: 3, response: 3, visitor: 'cem' },
      ])
      const first = note(1, [1], { theme: 'delivery' })
      assert.deepEqual(await store.addNote(id, first), [])
      assert.deepEqual(await store.addNote(id, note(2, [1, 2])), [])
      assert.deepEqual(await store.addNote(id, note(3, [3])), [])
      assert.deepEqual(await store.note(id, 'note-1'), first)
      const found = async (filter: NoteFilter, before?: number, limit = 9): Promise<string[]> =>
        (await store.notes(id, filter, { before, limit })).map((each) => each.id.slice(5))
      assert.deepEqual(await found({}), ['3', '2', '1'])
      assert.deepEqual(await found({ response: uuid('f', 1) }), ['2', '1'])
      assert.deepEqual(await found({ visitor: 'bob' }), ['2'])
      assert.deepEqual(await found({ survey: 'nps' }), ['3', '2', '1'])
      assert.deepEqual(await found({ survey: 'other' }), [])
      assert.deepEqual(await found({ from: now + 2 * hour }), ['3', '2'])
      assert.deepEqual(await found({ to: now + 2 * hour }), ['1'])
      assert.deepEqual(await found({ visitor: 'ann', from: now + 2 * hour }), ['2'])
      const [, second] = await store.notes(id, {}, { limit: 2 })
      assert.deepEqual(await found({}, second?.row, 1), ['1'])
      // Another site sees none of it.
      assert.deepEqual(
        [await store.notes(id + 1, {}, { limit: 9 }), await store.note(id + 1, 'note-1')],
        [[], null],
      )
      assert.equal(await store.dropNote(id + 1, 'note-1'), false)
      assert.deepEqual(
        [await store.dropNote(id, 'note-1'), await store.dropNote(id, 'note-1')],
        [true, false],
      )
      assert.deepEqual(await found({ response: uuid('f', 1) }), ['2'])
      // Its id may be written anew: nothing of it is left.
      assert.deepEqual(await store.addNote(id, first), [])
    },
  },
  {
    name: 'keeps no note on an answer that there is not, and says which',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1, response: 1, visitor: 'ann' }])
      assert.deepEqual(await store.addNote(id, note(1, [1, 7])), [uuid('f', 7)])
      assert.deepEqual(await store.addNote(id, note(1, [], { responses: ['no id'] })), ['no id'])
      assert.deepEqual(await store.notes(id, {}, { limit: 9 }), [])
      assert.deepEqual(await store.addNote(id + 1, note(1, [1])), [uuid('f', 1)])
    },
  },
  {
    name: 'erases the notes on answers of a visitor, whoever else they are about, and old ones',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [
        { number: 1, response: 1, visitor: 'ann' },
        { number: 2, response: 2, visitor: 'bob' },
      ])
      await store.addNote(id, note(1, [1]))
      await store.addNote(id, note(2, [1, 2]))
      await store.addNote(id, note(3, [2]))
      await store.addNote(id, note(4, [2], { at: now - 5 * hour }))
      await store.erase(id, 'ann', now)
      const left = async (): Promise<string[]> =>
        (await store.notes(id, {}, { limit: 9 })).map((each) => each.id)
      assert.deepEqual(await left(), ['note-4', 'note-3'])
      assert.deepEqual(
        (await store.notes(id, { response: uuid('f', 2) }, { limit: 9 })).map((each) => each.id),
        ['note-4', 'note-3'],
      )
      assert.deepEqual(await store.addNote(id, note(5, [1])), [uuid('f', 1)])
      await store.retain(id, now - hour, { after: null, limit: 10 }, now)
      assert.deepEqual(await left(), ['note-3'])
    },
  },
]
