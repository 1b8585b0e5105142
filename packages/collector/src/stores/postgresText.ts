/** Text as PostgreSQL can keep and compare it, and addresses as everybody may read them. */
import { escapeLiteral } from 'pg'

const unkeepable = /[\0\\]/g

/**
 * Text for a column that is only compared. PostgreSQL has no NUL, and outside text may have one; so it is written in another
 * way, by which different texts stay different.
 *
 * @example
 * keyText('a\0b') // 'a\\0b'
 */
export function keyText(text: string): string {
  return text.replace(unkeepable, (found) => (found === '\\' ? '\\\\' : '\\0'))
}

/** The same for text that may be missing; null then. */
export function keyTextOf(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : keyText(text)
}

/** The text that `keyText` has written. */
export function textOfKey(key: string): string {
  return key.replace(/\\(.)/g, (_all, sign: string) => (sign === '0' ? '\0' : sign))
}

/** Text as it stands in a statement that takes no parameters. */
export function literal(text: string): string {
  return escapeLiteral(text)
}

/**
 * A number there.
 *
 * @throws when it is no whole one
 */
export function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error(`${value} is no whole number`)
  return String(value)
}

/** The address without its password and without parameters, which may hold one too. */
export function addressOf(url: string): string {
  if (!URL.canParse(url)) return 'the database'
  const { host, pathname } = new URL(url)
  return `postgres://${host}${pathname}`
}

/**
 * Whether a text is the address of a database.
 *
 * @throws in words when it is not
 */
export function assertStore(store: string): void {
  if (/^postgres(ql)?:\/\/./.test(store) && URL.canParse(store)) return
  // What is wrong with it may be the password, so it is not repeated.
  throw new Error(
    'store is not the address of a PostgreSQL database; write it like "postgres://user:password@host:5432/database".',
  )
}
