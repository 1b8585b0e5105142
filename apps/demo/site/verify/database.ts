/** Looks into the browser's own database, past the SDK, and changes nothing in it. */

/** A row as it stands there. */
export interface Row {
  key: IDBValidKey
  value: unknown
}

let opening: Promise<IDBDatabase> | null = null

/** The row that waits with this event, or null when there is none. */
export async function readRow(id: string): Promise<Row | null> {
  const database = await open()
  const [name] = database?.objectStoreNames ?? []
  if (!database || !name) return null
  const store = database.transaction(name).objectStore(name)
  const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled<unknown[]>(store.getAll())])
  const index = values.findIndex((value) => isWaiting(value, id))
  return index < 0 ? null : { key: keys[index] as IDBValidKey, value: values[index] }
}

/** Stays open, so that a read begins at once and no receipt is faster. */
async function open(): Promise<IDBDatabase | null> {
  if (!opening) {
    const databases = await indexedDB.databases()
    // Opening a database that is not there would make it, in the wrong shape.
    if (!databases.some(({ name }) => name === 'earshot')) return null
    opening ??= settled(indexedDB.open('earshot'))
  }
  const database = await opening
  database.onversionchange = database.onclose = () => {
    database.close()
    opening = null
  }
  return database
}

/** A refused event is kept too, with the reason; it waits no more. */
function isWaiting(value: unknown, id: string): boolean {
  if (typeof value !== 'object' || value === null || 'rejection' in value) return false
  return 'event' in value && (value.event as { id?: unknown }).id === id
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('The database gave no reason.'))
  })
}
