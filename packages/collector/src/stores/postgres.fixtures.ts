/** Stores in PostgreSQL for tests, and what brings a database of today back to what it was. */
import { afterEach } from 'vitest'
import type { EventStore } from '../ports/eventStore.ts'
import { createPostgresStore } from './postgres.ts'

/** Opens stores that are closed after each test of the file. */
export function closingStores(): {
  stores: EventStore[]
  open(url: string): Promise<EventStore>
  /** Closes them at once. */
  close(): Promise<void>
} {
  const stores: EventStore[] = []
  const close = async (): Promise<void> => {
    await Promise.all(stores.splice(0).map((each) => each.close()))
  }
  afterEach(close)
  return {
    stores,
    async open(url) {
      const store = await createPostgresStore(url)
      stores.push(store)
      return store
    },
    close,
  }
}

/** Statements that leave the tables of format 11: before work was found by what it belongs to, and comments were in order. */
export const backTo11: string = `
  DROP TABLE earshot.notes, earshot.note_answers;
  ALTER TABLE earshot.comments DROP COLUMN row;
  ALTER TABLE earshot.jobs DROP COLUMN about_response, DROP COLUMN about_case, DROP COLUMN about_rule;
  UPDATE earshot.meta SET version = 11`
