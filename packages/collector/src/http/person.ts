/** Everything of one person: to take away, or to be erased. */
import { splitCountry } from '../core/country.ts'
import { isSurveyEvent } from '../core/project.ts'
import { formatMoment, type Millis } from '../core/time.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { KnownVisitor } from '../ports/peopleStore.ts'
import type { Hash } from '../ports/world.ts'
import { sha256Hex } from './secret.ts'

/** Most cases, and most notes, of one visitor in an export. */
const mostCases = 10_000
/** Events per read. */
const page = 500

/**
 * All that is stored of these visitors, and the address of the person, as lines of JSON: `{"kind":"mail"|"visitor"|"event"|"response"|"place"|"case"|"note",…}`, and at the end a
 * line that says how many there were of each.
 */
export async function* exportPerson(
  store: EventStore,
  site: number,
  person: string,
  visitors: readonly KnownVisitor[],
  at: Millis,
): AsyncGenerator<string> {
  const address = await store.mailAddress(site, person)
  const counts = { visitors: visitors.length, events: 0, responses: 0, places: 0, cases: 0, notes: 0 }
  const told = new Set<string>()
  const line = (value: object): string => `${JSON.stringify(value)}\n`
  if (address) yield line({ kind: 'mail', email: address.email, locale: address.locale })
  for (const { visitor } of visitors) {
    yield line({ kind: 'visitor', visitor })
    const responses = new Set<string>()
    let after = 0
    for (;;) {
      const rows = await store.eventsOf(site, visitor, { after, limit: page })
      for (const { row, event, receivedAt, occurredAt } of rows) {
        after = row
        counts.events++
        if (isSurveyEvent(event)) responses.add(event.response)
        yield line({
          kind: 'event',
          ...splitCountry(event),
          receivedAt: formatMoment(receivedAt),
          occurredAt: formatMoment(occurredAt),
        })
      }
      if (rows.length < page) break
    }
    for (const id of responses) {
      const response = await store.response(site, id)
      // Of a response that another visitor began, only the events are this one's.
      if (!response || response.visitor !== visitor) continue
      counts.responses++
      yield line({ kind: 'response', response })
    }
    for (const { survey, response, until } of await store.placesOf(site, visitor)) {
      counts.places++
      yield line({ kind: 'place', survey, response, until: formatMoment(until) })
    }
    for (const { row: _, ...about } of await store.cases(site, { who: visitor }, { limit: mostCases })) {
      if (about.visitor !== visitor) continue
      counts.cases++
      yield line({ kind: 'case', case: about, history: await store.caseEntries(site, about.id) })
    }
    for (const { row: _, ...note } of await store.notes(site, { visitor }, { limit: mostCases })) {
      // A note on answers of several visitors of the person is one note.
      if (told.has(note.id)) continue
      told.add(note.id)
      counts.notes++
      yield line({ kind: 'note', note })
    }
  }
  yield line({ kind: 'end', at: formatMoment(at), ...counts })
}

/** What was erased. It names nobody: who has the id can make the hash, and find the receipt again. */
export interface ErasureReceipt {
  /** SHA-256 of the id that was given, 64 hexadecimal digits. */
  person: string
  at: string
  visitors: number
  events: number
  responses: number
  places: number
  cases: number
  /** Notes of the staff on answers of theirs, also where answers of others were meant too. */
  notes: number
  /** What was kept: nothing, or the counts. */
  keep: 'nothing' | 'counts'
  /** Responses that go on being counted, each as of somebody of whom nothing is known. 0 where nothing was kept. */
  keptResponses: number
  /** Events that were made in the place of those that were deleted, for those responses. */
  keptEvents: number
  /** Looked up again afterwards: 0, unless something of the person arrived meanwhile. */
  left: number
}

/**
 * Erases all visitors that an id stands for: of a visitor, or of a person, then every visitor who ever sent something under that
 * name. Nobody of whom nothing is known is erased too: the events may still be in the queue of a device, and are dropped then.
 *
 * @param keep what is kept; see `anonymise`
 */
export async function erasePerson(
  store: EventStore,
  site: number,
  id: string,
  at: Millis,
  hash: Hash,
  keep: ErasureReceipt['keep'] = 'nothing',
): Promise<ErasureReceipt> {
  const found = await store.visitorsOf(site, id)
  const gone = found.length > 0 ? found.map((each) => each.visitor) : [id]
  const sum = { events: 0, responses: 0, places: 0, cases: 0, notes: 0 }
  const kept = { keptResponses: 0, keptEvents: 0 }
  for (const visitor of gone) {
    const cases = await store.cases(site, { who: visitor }, { limit: mostCases })
    sum.cases += cases.filter((each) => each.visitor === visitor).length
    sum.notes += (await store.notes(site, { visitor }, { limit: mostCases })).length
    sum.places += (await store.placesOf(site, visitor)).length
    sum.responses += found.find((each) => each.visitor === visitor)?.responses ?? 0
    if (keep === 'nothing') {
      sum.events += await store.erase(site, visitor, at)
      continue
    }
    const done = await store.anonymise(site, visitor, at)
    sum.events += done.events
    kept.keptResponses += done.keptResponses
    kept.keptEvents += done.keptEvents
  }
  await store.forgetMail(site, id)
  const left = (await store.visitorsOf(site, id)).reduce((total, each) => total + each.events, 0)
  return {
    person: sha256Hex(id, hash),
    at: formatMoment(at),
    visitors: found.length,
    ...sum,
    keep,
    ...kept,
    left,
  }
}
