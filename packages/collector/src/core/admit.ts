/** Decides which definition an event is judged by: the stored one, one that its request declares, or none. */
import type { Survey } from '@earshot/contract'
import { surveySchema, validateSurvey, type SchemaError } from '@earshot/contract/schema'
import type { Flaw } from './answer.ts'
import { countEntries, firstCrowd, firstIssue, type Issue } from './issues.ts'
import type { SitePolicy } from './policy.ts'
import {
  sameContent,
  sameMeasurement,
  surveyKey,
  type StoredSurvey,
  type SurveyKey,
  type SurveyName,
} from './surveys.ts'
import { cleanValue, nearestName, ownValue } from './text.ts'

/** What a request declares, by survey key: a definition, or what is wrong with it. */
export type Declared = ReadonlyMap<string, { survey: Survey } | { flaw: Flaw }>

/** What the store knows about surveys that a request needs. */
export interface KnownSurveys {
  /** By survey key; only those that the request needs. */
  surveys: ReadonlyMap<string, StoredSurvey>
  /** Names of all stored definitions; may be empty when every needed one was found. */
  names: readonly SurveyName[]
}

/** How the site treats definitions that come with requests. */
export interface InlinePolicy {
  inline: 'accept' | 'refuse'
  /** Most inline definitions per site. */
  most: number
  /** What is taken out of free text; nothing when it is missing. */
  redact?: Pick<SitePolicy, 'scrub' | 'patterns'> | undefined
}

/** A definition to judge by, and whether it is to be stored; or why there is none. */
export type Admission = { survey: Survey; store: boolean } | { flaw: Flaw }

/** Says which definition stands for a survey key, and counts what was accepted. Good for one request. */
export interface Admissions {
  admit(key: SurveyKey): Admission
  /** Tells that an event of this survey was accepted. A definition takes room only now, and only once. */
  settle(key: SurveyKey): void
}

/** The lists of a definition. Each item of a bad one would become an issue of the schema, so they are counted before. */
const crowdPlaces = [
  'questions',
  'questions.*.positive',
  'questions.*.negative',
  'questions.*.when.bands',
  'triggers',
]

/** Entries of all definitions of a request together. Rules make a schema slow, and each definition alone may be small. */
const mostEntries = 5000

/** Suggestions per request: each compares a name with all that are known, and a request may have 500 unknown ones. */
const mostHints = 5

/** Entries of wrong definitions of a request that are looked at a second time, to say what is wrong in good words. */
const mostWorded = 1000

const tooLarge: Issue = {
  path: '',
  message: `all definitions of a request may have ${mostEntries} entries together; put large ones with PUT /v1/surveys/{id}`,
}

/** Reads the definitions that a request declares. The first readable one of a key counts. */
export function readDeclared(raw: readonly unknown[]): Declared {
  const declared = new Map<string, { survey: Survey } | { flaw: Flaw }>()
  let room = mostEntries
  let words = mostWorded
  for (const [index, each] of raw.entries()) {
    const entries = countEntries(each)
    const crowd = firstCrowd(each, crowdPlaces) ?? ((room -= entries) < 0 ? tooLarge : null)
    const clean = crowd ? each : cleanValue(each)
    const result = crowd ? null : surveySchema.safeParse(clean)
    const key = result?.success
      ? surveyKey(result.data.id, result.data.version)
      : surveyKey(String(ownValue(clean, 'id')), Number(ownValue(clean, 'version')))
    const before = declared.get(key)
    if (before && !('flaw' in before)) continue
    if (result?.success) {
      declared.set(key, { survey: result.data })
      continue
    }
    const issue = crowd ?? (result && tellIssue(result.error, clean, (words -= entries) >= 0))
    const place = `surveys.${index}${issue?.path ? `.${issue.path}` : ''}`
    declared.set(key, {
      flaw: {
        code: 'invalid_survey',
        message: `the definition at ${place}: ${issue?.message ?? 'is not valid'}`,
        path: 'survey',
      },
    })
  }
  return declared
}

/** The schema's own words are about types; those of the check are for whoever wrote the definition, and cost more. */
function tellIssue(error: SchemaError, value: unknown, inGoodWords: boolean): Issue {
  const flaw = inGoodWords ? validateSurvey(value).find((each) => each.severity === 'error') : undefined
  // The path is in the message.
  return flaw ? { path: '', message: flaw.message } : firstIssue(error, value)
}

/**
 * Says which definition stands for a survey key.
 *
 * A stored definition stands. A declared one with the same measurement renews the wording of an inline one and
 * leaves a served one alone; with another measurement it is a conflict. An unknown one is taken when the site
 * accepts inline surveys, its id is not served, and the site has room. An event that is refused takes no room, so
 * that it spoils no other.
 */
export function createAdmission(declared: Declared, known: KnownSurveys, policy: InlinePolicy): Admissions {
  const made = new Map<string, Admission & { isNew?: boolean }>()
  const settled = new Set<string>()
  let hints = mostHints
  let room = policy.most - known.names.filter((each) => each.source === 'inline').length

  const decide = ({ id, version }: SurveyKey): Admission & { isNew?: boolean } => {
    const key = surveyKey(id, version)
    const stored = known.surveys.get(key)
    const entry = policy.inline === 'accept' ? declared.get(key) : undefined
    const inline = entry && 'survey' in entry ? entry.survey : undefined
    if (stored) {
      if (!inline) return { survey: stored.survey, store: false }
      if (!sameMeasurement(stored.survey, inline)) return { flaw: conflict(id, version) }
      if (stored.source === 'served') return { survey: stored.survey, store: false }
      return { survey: inline, store: !sameContent(stored.survey, inline) }
    }
    if (entry && 'flaw' in entry) return entry
    if (!inline) return { flaw: unknown({ id, version }, known, policy, declared.has(key), hints-- > 0) }
    if (known.names.some((each) => each.id === id && each.source === 'served'))
      return { flaw: served(id, version) }
    return { survey: inline, store: true, isNew: true }
  }

  return {
    admit(wanted) {
      const key = surveyKey(wanted.id, wanted.version)
      const admission = made.get(key) ?? decide(wanted)
      made.set(key, admission)
      return admission.isNew && !settled.has(key) && room <= 0 ? { flaw: tooMany(policy.most) } : admission
    },
    settle({ id, version }) {
      const key = surveyKey(id, version)
      if (!made.get(key)?.isNew || settled.has(key)) return
      settled.add(key)
      room--
    },
  }
}

function conflict(id: string, version: number): Flaw {
  return {
    code: 'survey_conflict',
    message: `survey "${id}" version ${version} is known with other questions or scales; raise the version when they change`,
    path: 'surveyVersion',
  }
}

function served(id: string, version: number): Flaw {
  return {
    code: 'survey_conflict',
    message: `survey "${id}" is served by the collector, which has no version ${version}; give the inline survey another id, or put the version with PUT /v1/surveys/${id}`,
    path: 'surveyVersion',
  }
}

function tooMany(most: number): Flaw {
  return {
    code: 'too_many_surveys',
    message: `the site has ${most} inline surveys already; put surveys with PUT /v1/surveys/{id} instead of making new ids`,
    path: 'survey',
  }
}

function unknown(
  key: SurveyKey,
  known: KnownSurveys,
  policy: InlinePolicy,
  isDeclared: boolean,
  withHint: boolean,
): Flaw {
  const versions = known.names.filter((each) => each.id === key.id).map((each) => each.version)
  if (versions.length > 0) {
    const list = versions.toSorted((a, b) => a - b).join(', ')
    return {
      code: 'unknown_survey',
      message: `survey "${key.id}" is known in version ${list}, not in ${key.version}`,
      path: 'surveyVersion',
    }
  }
  const near = withHint && nearestName(key.id, [...new Set(known.names.map((each) => each.id))])
  const hint = near
    ? `did you mean "${near}"?`
    : policy.inline === 'refuse' && isDeclared
      ? `this collector refuses inline surveys; put it with PUT /v1/surveys/${key.id}`
      : `put it with PUT /v1/surveys/${key.id}, or declare it in "surveys" of the request`
  return { code: 'unknown_survey', message: `survey "${key.id}" is not known; ${hint}`, path: 'survey' }
}
