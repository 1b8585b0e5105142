/** A survey with nothing to it but what a test gives, and pieces of state that are tiresome to write. */
import type { ScaleQuestion, Survey } from '@earshot/contract'
import { resume } from '../memory.ts'
import type { PageFacts, State } from '../model.ts'
import type { Memory } from '../remembered.ts'
import { initialState } from '../step.ts'
import { days, type Instant } from '../time.ts'

export const t0 = 1_800_000_000_000 as Instant
export const later = (milliseconds: number): Instant => (t0 + milliseconds) as Instant
export const dayAfter = (count: number): Instant => later(days(count))

export const score: ScaleQuestion = {
  id: 'score',
  kind: 'scale',
  metric: 'nps',
  min: 0,
  max: 10,
  positive: [9, 10],
  negative: [0, 1, 2, 3, 4, 5, 6],
  title: 'How likely?',
  low: 'Not',
  high: 'Very',
}

export function aSurvey(patch: Partial<Survey> = {}): Survey {
  return {
    id: 'nps',
    version: 1,
    locale: 'en',
    questions: [score],
    thanks: { title: 'Thanks' },
    triggers: [],
    recontact: { answered: 90, dismissed: 30, shown: 7 },
    ...patch,
  }
}

export const aPage: PageFacts = {
  url: 'https://shop.example/basket?utm_source=mail#top',
  referrer: 'https://search.example/',
  device: 'desktop',
  width: 1280,
  height: 800,
  locale: 'en',
  zone: 'UTC',
}

export function aMemory(patch: Partial<Memory> = {}): Memory {
  return { ...resume({ visitor: 'v' }, t0, () => 's'), ...patch }
}

/** Ready, with the rules loaded. */
export function aState(surveys: readonly Survey[], patch: Partial<State> = {}): State {
  return {
    ...initialState(false, surveys),
    memory: aMemory(),
    ready: true,
    pageSince: t0,
    rich: { facts: aPage, fired: [], pending: [] },
    ...patch,
  }
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const each of Object.values(value)) deepFreeze(each)
  }
  return value
}
