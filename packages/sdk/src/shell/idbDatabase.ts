/** Rows in IndexedDB, over a connection that mends itself. */
import { promisifyRequest } from 'idb-keyval'
import type { DurableDatabase } from '../ports.ts'

const databaseName = 'earshot'
const storeName = 'kv'
/** WebKit has been seen never to answer `open`. */
const patience = 2000

/** The database never needs an upgrade, because rows carry their own version: so no old tab can block a new one. */
export function createIdbDatabase(): DurableDatabase {
  const { use, close } = connect()
  const within = (prefix: string): IDBKeyRange => IDBKeyRange.bound(prefix, `${prefix}\uffff`)
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
          list: (prefix, limit) => promisifyRequest(store.getAll(within(prefix), limit)),
          keys: (prefix) => promisifyRequest(store.getAllKeys(within(prefix))) as Promise<string[]>,
          clear: (prefix) => void store.delete(within(prefix)),
        })
        // A fault in the work is no fault of IndexedDB's: without an order to abort, half of it would be committed.
        worked.catch(() => store.transaction.abort()).catch(() => {})
        return (await Promise.all([worked, committed]))[0]
      }),
    async exists() {
      // A frame without an origin has no storage, and Chromium fails it by a rejection that nobody can catch.
      if (origin === 'null') return false
      // Where the browser cannot list databases, looking costs an empty one.
      const databases = await indexedDB.databases?.()
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
  const open = (): Promise<IDBDatabase> =>
    (opening ??= new Promise((resolve, reject) => {
      setTimeout(reject, patience, new Error('IndexedDB is stuck'))
      const request = indexedDB.open(databaseName)
      request.onupgradeneeded = () => request.result.createObjectStore(storeName)
      promisifyRequest(request).then((database) => {
        database.onversionchange = database.onclose = close
        resolve(database)
      }, reject)
    }))
  const run: Use = async (durability, callback) => {
    const database = await open()
    return callback(database.transaction(storeName, 'readwrite', { durability }).objectStore(storeName))
  }
  const use: Use = (durability, callback) =>
    run(durability, callback).catch(() => {
      close()
      return run(durability, callback)
    })
  return { use, close }
}
