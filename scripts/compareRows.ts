/** The rows of what `pnpm compare` measures, in their order. */

/** The row that is held against the files of the other product. */
export const shownBytes = 'a survey is shown: transferred, gzip, kB'

export const comparedRows = [
  'nothing to ask: requests',
  'nothing to ask: transferred, gzip, kB',
  'a survey is shown: requests',
  shownBytes,
  'cookies then',
  'keys in `localStorage`, in `sessionStorage`',
  'databases in IndexedDB',
  'names added to the global object',
  'style elements put into the page',
  'no inline style allowed: the question, violations',
  'and Trusted Types required: the question, violations',
] as const
