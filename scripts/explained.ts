/** Holds the sample of docs/explain.md equal to what `explain` says of the survey that stands before it. */
import { isDeepStrictEqual } from 'node:util'
import { resume } from '../packages/sdk/src/core/memory.ts'
import type { PageFacts, State } from '../packages/sdk/src/core/model.ts'
import { explain } from '../packages/sdk/src/core/rules/explain.ts'
import { rules } from '../packages/sdk/src/core/rules/rules.ts'
import { initialState } from '../packages/sdk/src/core/step.ts'
import { days, type Instant } from '../packages/sdk/src/core/time.ts'
import type { Survey } from '../packages/sdk/src/index.ts'
import type { Fence } from './fences.ts'
import type { Violation } from './violation.ts'

const file = 'docs/explain.md'
const now = Date.UTC(2026, 10, 21, 10) as Instant
const answered = (now - days(10)) as Instant

const page: PageFacts = {
  url: 'https://shop.example/',
  referrer: '',
  device: 'desktop',
  width: 1280,
  height: 720,
  locale: 'en',
  zone: 'UTC',
}

/** What `explain` says of it to somebody on the plan `pro` who answered it ten days ago. */
function explanationOf(survey: Survey): unknown {
  const { id } = survey
  const memory = {
    ...resume({ visitor: 'visitor' }, now, () => 'session'),
    traits: { plan: 'pro' },
    surveys: { [id]: { answered } },
    asks: [{ survey: id, response: 'response', at: answered, session: 'earlier' }],
  }
  const state: State = {
    ...initialState(false, [survey]),
    memory,
    ready: true,
    pageSince: now,
    rich: { facts: page, fired: [], pending: [] },
  }
  return explain(state, id, now, rules)
}

/** A violation where the sample is another than it should be; the mend is the right one. */
export function explanationViolations(fences: readonly Fence[]): Violation[] {
  const [first, second] = fences.filter((each) => each.file === file && each.language === 'json')
  if (!first || !second)
    return [{ file, problem: 'has no survey and no sample of its explanation', mend: 'Write both, as JSON.' }]
  const right = explanationOf(JSON.parse(first.text) as Survey)
  if (isDeepStrictEqual(JSON.parse(second.text), right)) return []
  return [
    {
      file: `${file}:${second.line}`,
      problem: 'has another sample than explain() gives',
      mend: `Write ${JSON.stringify(right, null, 2)}`,
    },
  ]
}
