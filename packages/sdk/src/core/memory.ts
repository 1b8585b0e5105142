/** How the memory of this browser begins, goes on at a visit, and changes. */
import type { Ask, Memory, MemoryChange, SurveyMemory } from './remembered.ts'
import { copyOf } from './raw.ts'
import { type Instant, seconds } from './time.ts'

/** A visit ends after half an hour without a page. */
const sessionGap = seconds(30 * 60)

/** As many showings as a cap may count. */
const maxAsks = 50

/**
 * The memory at the start of a page: what is stored, with what is missing made up. A new visit gets a new session id.
 * What seems to lie ahead was written by a clock that has been set back since, and counts as now: so every wait ends
 * after its span.
 *
 * @param newId a new random id, for each that is missing
 */
export function resume(stored: Partial<Memory> | null | undefined, at: Instant, newId: () => string): Memory {
  const session = stored?.session
  const goesOn = session && Math.abs(at - session.seen) <= sessionGap
  // Moments only: what was answered, and what is known of the visitor, may be any number.
  const heal = (key: string, value: unknown): unknown =>
    (key === 'at' || key.endsWith('ed')) && (value as number) > at ? at : value
  const { surveys = {}, asks = [] } = { ...stored }
  return {
    visitor: stored?.visitor ?? newId(),
    person: null,
    consent: null,
    optedOut: false,
    pages: 0,
    since: at,
    ...stored,
    ...copyOf({ surveys, asks }, heal),
    sessions: (stored?.sessions ?? 0) + (goesOn ? 0 : 1),
    session: { id: goesOn ? session.id : newId(), seen: at },
  }
}

/** The memory after a change, as far as it does not take the rules. */
export function changeMemory(memory: Memory, change: MemoryChange): Memory {
  const { surveys, asks } = memory
  switch (change.kind) {
    case 'survey': {
      const { survey, patch } = change
      const known = { ...memoryOf(memory, survey), ...patch }
      const isSeen = ({ response, unseen }: Ask): unknown => unseen && response === patch.seen
      return {
        ...memory,
        surveys: { ...surveys, [survey]: known },
        asks: asks.map((each) => (isSeen(each) ? { ...each, unseen: undefined } : each)),
      }
    }
    case 'visitor':
      return { ...memory, ...change.patch, traits: { ...memory.traits, ...change.patch.traits } }
    case 'ask':
      return { ...memory, asks: [...asks, change.ask].slice(-maxAsks) }
    case 'unask': {
      // A reminder has the response of the showings before it, and those took place.
      const last = asks.findLast((each) => each.response === change.response)
      return { ...memory, asks: asks.filter((each) => each !== last) }
    }
    default:
      return memory
  }
}

/** All that is kept after consent was withdrawn: the refusal. */
export const denial: { readonly consent: 'denied' } = { consent: 'denied' }

/** As many changes as wait for the rules. */
const maxMissed = 50

/** The memory after a change; where the rules are wanted and not there yet, the change waits for them in the memory. */
export function changeBefore(memory: Memory, change: MemoryChange, at: Instant, isWanted: boolean): Memory {
  const known = changeMemory(memory, change)
  return isWanted ? { ...known, missed: [...(known.missed ?? []), { at, change }].slice(-maxMissed) } : known
}

/** What is remembered of one survey. Own properties only: a page may have polluted the prototype. */
export function memoryOf(memory: Memory, survey: string): SurveyMemory {
  return Object.hasOwn(memory.surveys, survey) ? (memory.surveys[survey] as SurveyMemory) : {}
}
