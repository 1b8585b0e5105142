/**
 * Finds phone numbers in free text, and rather misses one than takes a date, a price or a version for one.
 *
 * A number is what has 7 to 12 digits, 17 where it begins with `+` or `00`, in groups with one space, dot, hyphen, slash
 * or bracket between them. It is none if it is or has beside it
 * - a date (`2026-11-21`, `21.11.26`, `21 11 2026`, `20261121`) or a row of years (`2024-2026`),
 * - a time or price (`10:30`, `1,234,567.00`, `1 234 567`, `€1234567`, `12.50`),
 * - an IP address, a postal code (`12345-6789`), several single digits (versions, ISBNs, ratings),
 * - a letter, `_`, `#`, `%` or `@`, or one behind a hyphen or slash: `AB-1234567`, `/orders/1234567`.
 *
 * So a number of a customer or an order with seven digits and nothing before it is taken for a phone.
 */
import { type Digits, digitsIn, type Span } from './digits.ts'

/** What may stand between two groups. */
const gapForm = /^(?:[ .]| ?[-/] ?|[ .-]?\(|\)[ ./-]?)$/

/** Most digits, with what dials abroad. */
const longest = 17

/** Groups that belong together, with what stands between each and the one before. */
interface Group extends Digits {
  gap: string
}

/** @param text with plain digits, spaces and hyphens */
export function findPhones(text: string): Span[] {
  const found: Span[] = []
  let run: Group[] = []
  const close = (): void => {
    for (const part of withoutOthers(text, run)) found.push(...numbersIn(text, part))
    run = []
  }
  for (const each of digitsIn(text)) {
    const before = run.at(-1)
    const gap = before ? text.slice(before.end, Math.min(each.start, before.end + 4)) : ''
    if (before && !gapForm.test(gap)) close()
    run.push({ ...each, gap: run.length ? gap : '' })
  }
  close()
  return found
}

/** A run of groups, cut where it holds something that is no phone number. */
function withoutOthers(text: string, run: readonly Group[]): Group[][] {
  const parts: Group[][] = []
  let part: Group[] = []
  const cut = (): void => {
    if (part.length) parts.push(part)
    part = []
  }
  for (let index = 0; index < run.length;) {
    // What has no space in it is one thing.
    let end = index + 1
    while (end < run.length && !(run[end] as Group).gap.includes(' ')) end++
    const three = run.slice(index, index + 3)
    if (isDate(three) && three.some((each) => isYear(each.text))) end = Math.max(end, index + 3)
    const chunk = run.slice(index, end)
    if (chunk.some((each) => isMarked(text, each)) || isDate(chunk) || isOther(text, chunk)) cut()
    else part.push(...chunk)
    index = end
  }
  cut()
  return parts
}

/** The numbers in groups that could all be one; where that is too long, a zero after a space begins the next. */
function numbersIn(text: string, all: readonly Group[]): Span[] {
  const found: Span[] = []
  let from = 0
  while (from < all.length) {
    let end = from
    let digits = 0
    for (let at = from; at < all.length && digits <= longest; at++) {
      digits += (all[at] as Group).text.length
      const isBorder = at + 1 === all.length || startsAnew(all[at + 1] as Group)
      if (isBorder && isPhone(text, all.slice(from, at + 1))) end = at + 1
    }
    if (end > from) found.push(spanOf(text, all.slice(from, end)))
    else {
      const next = all.findIndex((each, at) => at > from && startsAnew(each))
      end = next < 0 ? all.length : next
    }
    from = end
  }
  return found
}

function startsAnew({ gap, text }: Group): boolean {
  return gap.includes(' ') && text.length > 1 && text.startsWith('0')
}

function isPhone(text: string, groups: readonly Group[]): boolean {
  const digits = groups.map((each) => each.text).join('')
  const { isPlus } = leadOf(text, groups)
  const isForeign = isPlus || digits.startsWith('00')
  if (digits.length < 7 || digits.length > (isForeign ? longest : 12)) return false
  if (groups.filter((each) => each.text.length === 1).length > (isPlus ? 2 : 1)) return false
  const gaps = groups.slice(1).map((each) => each.gap)
  if (!isForeign && !digits.startsWith('0')) {
    const lengths = groups.map((each) => each.text.length).join()
    if (gaps.some((gap) => gap.includes('/'))) return false
    // A number with thousands, by spaces or dots; a postal code; a date or years.
    if (/^[12](?:,3)+$/.test(lengths) && gaps.every((gap) => gap === gaps[0])) return false
    if (lengths === '5,4' && gaps[0] === '-') return false
    if (groups.every((each) => isYear(each.text)) || isCompactDate(digits, groups)) return false
  }
  return isBalanced(text, groups)
}

/** Brackets stand around groups, and none in another. */
function isBalanced(text: string, groups: readonly Group[]): boolean {
  let isOpen = leadOf(text, groups).isOpen
  let isInside = false
  for (const { gap } of groups.slice(1)) {
    if (!/[()]/.test(gap)) continue
    if (isOpen === gap.includes('(')) return false
    isOpen = !isOpen
    isInside = isOpen
  }
  return !isInside
}

/** What stands directly before the first digit: a plus, a bracket, or both. */
function leadOf(
  text: string,
  [first]: readonly Group[],
): { bare: number; start: number; isPlus: boolean; isOpen: boolean } {
  let start = (first as Group).start
  if (text[start - 1] === '+') start--
  const bare = start
  const isOpen = text[start - 1] === '('
  if (isOpen) start--
  if (isOpen && text[start - 1] === '+') start--
  return { bare, start, isPlus: text[start] === '+' || text[bare] === '+', isOpen }
}

/** The bracket before the first group belongs to the number if it closes in it. */
function spanOf(text: string, groups: readonly Group[]): Span {
  const { bare, start } = leadOf(text, groups)
  const closes = groups
    .slice(1)
    .find((each) => /[()]/.test(each.gap))
    ?.gap.includes(')')
  return [closes ? start : bare, (groups.at(-1) as Group).end]
}

/** Whether what stands beside it says that a row of digits is something else. */
function isMarked(text: string, { start, end }: Digits): boolean {
  const before = text.slice(Math.max(0, start - 2), start)
  const behind = text.slice(end, end + 5)
  return (
    /[A-Za-z_#]$|[A-Za-z_][-/]$|[\w)\]]\+$|\p{Sc} ?$/u.test(before) ||
    /^[A-Za-z_%@]|^[-/][A-Za-z_]|^[,:'][0-9]{1,3}(?:[^0-9]|$)|^ ?\p{Sc}/u.test(behind) ||
    // Hundreds, cents or minutes of the number before.
    (end - start < 4 && /[0-9][,:']$/.test(before))
  )
}

/** An IP address, a decimal, or spans of times and dates. */
function isOther(text: string, groups: readonly Group[]): boolean {
  const [first, ...others] = groups as readonly [Group, ...Group[]]
  const gaps = others.map((each) => each.gap)
  if (gaps.every((gap) => gap === '.')) {
    if (groups.length === 4 && groups.every((each) => Number(each.text) < 256)) return true
    if (groups.length === 2) return !/^0../.test(first.text) && !leadOf(text, groups).isPlus
  }
  return groups.every((each) => each.text.length < 3) && new Set(gaps).size > 1
}

/** Year, month and day in any usual order, with the same between them. */
function isDate(groups: readonly Group[]): boolean {
  const [a, b, c] = groups
  if (groups.length !== 3 || !a || !b || !c || b.gap !== c.gap) return false
  const [day, month] = isYear(a.text) ? [c, b] : [a, b]
  const year = day === a ? c.text : a.text
  const most = Math.max(Number(day.text), Number(month.text))
  const least = Math.min(Number(day.text), Number(month.text))
  return (isYear(year) || year.length === 2) && least > 0 && least < 13 && most < 32
}

function isYear(text: string): boolean {
  return /^(?:19|20)[0-9]{2}$/.test(text)
}

function isCompactDate(digits: string, { length }: readonly Group[]): boolean {
  return length === 1 && /^(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$/.test(digits)
}
