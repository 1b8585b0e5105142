/** The names that tables in the documents must have, all of them and no others. The compiler holds these lists complete. */
import type {
  FollowUpEvent,
  Limits,
  Operator,
  Privacy,
  Survey,
  Theme,
  Trigger,
} from '../packages/contract/src/index.ts'
import { languages } from '../packages/contract/src/index.ts'
import * as metrics from '../packages/metrics/src/index.ts'
import { validateSurvey } from '../packages/contract/src/schema.ts'
import type { Question } from '../packages/contract/src/index.ts'
import type { EarshotEvents, EarshotOptions, Reason } from '../packages/sdk/src/index.ts'
import { readConfig } from '../packages/sdk/src/shell/readConfig.ts'
import { standIn } from './standIn.ts'

/** A table that must be complete. */
export interface Table {
  file: string
  /** Heading above it. */
  heading: string
  names: readonly string[]
}

/** The keys of a record that the compiler wants complete. */
const all = <Name extends string>(names: Record<Name, true>): Name[] => Object.keys(names) as Name[]

/** Commands of a client. */
export const commands: readonly string[] = Object.keys(standIn)

export const events: readonly string[] = all<keyof EarshotEvents>({
  ready: true,
  shown: true,
  answered: true,
  completed: true,
  dismissed: true,
  snoozed: true,
  followUp: true,
  queued: true,
  delivered: true,
  rejected: true,
  evicted: true,
  suppressed: true,
  error: true,
})

const options = all<keyof EarshotOptions>({
  key: true,
  collector: true,
  surveys: true,
  served: true,
  person: true,
  locale: true,
  consent: true,
  context: true,
  settings: true,
  beforeShow: true,
  debug: true,
})

const reasons = all<Reason>({
  'not-ready': true,
  'no-consent': true,
  'opted-out': true,
  paused: true,
  'unknown-survey': true,
  'another-survey': true,
  'answered-recently': true,
  'dismissed-recently': true,
  'shown-recently': true,
  'quiet-period': true,
  'page-cap': true,
  'session-cap': true,
  'day-cap': true,
  vetoed: true,
  loading: true,
  snoozed: true,
  'shown-too-often': true,
  'too-new': true,
  'not-targeted': true,
  'unknown-fact': true,
  'not-sampled': true,
  'held-out': true,
  'not-due': true,
  'other-tab': true,
  'quota-full': true,
  'quota-unknown': true,
  'answered-elsewhere': true,
})

const survey = all<keyof Survey>({
  id: true,
  version: true,
  locale: true,
  questions: true,
  thanks: true,
  translations: true,
  triggers: true,
  followUps: true,
  targeting: true,
  sampling: true,
  variants: true,
  recontact: true,
  tenure: true,
  transactional: true,
  quota: true,
  hidden: true,
  layout: true,
  into: true,
  touchpoint: true,
  stage: true,
  purpose: true,
  owner: true,
})

const kinds = all<Question['kind']>({
  scale: true,
  text: true,
  choice: true,
  yesno: true,
  statement: true,
  link: true,
})

const triggers = all<Trigger['on']>({
  event: true,
  sequence: true,
  page: true,
  time: true,
  scroll: true,
  exit: true,
  idle: true,
  seen: true,
  click: true,
  rage: true,
})

const operators = all<Operator>({
  equals: true,
  in: true,
  contains: true,
  starts: true,
  ends: true,
  glob: true,
  pattern: true,
  above: true,
  atLeast: true,
  below: true,
  atMost: true,
  known: true,
})

const limits = all<keyof Limits>({
  quiet: true,
  perPage: true,
  perSession: true,
  perDay: true,
  holdout: true,
})

const privacy = all<keyof Privacy>({ scrub: true, query: true, fragment: true })

const theme = all<keyof Theme>({
  scheme: true,
  accent: true,
  background: true,
  text: true,
  dark: true,
  radius: true,
  size: true,
  font: true,
  density: true,
})

const states = all<FollowUpEvent['data']['state']>({
  planned: true,
  shown: true,
  answered: true,
  cancelled: true,
  expired: true,
})

/** All facts, as the check of a survey lists them to those who ask for one that there is not. */
function facts(): string[] {
  const [flaw] = validateSurvey({ targeting: { fact: '?', op: 'known' } }).filter(({ path }) =>
    path.startsWith('targeting.fact'),
  )
  return (flaw?.allowed ?? '').replace(/^one of /, '').split(', ')
}

/** The attributes that the script tag reads: whatever `readConfig` looks at. */
export function attributes(): string[] {
  const read: string[] = []
  const getAttribute = (name: string): string | null => {
    read.push(name)
    return name === 'data-key' ? 'pk_' : null
  }
  readConfig({ getAttribute }, 'https://feedback.example.com/')
  return read
}

const reference = 'packages/sdk/README.md'

/** The tables that must be complete. */
export function tables(): Table[] {
  return [
    { file: reference, heading: 'Script tag', names: attributes() },
    { file: reference, heading: 'npm', names: options },
    { file: reference, heading: 'Commands', names: commands },
    { file: reference, heading: 'Events', names: events },
    { file: 'docs/surveys.md', heading: 'Fields', names: survey },
    { file: 'docs/languages.md', heading: 'All languages', names: languages },
    { file: 'docs/questions.md', heading: 'Kinds', names: kinds },
    { file: 'docs/triggers.md', heading: 'All triggers', names: triggers },
    { file: 'docs/targeting.md', heading: 'Facts', names: facts() },
    { file: 'docs/targeting.md', heading: 'Operators', names: operators },
    { file: 'docs/fatigue.md', heading: 'Limits over all surveys', names: limits },
    { file: 'docs/follow-ups.md', heading: 'What is recorded', names: states },
    { file: 'docs/identity-and-privacy.md', heading: 'What leaves the page', names: privacy },
    { file: 'docs/theming.md', heading: 'Options', names: theme },
    { file: 'docs/explain.md', heading: 'Reasons', names: reasons },
    { file: 'docs/metrics.md', heading: 'Functions', names: Object.keys(metrics) },
  ]
}
