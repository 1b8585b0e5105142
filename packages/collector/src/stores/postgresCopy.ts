/** Reads rows from PostgreSQL by COPY, as bytes: nothing is made of them on the way, on either side. */
import type { Connection, PoolClient, Submittable } from 'pg'

/** Bytes before the first row (https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4). */
const headSize = 19

/**
 * Takes one row: where each of its fields begins in the bytes, with its length before it in four; -1 is null. The bytes hold
 * until it returns.
 */
export type TakeRow = (bytes: Buffer, start: number) => void

/**
 * Runs a query.
 *
 * @param select without parameters
 * @param timeout in milliseconds
 */
export function copyRows(client: PoolClient, select: string, take: TakeRow, timeout: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: unknown
    let isFirst = true
    const copying = {
      query_timeout: timeout,
      // The driver takes this away when the time is over.
      callback: (error: unknown) => {
        const reason = error ?? failure
        if (reason === undefined || reason === null) resolve()
        else reject(reason)
      },
      submit(connection: Connection) {
        connection.query(`COPY (${select}) TO STDOUT (FORMAT binary)`)
      },
      // From the server, a message is always a single row; the first has what stands before all of them too, the last one none.
      handleCopyData({ chunk }: { chunk: Buffer }) {
        const start = isFirst ? headSize : 0
        isFirst = false
        if (failure !== undefined || chunk.length < start + 2 || chunk.readInt16BE(start) < 0) return
        try {
          take(chunk, start + 2)
        } catch (error) {
          failure = error
        }
      },
      handleCommandComplete: () => undefined,
      handleReadyForQuery: () => copying.callback(null),
      handleError: (error: unknown) => copying.callback(error),
    }
    client.query(copying satisfies Submittable)
  })
}

/** Lines made of rows of a body, whether it is over quota, and its number. */
export interface CopiedLines {
  take: TakeRow
  bytes(): Uint8Array<ArrayBuffer>
  count(): number
  /** The number of the last row; null where there is none. */
  row(): number | null
}

/** In place of the brace that closes the object. */
const ends = [',"overQuota":false}\n', ',"overQuota":true}\n'].map((each) => Buffer.from(each))
const [ofOthers = Buffer.alloc(0), ofOverQuota = Buffer.alloc(0)] = ends
const leastRoom = 256 * 1024

/** Begins without lines, in memory that is left when they do not fit. */
export function createCopiedLines(room: ArrayBuffer = new ArrayBuffer(leastRoom)): CopiedLines {
  let out = new Uint8Array(room)
  let end = 0
  let count = 0
  let row: number | null = null
  return {
    take(bytes, start) {
      const size = bytes.readInt32BE(start)
      const body = start + 4
      const over = body + size + 4
      const tail = bytes[over] === 1 ? ofOverQuota : ofOthers
      const after = end + size - 1 + tail.length
      if (after > out.length) {
        const larger = new Uint8Array(Math.max(out.length * 2, after, leastRoom))
        larger.set(out.subarray(0, end))
        out = larger
      }
      bytes.copy(out, end, body, body + size - 1)
      out.set(tail, end + size - 1)
      end = after
      count++
      row = Number(bytes.readBigInt64BE(over + 5))
    },
    bytes: () => out.subarray(0, end),
    count: () => count,
    row: () => row,
  }
}
