/** Changes to a survey that is being written: it may lack anything, so nothing is taken for granted. */
import {
  bandNames,
  type Band,
  type Question,
  type ScaleQuestion,
  type Survey,
  type TextQuestion,
  type Trigger,
} from '@earshot/contract'
import { type Entry, idOf } from './catalog.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isList = (value: unknown): value is unknown[] => Array.isArray(value)

/**
 * The survey, where a form can stand for it: it has the parts that fields belong to. What is in them may be wrong all
 * the same.
 */
export function formable(value: unknown): Survey | null {
  if (!isObject(value)) return null
  const { questions, thanks, triggers, recontact } = value
  const isWhole =
    isList(questions) && questions.every(isObject) && isList(triggers) && triggers.every(isObject)
  return isWhole && isObject(thanks) && isObject(recontact) ? (value as unknown as Survey) : null
}

/** Sets a field; one that is emptied goes away. */
export function put(target: object, name: string, value: unknown): void {
  const record = target as Record<string, unknown>
  if (value === undefined) delete record[name]
  else record[name] = value
}

/** A question for the reason of one band, and where it stands. */
export interface Reason {
  band: Band
  index: number
  question: TextQuestion | null
}

/** The reasons of a scale, from bad to good. */
export function reasonsOf(survey: Survey, scale: ScaleQuestion): Reason[] {
  const bands = Object.hasOwn(bandNames, scale.metric) ? bandNames[scale.metric] : []
  const isMiddle = (band: Band): boolean => band === bands[1]
  const hasMiddle = scale.max - scale.min > 1
  return bands
    .filter((band) => hasMiddle || !isMiddle(band))
    .map((band) => {
      const index = survey.questions.findIndex((each) => isReason(each, scale.id, band))
      return { band, index, question: (survey.questions[index] as TextQuestion | undefined) ?? null }
    })
}

function isReason(question: Question, scale: string, band: Band): boolean {
  const when: unknown = question.when
  return (
    question.kind === 'text' &&
    isObject(when) &&
    when['question'] === scale &&
    isList(when['bands']) &&
    when['bands'].length === 1 &&
    when['bands'][0] === band
  )
}

/** Whether a question asks for the reason of one band, so that it stands with its scale. */
export const isAnyReason = (survey: Survey, question: Question): boolean =>
  survey.questions.some(
    (each) => each.kind === 'scale' && reasonsOf(survey, each).some((reason) => reason.question === question),
  )

/** Words the question for the reason of a band; empty text takes it away. */
export function putReason(survey: Survey, scale: ScaleQuestion, band: Band, title: string): void {
  const reasons = reasonsOf(survey, scale)
  const mine = reasons.find((each) => each.band === band)
  if (mine?.question && title !== '') mine.question.title = title
  else if (mine?.question) survey.questions.splice(mine.index, 1)
  else if (title !== '') {
    const order = reasons.findIndex((each) => each.band === band)
    const before = reasons.slice(0, order).findLast((each) => each.question)
    const at = (before?.index ?? survey.questions.indexOf(scale)) + 1
    const ids = new Set(survey.questions.map((each) => each.id))
    const id = [`why-${band}`, `why-${scale.id}-${band}`].find((each) => !ids.has(each)) ?? `why-${at}`
    survey.questions.splice(at, 0, {
      kind: 'text',
      id,
      title,
      maxLength: 2000,
      when: { question: scale.id, bands: [band] },
    })
  }
}

/** What a trigger of each kind begins with. */
export const newTriggers: Readonly<Record<Trigger['on'], Trigger>> = {
  event: { on: 'event', name: 'order_placed' },
  page: { on: 'page', delay: 10 },
  time: { on: 'time', seconds: 30 },
  scroll: { on: 'scroll', percent: 50 },
  exit: { on: 'exit' },
  idle: { on: 'idle', seconds: 60 },
  seen: { on: 'seen', selector: '#offer' },
  click: { on: 'click', selector: '#help' },
  rage: { on: 'rage' },
  sequence: { on: 'sequence', steps: [{ name: 'search' }, { name: 'search' }], within: 60 },
}

/** Another name of the company, in every text that is still the template's. */
export function rename(value: unknown, entry: Entry, from: string, to: string): unknown {
  const id = idOf(entry.name)
  return replaceWhere(value, entry.make({ id, name: from }), entry.make({ id, name: to }))
}

/** Walks three values alike; a text that is as in `from` becomes that of `to`. */
function replaceWhere(value: unknown, from: unknown, to: unknown): unknown {
  if (typeof value === 'string') return value === from && typeof to === 'string' ? to : value
  if (isList(value))
    // Questions and choices keep their ids where others are put before them.
    return value.map((each, index) =>
      replaceWhere(each, counterpart(from, each, index), counterpart(to, each, index)),
    )
  if (!isObject(value)) return value
  const inside = (whole: unknown, key: string): unknown => (isObject(whole) ? whole[key] : undefined)
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, replaceWhere(each, inside(from, key), inside(to, key))]),
  )
}

function counterpart(list: unknown, item: unknown, index: number): unknown {
  if (!isList(list)) return undefined
  if (isObject(item) && 'id' in item) return list.find((each) => isObject(each) && each['id'] === item['id'])
  return list[index]
}
