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
function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((each) => (each === null ? 'NULL' : `"${each.replace(special, '\\$&')}"`)).join(',')}}`
}

/** A list of bytes. */
export function bytesArray(values: readonly Uint8Array[]): string {
  return `{${values.map((each) => `"\\\\x${Buffer.from(each).toString('hex')}"`).join(',')}}`
}

/** What a column may hold. */
export type Value = string | number | boolean | null
/** Columns of rows that go as one list for each column. */
export type Columns = readonly (readonly [name: string, type: string])[]

/** The names, as SQL lists them. */
export const list = (columns: Columns): string => columns.map(([name]) => name).join(', ')

/**
 * The rows as a table `given` with their `place`, from 1 on.
 *
 * @param from number of the parameter that is the first column
 */
export const given = (columns: Columns, from: number): string =>
  `unnest(${columns.map(([, type], index) => `$${from + index}::${type}[]`).join(', ')}) WITH ORDINALITY AS given (${list(columns)}, place)`

/** The parameters of `given`. */
export function columnsOf(columns: Columns, rows: readonly (readonly Value[])[]): string[] {
  return columns.map(([, type], index) => {
    const values = rows.map((row) => row[index] ?? null)
    return type === 'text' ? textArray(values as (string | null)[]) : plainArray(values)
  })
}
