/** Which facts there are, and where each of them is known. */
import type { Question } from '../question.ts'
import { bandNames } from '../rules.ts'
import { namesInWords, type Loose, type Path, type Report } from './report.ts'

/** Where a fact is asked for, and what can be known there. */
export interface Scope {
  place: 'targeting' | 'condition' | 'event' | 'answer' | 'title'
  /** The questions that answers may be of; null when they belong to a survey that is not at hand. */
  questions: readonly (Loose<Question> | undefined)[] | null
  /** How many of them have been asked by then. */
  asked: number
  /** Names of hidden fields. */
  hidden: readonly (string | undefined)[]
}

/** What values a fact has, as far as that is fixed. */
export interface FactValues {
  type: 'number' | 'string' | 'boolean' | 'choices' | 'any'
  /** All that a text may be, or all ids of choices. */
  names?: readonly string[]
  least?: number
  most?: number
  /** Whether texts are days such as `2026-11-21`. */
  date?: boolean
  /** Whether it is known always and everywhere. */
  always?: boolean
}

const text: FactValues = { type: 'string' }
const sure = { always: true }

const facts: Readonly<Record<string, FactValues>> = {
  device: { ...text, ...sure, names: ['phone', 'tablet', 'desktop'] },
  'viewport.width': { type: 'number', ...sure },
  'viewport.height': { type: 'number', ...sure },
  locale: { ...text, ...sure },
  'page.url': { ...text, ...sure },
  'page.path': { ...text, ...sure },
  'page.views': { type: 'number', ...sure },
  referrer: text,
  'campaign.source': text,
  'campaign.medium': text,
  'campaign.name': text,
  'campaign.term': text,
  'campaign.content': text,
  'visitor.returning': { type: 'boolean', ...sure },
  'session.count': { type: 'number', ...sure },
  'tenure.days': { type: 'number', ...sure },
  stage: text,
  touchpoint: text,
  channel: text,
  'time.hour': { type: 'number', ...sure, least: 0, most: 23 },
  'time.weekday': { type: 'number', ...sure, least: 1, most: 7 },
  'time.date': { ...text, ...sure, date: true },
}

const families = ['answer', 'band', 'trait', 'group', 'event', 'hidden']
const allowedFacts = `one of ${families.map((each) => `${each}.…`).join(', ')}, ${Object.keys(facts).join(', ')}`
const any: FactValues = { type: 'any' }

/** Reports what is wrong with the use of a fact, and says which values it has. */
export function checkFact(report: Report, at: Path, fact: string, scope: Scope): FactValues {
  const dot = fact.indexOf('.')
  const family = dot < 0 ? fact : fact.slice(0, dot)
  const name = dot < 0 ? '' : fact.slice(dot + 1)
  if (families.includes(family) && name) {
    if (family === 'answer' || family === 'band')
      return checkAnswerFact(report, at, { family, question: name, written: fact }, scope)
    if (family === 'hidden' && !scope.hidden.includes(name))
      report.error({
        at,
        found: fact,
        allowed: `a field that "hidden" of the survey names: ${namesInWords(known(scope.hidden))}`,
        problem: `is "${fact}", but "hidden" of the survey has no "${name}"`,
        names: known(scope.hidden).map((each) => `hidden.${each}`),
      })
    else if (family === 'event' && scope.place !== 'event')
      report.warning({
        at,
        found: fact,
        allowed: 'event.… only in "where" of a trigger or a follow-up',
        problem: `is "${fact}", which is known only while that event is looked at`,
      })
    else checkPlace(report, at, fact, family, scope)
    return any
  }
  if (Object.hasOwn(facts, fact)) {
    checkPlace(report, at, fact, family, scope)
    return facts[fact] ?? any
  }
  report.error({
    at,
    found: fact,
    allowed: allowedFacts,
    problem: `is "${fact}", a fact that there is not`,
    names: [...Object.keys(facts), ...(name ? families.map((each) => `${each}.${name}`) : [])],
  })
  return any
}

/** Warns of a fact that is not what its place is about. */
function checkPlace(report: Report, at: Path, fact: string, family: string, { place }: Scope): void {
  if (place !== 'answer' && (place !== 'event' || family === 'event')) return
  report.warning({
    at,
    found: fact,
    allowed: place === 'event' ? 'event.…' : 'answer.… and band.…',
    problem: `is "${fact}", which may not be known there`,
  })
}

/** Reports a question that there is not, that comes too late, or that has no such fact. */
export function checkAnswerFact(
  report: Report,
  at: Path,
  { family, question, written }: { family: 'answer' | 'band'; question: string; written: string },
  { place, questions, asked }: Scope,
): FactValues {
  if (place === 'targeting' || place === 'event') {
    report.error({
      at,
      found: written,
      allowed: place === 'event' ? 'event.…' : 'what is known before the survey is shown',
      problem: `is "${written}", but there are no answers yet`,
    })
    return any
  }
  if (!questions) return any
  const prefix = written.slice(0, written.length - question.length)
  const index = questions.findIndex((each) => each?.id === question)
  const found = questions[index]
  const usable = questions
    .slice(0, asked)
    .filter((each) => each?.kind !== 'statement' && (family === 'answer' || each?.kind === 'scale'))
    .flatMap((each) => (each?.id === undefined ? [] : [`${prefix}${each.id}`]))
  const kinds = family === 'band' ? 'an earlier scale question' : 'an earlier question'
  const refuse = (problem: string): FactValues => {
    report.error({
      at,
      found: written,
      allowed: `${kinds}: ${namesInWords(usable)}`,
      problem: `is "${written}", but ${problem}`,
      ...(found ? {} : { names: usable }),
    })
    return any
  }
  if (!found) return refuse(`there is no question "${question}"`)
  if (index >= asked) return refuse(`question "${question}" is not answered before`)
  if (found.kind === undefined) return any
  if (found.kind === 'statement') return refuse(`"${question}" is a statement, which has no answer`)
  if (family === 'answer') return valuesOf(found)
  if (found.kind !== 'scale') return refuse(`"${question}" is no scale, so it has no bands`)
  return found.metric === undefined ? any : { type: 'string', names: bandNames[found.metric] }
}

/** What answers to a question are. */
function valuesOf(question: Loose<Question>): FactValues {
  switch (question.kind) {
    case 'scale':
      return {
        type: 'number',
        ...(question.min === undefined ? {} : { least: question.min }),
        ...(question.max === undefined ? {} : { most: question.max }),
      }
    case 'text':
      return { type: question.input === 'number' ? 'number' : 'string' }
    case 'choice': {
      const ids = (question.options ?? []).flatMap((each) => (each?.id === undefined ? [] : [each.id]))
      return { type: 'choices', names: question.other === undefined ? ids : [...ids, 'other'] }
    }
    case 'yesno':
    case 'link':
      return { type: 'boolean' }
    default:
      return any
  }
}

/** The items that are there. */
function known<Item>(items: readonly (Item | undefined)[]): Item[] {
  return items.filter((each) => each !== undefined)
}
