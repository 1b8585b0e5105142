/** Version of the wire, and the limits that both ends agree on. */

/** The `v1` in every path. A collector answers all older versions; a change that is not additive makes a new one. */
export const wireVersion = 1

/** Most events in one request. */
export const maxBatchEvents = 500

/** Most bytes of one request body, after decompression. */
export const maxBodyBytes: number = 1024 * 1024

/** How far apart the sequence numbers of two page views of one visitor are. */
export const seqPerPage = 100_000

/** Most characters (UTF-16 units) of one text answer. */
export const maxTextLength = 5000
