/** Where rows are kept. */

/** Rows in one transaction: all of the changes take place, or none. */
export interface Rows {
  get<Value>(key: string): Promise<Value | undefined>
  put(key: string, value: unknown): void
  delete(key: string): void
  /** The first rows, by key, whose keys begin with the prefix; or those from the first key to the last, if one is given. */
  list<Value>(prefix: string, limit: number, last?: string): Promise<Value[]>
  /** All of their keys. */
  keys(prefix: string, last?: string): Promise<string[]>
  /** Deletes them. */
  clear(prefix: string, last?: string): void
}

/** A place for rows. */
export interface Database {
  /** Writes one row, as fast as the platform can: nothing is read first, and the commit is ordered at once. */
  put(key: string, value: unknown): Promise<void>
  /** Whether a restart will find what was written. */
  durable: boolean
  /**
   * Runs work in a transaction of its own; resolves after the commit, and rejects if there was none. A power cut may
   * undo a `relaxed` one.
   */
  transact<Result>(work: (rows: Rows) => Promise<Result>, durability?: 'relaxed'): Promise<Result>
  close(): void
}

/** A place that outlives the page, and may not be there yet. */
export interface DurableDatabase extends Database {
  /** True when something may be stored. Creates nothing. */
  exists(): Promise<boolean>
}

/** Where a row of a site key is, by its kind and id. */
export type Address = (kind: string, id?: string) => string

/** Work on the rows of a site key in one transaction. */
export type Work = (rows: Rows, at: Address) => Promise<void>
