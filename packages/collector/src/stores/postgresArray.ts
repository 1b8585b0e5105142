/** Lists as PostgreSQL reads them. The driver writes them too, but looks into every value for what must be escaped. */

const special = /["\\]/g

/**
 * A list of ids, numbers or truth values, none of which need quotes.
 *
 * @example
 * plainArray([1, null, 2]) // '{1,NULL,2}'
 */
export function plainArray(values: readonly (string | number | boolean | null)[]): string {
  return `{${values.map((each) => each ?? 'NULL').join(',')}}`
}

/**
 * A list of texts.
 *
 * @example
 * textArray(['a"b', null]) // '{"a\\"b",NULL}'
 */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((each) => (each === null ? 'NULL' : `"${each.replace(special, '\\$&')}"`)).join(',')}}`
}

/** A list of bytes. */
export function bytesArray(values: readonly Uint8Array[]): string {
  return `{${values.map((each) => `"\\\\x${Buffer.from(each).toString('hex')}"`).join(',')}}`
}
