/** Takes what identifies people out of a text: IBANs, card numbers, mail addresses and phone numbers. */
import { type Digits, digitsIn, isWord, plain, type Span } from './scrub/digits.ts'
import { findPhones } from './scrub/phone.ts'
import type { Scrub } from './survey.ts'

const finders: Readonly<Record<Scrub, (text: string) => Span[]>> = {
  email: findEmails,
  iban: findIbans,
  card: findCards,
  phone: findPhones,
}

/** Country and length of all IBANs, from the registry that SWIFT keeps for ISO 13616. */
const ibanLengths =
  'AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27' +
  'GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22' +
  'MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28' +
  'TL23TN24TR26UA29VA22VG24XK20YE30'

/**
 * A text without what is to be scrubbed; `[email]`, `[card]`, `[iban]` or `[phone]` stands in its place. Takes time in
 * proportion to the text, whatever it is.
 *
 * @example
 * scrubText('Call me: +49 30 901820', ['phone']) // 'Call me: [phone]'
 */
export function scrubText(text: string, what: readonly Scrub[]): string {
  let scrubbed = text
  // Addresses first, because they may hold numbers; then what is certain before what only looks like it.
  for (const kind of ['email', 'iban', 'card', 'phone'] as const) {
    if (!what.includes(kind)) continue
    let rest = 0
    let result = ''
    for (const [start, end] of finders[kind](plain(scrubbed))) {
      result += `${scrubbed.slice(rest, start)}[${kind}]`
      rest = end
    }
    scrubbed = result + scrubbed.slice(rest)
  }
  return scrubbed
}

/** 13 to 19 digits whose Luhn sum is right, in one row or in groups of four and more, the last of any length. */
function findCards(text: string): Span[] {
  const found: Span[] = []
  const all = digitsIn(text)
  for (let index = 0; index < all.length; index++) {
    const first = all[index] as Digits
    let number = ''
    let last = -1
    for (let at = index; at < all.length; at++) {
      const group = all[at] as Digits
      const gap = at > index && text.slice((all[at - 1] as Digits).end, group.start)
      if (gap !== false && gap !== ' ' && gap !== '-') break
      number += group.text
      if (number.length > 19) break
      if (isCard(number) && isAlone(text, first.start, group.end)) last = at
      if (group.text.length < 4) break
    }
    if (last < 0) continue
    found.push([first.start, (all[last] as Digits).end])
    index = last
  }
  return found
}

/** A 1 begins no card but those of airlines, which have 15 digits; so moments in milliseconds are none. */
function isCard(number: string): boolean {
  if (number.length < 13 || number.startsWith('0') || (number.startsWith('1') && number.length !== 15))
    return false
  let sum = 0
  for (let index = 0; index < number.length; index++) {
    const digit = Number(number[number.length - 1 - index]) * (1 + (index % 2))
    sum += digit > 9 ? digit - 9 : digit
  }
  return sum % 10 === 0
}

/** Whether digits are a number of their own: neither in a word nor before or behind the point of a decimal. */
function isAlone(text: string, start: number, end: number): boolean {
  return (
    !isWord(text[start - 1]) &&
    !isWord(text[end]) &&
    !/(?:^|[^0-9])0\.$/.test(text.slice(Math.max(0, start - 3), start)) &&
    !/^[.,][0-9]{1,3}(?:[^0-9]|$)/.test(text.slice(end, end + 5))
  )
}

/** By the length of the country and the checksum; single spaces and hyphens count for nothing. */
function findIbans(text: string): Span[] {
  const found: Span[] = []
  let rest = 0
  for (const { 0: head, index: start } of text.matchAll(/[A-Za-z]{2}[0-9]{2}/g)) {
    const at = ibanLengths.indexOf(head.slice(0, 2).toUpperCase())
    if (start < rest || at < 0 || isWord(text[start - 1])) continue
    const length = Number(ibanLengths.slice(at + 2, at + 4))
    let iban = ''
    let end = start
    while (iban.length < length) {
      if (iban && /[ -]/.test(text[end] ?? '')) end++
      const unit = text[end] ?? ''
      if (!/[A-Za-z0-9]/.test(unit)) break
      iban += unit
      end++
    }
    if (iban.length < length || isWord(text[end]) || !isIban(iban)) continue
    found.push([start, end])
    rest = end
  }
  return found
}

/** ISO 7064, mod 97-10. */
function isIban(iban: string): boolean {
  let remainder = 0
  for (const unit of iban.slice(4) + iban.slice(0, 4)) {
    const value = parseInt(unit, 36)
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
  }
  return remainder === 1
}

/** From each `@` as far as an address goes on both sides, to a domain with a dot. */
function findEmails(text: string): Span[] {
  const found: Span[] = []
  let rest = 0
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    // Where words are not spaced, a name in Latin letters begins after the last of the others.
    const isLatin = /[\p{Script=Latin}\x21-\x7e]/u.test(text[at - 1] ?? '')
    const name = isLatin ? /[\p{Script=Latin}\p{M}0-9!#$%'*+._~-]/u : /[\p{L}\p{M}\p{N}!#$%'*+._~-]/u
    let start = at
    while (start > rest && name.test(text[start - 1] as string)) start--
    while (start < at && /[!#$%'*.~-]/.test(text[start] as string)) start++
    let end = at + 1
    while (end < text.length && /[\p{L}\p{M}\p{N}.-]/u.test(text[end] as string)) end++
    const domain = endOfDomain(text.slice(at + 1, end))
    if (start === at || !domain) continue
    end = at + 1 + domain
    found.push([start, end])
    rest = end
  }
  return found
}

/** How many characters are a domain, 0 for none: what is behind the last label that begins with a letter is none of it. */
function endOfDomain(text: string): number {
  let end = text.length
  for (let dot = text.lastIndexOf('.'); dot > 0; dot = text.lastIndexOf('.', dot - 1)) {
    const label = text.slice(dot + 1, end)
    // Where words are not spaced, the next one may stand directly behind a domain in Latin letters.
    let { length } = /^(?:[A-Za-z][A-Za-z0-9-]*|\p{L}[\p{L}\p{M}\p{N}-]*)/u.exec(label)?.[0] ?? ''
    while (label[length - 1] === '-') length--
    if (length > 1) return dot + 1 + length
    end = dot
  }
  return 0
}
