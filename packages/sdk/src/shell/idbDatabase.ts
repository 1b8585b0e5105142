/** Rows in IndexedDB, over a connection that mends itself. */
import { promisifyRequest } from 'idb-keyval'
import type { DurableDatabase } from '../ports/database.ts'

const databaseName = 'earshot'
const storeName = 'kv'
/** WebKit has been seen never to answer: neither who opens, nor what is asked of a connection whose other end is gone. */
const patience = 5000

function within<Result>(answer: Promise<Result> | undefined): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer')), patience)
    Promise.resolve(answer as Promise<Result>)
      .finally(() => clearTimeout(timer))
      .then(resolve, reject)
  })
}

/** The database never needs an upgrade, because rows carry their own version: so no old tab can block a new one. */
export function createIdbDatabase(): DurableDatabase {
  const { use, close } = connect()
  const range = (first: string, last = first + '\uffff'): IDBKeyRange => IDBKeyRange.bound(first, last)
  return {
    durable: true,
    put: (key, value) =>
      use('strict', (store) => {
        store.put(value, key)
        // Without this the commit would wait for a turn of a main thread that is busy drawing the next question.
        store.transaction.commit()
        return promisifyRequest(store.transaction)
      }),
    transact: (work, durability) =>
      use(durability ?? 'strict', async (store) => {
        const committed = promisifyRequest(store.transaction)
        const worked = work({
          get: (key) => promisifyRequest(store.get(key)),
          put: (key, value) => void store.put(value, key),
          delete: (key) => void store.delete(key),
          list: (prefix, limit, last) => promisifyRequest(store.getAll(range(prefix, last), limit)),
          keys: (prefix, last) =>
            promisifyRequest(store.getAllKeys(range(prefix, last))) as Promise<string[]>,
          clear: (prefix, last) => void store.delete(range(prefix, last)),
        })
        // A fault in the work is no fault of IndexedDB's: without an order to abort, half of it would be committed.
        worked.catch(() => store.transaction.abort()).catch(() => {})
        return (await Promise.all([worked, committed]))[0]
      }),
    async exists() {
      // A frame without an origin has no storage, and Chromium fails it by a rejection that nobody can catch.
      if (origin === 'null') return false
      // Where the browser cannot list databases, looking costs an empty one.
      const databases = await within(indexedDB.databases?.())
      return !databases || databases.some(({ name }) => name === databaseName)
    },
    close,
  }
}

type Use = <Result>(
  durability: IDBTransactionDurability,
  callback: (store: IDBObjectStore) => Promise<Result>,
) => Promise<Result>

/**
 * Opens at first use, closes when another page wants to change the database, and opens again, once per call, when
 * the connection turns out dead. A strict transaction survives a power cut: it waits for the disk, which an answer is
 * worth, and a long queue that is being sent is not.
 */
function connect(): { use: Use; close: () => void } {
  let opening: Promise<IDBDatabase> | undefined
  const close = (): void => {
    opening?.then(
      (database) => database.close(),
      () => {},
    )
    opening = undefined
  }
  const connection = async (): Promise<IDBDatabase> => {
    const request = indexedDB.open(databaseName)
    request.onupgradeneeded = () => request.result.createObjectStore(storeName)
    const database = await promisifyRequest(request)
    // Itself, too: one that came too late is nobody's, and stands in nobody's way.
    database.onversionchange = database.onclose = () => {
      database.close()
      close()
    }
    return database
  }
  const open = (): Promise<IDBDatabase> => (opening ??= within(connection()))
  const run: Use = async (durability, callback) => {
    const database = await open()
    const transaction = database.transaction(storeName, 'readwrite', { durability })
    return within(callback(transaction.objectStore(storeName)))
  }
  const use: Use = (durability, callback) =>
    run(durability, callback).catch(() => {
      close()
      return run(durability, callback)
    })
  return { use, close }
}
