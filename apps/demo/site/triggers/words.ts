/** Acts, places and rules in words. */
import type { ExplainedRule } from '@earshot/sdk'
import type { Act, Place } from '../../src/tryout.ts'

const valuesOf = (bag: object = {}): string =>
  Object.entries(bag)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(', ')

const byHand: Readonly<Partial<Record<Act['do'], string>>> = {
  close: 'Close the survey',
  answer: 'Answer the survey',
  scroll: 'Scroll to the end of the page',
  scrollALittle: 'Scroll down a little',
  flick: 'Scroll quickly back up',
  leave: 'Move the mouse out over the top edge of the window',
  look: 'Scroll to the offer, and look at it for a second',
  press: 'Press “Apply”',
  hammer: 'Press “Apply” three times, quickly',
}

function spanText(days: number): string {
  if (days < 1) return `${days * 24} hours`
  return Math.round(days) === 1 ? 'a day' : `${Math.round(days)} days`
}

/** What to do by hand; null where a button does it. */
export function handText(act: Act): string | null {
  if (act.do === 'wait') return `Wait for ${act.seconds} seconds`
  if (act.do === 'later') return `Come back ${spanText(act.days)} later`
  return byHand[act.do] ?? null
}

/** What stands on the button. */
export function buttonText(act: Act): string {
  switch (act.do) {
    case 'track':
      return `Track “${act.name}”${act.props ? ` with ${valuesOf(act.props)}` : ''}`
    case 'traits':
      return `Set ${valuesOf(act.traits)}`
    case 'group':
      return `Join ${act.group}${act.traits ? ` with ${valuesOf(act.traits)}` : ''}`
    case 'page':
      return Object.keys(act.context).length ? `Page with ${valuesOf(act.context)}` : 'Say that it is a page'
    case 'show':
      return `Show it${act.hidden ? ` with ${valuesOf(act.hidden)}` : ''}`
    case 'snooze':
      return `Ask me again in ${act.days} day`
    case 'go':
      return `Go to …${act.to} by ${act.by}`
    case 'renew':
      return act.until
        ? `Become a visitor who ${act.until.pass ? 'passes' : 'fails'} “${act.until.rule}”`
        : 'Become a new visitor'
    default:
      return (
        { pause: 'Pause', resume: 'Go on', back: 'Go back', reload: 'Reload' }[act.do as 'back'] ?? act.do
      )
  }
}

/** Where to be for it; null for a desk with a large window. */
export function placeText({ device, width, query, at, fromList }: Place): string | null {
  if (device) return `On a ${device}.`
  if (width) return `In a window ${width} pixels wide.`
  if (at) return `At ${at.replace('T', ' ').replace(':00Z', '')} by the clocks of Greenwich.`
  if (fromList) return 'By a link from the list of all tryouts.'
  return query ? 'At the address with' : null
}

const plainText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const momentText = (at: number): string => new Date(at).toLocaleString('en-GB')

const operators: Readonly<Record<string, string>> = {
  atLeast: 'at least',
  atMost: 'at most',
  starts: 'starts with',
  ends: 'ends with',
}

/** What a rule sees, in a few words. */
export function seenText(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'number') return String(Math.round(value * 1000) / 1000)
  if (typeof value !== 'object') return plainText(value)
  if (Array.isArray(value)) return value.join(', ')
  const { since, until, fired, due, ...rest } = value as Record<string, unknown>
  const parts = Object.entries(rest).map(([name, each]) => `${name} ${plainText(each)}`)
  if (since !== undefined) parts.push(typeof since === 'number' ? momentText(since) : 'never')
  if (typeof until === 'number') parts.push(`until ${momentText(until)}`)
  if (typeof due === 'number') parts.push(`due ${momentText(due)}`)
  if (fired !== undefined) parts.unshift(fired === true ? 'has fired' : 'has not fired')
  return parts.join(', ')
}

/** What a rule wants. The tests of targeting stand in rows of their own. */
export function wantedText(wanted: unknown): string | null {
  if (wanted === null || typeof wanted !== 'object')
    return wanted === null ? null : `wants ${plainText(wanted)}`
  const { fact, op, value, days, below, atLeast } = wanted as Record<string, unknown>
  if (typeof fact === 'string')
    return `wants ${fact} ${operators[plainText(op)] ?? plainText(op)} ${[value].flat().join(', ')}`
  if (days !== undefined) return `wants ${plainText(days)} days between`
  if (below !== undefined) return `wants less than ${plainText(below)}`
  return atLeast === undefined ? null : `wants at least ${plainText(atLeast)}`
}

export function untilText({ until }: ExplainedRule): string | null {
  return until === undefined ? null : `until ${momentText(until)}`
}
