/** Text as PostgreSQL can keep and compare it, and addresses as everybody may read them. */

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

/** The address without its password and without parameters, which may hold one too. */
export function addressOf(url: string): string {
  if (!URL.canParse(url)) return 'the database'
  const { host, pathname } = new URL(url)
  return `postgres://${host}${pathname}`
}
