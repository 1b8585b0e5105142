/** What may stand in the head of a message: one address, one line of words, and nothing that becomes a line of its own. */

/** A sender: a name that people read, and an address. */
export interface Sender {
  name: string
  address: string
}

// Controls of ASCII and of Latin-1, and the two signs of Unicode that end a line.
// oxlint-disable-next-line no-control-regex
const breaking = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/
/** Half of a pair, or signs that make text read otherwise than it is written. */
const misleading = /[\u202a-\u202e\u2066-\u2069]|\p{Cs}/u
const longestLine = 200

/**
 * What is wrong with a text for the head of a message, such as its subject; null for nothing.
 *
 * @example
 * headerFlaw('Hello\r\nBcc: eve@example.com') // 'it must be one line, without control characters'
 */
export function headerFlaw(text: string): string | null {
  if (breaking.test(text)) return 'it must be one line, without control characters'
  if (misleading.test(text)) return 'it must have no signs that turn the direction of text'
  if (text.includes('=?') || text.includes('?='))
    return 'it must not hold "=?" or "?=", by which mail marks encoded words; write the words themselves'
  if (text.trim() === '') return 'it must not be empty'
  return text.length > longestLine ? `it must have at most ${longestLine} characters` : null
}

/**
 * What of a text can stand in the head of a message: signs that are refused there give way, and nothing else changes.
 *
 * @returns null where no words are left
 * @example
 * headerLine('Call \u202a+49 30 1\u202c') // 'Call +49 30 1'
 */
export function headerLine(text: string): string | null {
  const line = text
    .slice(0, longestLine)
    .replace(/[\u202a-\u202e\u2066-\u2069]|\p{Cs}/gu, '')
    // oxlint-disable-next-line no-control-regex -- as above
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replaceAll('=?', '= ?')
    .replaceAll('?=', '? =')
    .trim()
  return headerFlaw(line) === null ? line : null
}

const localPart = /^[a-z0-9_+~-](?:[a-z0-9_.+~'-]*[a-z0-9_+~'-])?$/i
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i

/**
 * What is wrong with an address to send to or from; null for nothing. Taken is one address like `ada.l+x@mail.example.com`, and
 * none of the older forms of the standard: quoted, with a name or a comment, a list, a route, or a number instead of a host.
 *
 * @example
 * addressFlaw('ada@example.com, eve@example.com') // 'it must be one address, without lists, names, quotes or spaces'
 */
export function addressFlaw(text: string): string | null {
  if (breaking.test(text)) return 'it must be one line, without control characters'
  if (/[\s,;:<>()[\]"\\]/.test(text)) return 'it must be one address, without lists, names, quotes or spaces'
  if (text.includes('=?') || /[%!]/.test(text))
    return 'it must not hold "%", "!" or "=?", which some servers take for a route or encoded words'
  const at = text.lastIndexOf('@')
  const [local, host] = [text.slice(0, at), text.slice(at + 1)]
  if (at < 1 || local.includes('@')) return 'it must be like name@example.com'
  if (/[^\u0021-\u007e]/.test(text))
    return 'it must have plain letters only; write a domain of other letters in its form with xn--'
  if (text.length > 254 || local.length > 64) return 'it is too long'
  if (!localPart.test(local) || local.includes('..'))
    return "what stands before the @ must be letters, digits and . _ + ~ - ' only"
  const labels = host.split('.')
  if (labels.length < 2 || !labels.every((each) => label.test(each)) || !/[a-z]/i.test(labels.at(-1) ?? ''))
    return 'what stands after the @ must be the name of a domain, like example.com'
  return null
}

/**
 * Reads a sender: `feedback@example.com`, or with a name that people read, `Acme <feedback@example.com>`.
 *
 * @returns what is wrong, where something is
 * @example
 * readSender('Acme <hi@acme.example>') // { name: 'Acme', address: 'hi@acme.example' }
 */
export function readSender(text: string): Sender | { flaw: string } {
  const [, named, inside] = /^([^<>]*)<([^<>]*)>$/.exec(text.trim()) ?? []
  const address = inside ?? text.trim()
  const name = (named ?? '').trim().replace(/^"(.*)"$/, '$1')
  const flaw = addressFlaw(address) ?? (name === '' ? null : headerFlaw(name))
  return flaw === null ? { name, address } : { flaw }
}
