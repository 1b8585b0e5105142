/** Queries of the collector's addresses. */

/** A value of a query; a list is given several times. */
type Value = string | number | null | undefined | readonly string[]

/**
 * A path with a query; what is null or empty is left out.
 *
 * @example
 * withQuery('/v1/responses', { survey: 'nps', where: ['stage:a', 'stage:b'], cursor: null })
 * // '/v1/responses?survey=nps&where=stage%3Aa&where=stage%3Ab'
 */
export function withQuery(path: string, query: Readonly<Record<string, Value>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((each) => each !== null && each !== undefined && each !== '')
      .map((each) => [name, String(each)]),
  )
  const text = new URLSearchParams(pairs).toString()
  return text === '' ? path : `${path}?${text}`
}
