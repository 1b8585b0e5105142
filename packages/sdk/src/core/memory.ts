/** How the memory of this browser begins, goes on at a visit, and changes. */
import type { Memory, MemoryChange, SurveyMemory } from './model.ts'
import { type Instant, seconds } from './time.ts'

/** A visit ends after half an hour without a page. */
const sessionGap = seconds(30 * 60)

/**
 * The memory at the start of a page: what is stored, with what is missing made up. A new visit gets a new session id.
 *
 * @param fresh two new random ids, used when needed
 */
export function resume(
  stored: Partial<Memory> | undefined,
  at: Instant,
  fresh: { visitor: string; session: string },
): Memory {
  const session = stored?.session
  const goesOn = session && Math.abs(at - session.seen) <= sessionGap
  return {
    visitor: fresh.visitor,
    person: null,
    consent: null,
    optedOut: false,
    pages: 0,
    surveys: {},
    ...stored,
    session: { id: goesOn ? session.id : fresh.session, seen: at },
  }
}

/** The memory after a change. */
export function changeMemory(memory: Memory, { survey, patch }: MemoryChange): Memory {
  if (survey === undefined) return { ...memory, ...patch }
  return { ...memory, surveys: { ...memory.surveys, [survey]: { ...memoryOf(memory, survey), ...patch } } }
}

/** All that is kept after consent was withdrawn: the refusal. */
export const denial: Partial<Memory> = { consent: 'denied' }

/** What is remembered of one survey. Own properties only: a page may have polluted the prototype. */
export function memoryOf(memory: Memory, survey: string): SurveyMemory {
  return Object.hasOwn(memory.surveys, survey) ? (memory.surveys[survey] as SurveyMemory) : {}
}
