/** What an export asks a store for, and gets: lines of JSON. */

/** Which lines are wanted. */
export interface LinesPage {
  /** Those of rows above. */
  after: number
  limit: number
  /** Memory for them, which is given away; where they do not fit, or the store has no use for it, they are in memory of their own. */
  room?: ArrayBuffer | undefined
}

/** Lines of JSON, in UTF-8, in memory that nobody else has. */
export interface Lines {
  bytes: Uint8Array<ArrayBuffer>
  count: number
  /** Of the last of them. */
  row: number
}
