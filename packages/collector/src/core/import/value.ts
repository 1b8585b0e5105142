/** Reads answers and moments as other programs write them. */
import type { AnswerValue, ChoiceQuestion, Question, Survey } from '@earshot/contract'
import { day, parseMoment, readDay, type Millis } from '../time.ts'
import { foldText } from '../search.ts'

/** An answer, nothing, or what is wrong with it. */
export type ReadValue = { value: AnswerValue; other?: string } | null | { flaw: string }

const yes: ReadonlySet<string> = new Set(['true', 'yes', 'y', '1', 'ja', 'oui', 'si', 'sí', '是'])
const no: ReadonlySet<string> = new Set(['false', 'no', 'n', '0', 'nein', 'non', '否'])

/** What a file has, as text; an object as JSON. */
export function textOf(raw: unknown): string {
  if (typeof raw === 'string') return raw
  if (raw === null || raw === undefined) return ''
  return typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : JSON.stringify(raw)
}

/** Whether a question is one of thumbs: some write 1 for up and 2 for down. */
export function isThumbs(question: Question | undefined): boolean {
  return question?.kind === 'scale' && question.max - question.min === 1
}

/**
 * Reads what a source has for a question. Choices may be ids, or labels in any language of the survey.
 *
 * @param raw null, undefined and a text of nothing but spaces are no answer
 */
export function readValue(survey: Survey, question: Question, raw: unknown): ReadValue {
  const isBlank = typeof raw === 'string' && raw.trim() === ''
  if (raw === null || raw === undefined || isBlank || (Array.isArray(raw) && raw.length === 0)) return null
  if (question.kind === 'scale') {
    const text = textOf(raw).trim()
    const score = /^-?\d+(?:\.0+)?$/.test(text) ? Number(text) : NaN
    return Number.isInteger(score) && score >= question.min && score <= question.max
      ? { value: score }
      : {
          flaw: `"${question.id}" is "${text.slice(0, 50)}"; it must be a whole number from ${question.min} to ${question.max}`,
        }
  }
  if (question.kind === 'text') {
    if (question.input !== 'number') return { value: textOf(raw) }
    const number = Number(textOf(raw).trim())
    return Number.isFinite(number) ? { value: number } : { flaw: `"${question.id}" is no number` }
  }
  if (question.kind === 'choice') return readChoices(survey, question, raw)
  if (question.kind === 'statement') return null
  const said = readYes(raw)
  return said === null ? { flaw: noYes(question.id, raw) } : { value: said }
}

/** What is wrong with what is neither yes nor no. */
export const noYes = (name: string, raw: unknown): string =>
  `"${name}" is "${foldText(textOf(raw)).slice(0, 50)}"; it must be yes or no`

/**
 * Reads yes or no in some languages; null for anything else.
 *
 * @example
 * readYes('Ja') // true
 */
export function readYes(raw: unknown): boolean | null {
  const text = foldText(textOf(raw))
  return yes.has(text) ? true : no.has(text) ? false : null
}

function readChoices(survey: Survey, question: ChoiceQuestion, raw: unknown): ReadValue {
  const parts = Array.isArray(raw) ? raw.map(textOf) : partsOf(question, textOf(raw))
  const chosen: string[] = []
  let other: string | undefined
  for (const part of parts.map((each) => each.trim()).filter(Boolean)) {
    const id = choiceOf(survey, question, part)
    if (id !== null) chosen.push(id)
    else if (question.other !== undefined && other === undefined) {
      chosen.push('other')
      other = part
    } else return { flaw: `"${question.id}" has "${part.slice(0, 50)}", which is no choice of the survey` }
  }
  return { value: [...new Set(chosen)], ...(other !== undefined && { other }) }
}

/** A label may have a comma, so what stands between separators is taken apart only where the whole is no choice. */
function partsOf(question: ChoiceQuestion, text: string): string[] {
  const labels = [question.other ?? '', ...question.options.map((each) => each.label)]
  if (labels.some((each) => foldText(each) === foldText(text))) return [text]
  return text.split(/[|;]/)
}

/** The id of a choice by id, or by its label in any language. */
function choiceOf(survey: Survey, question: ChoiceQuestion, text: string): string | null {
  if (question.options.some((each) => each.id === text)) return text
  if (text === 'other' && question.other !== undefined) return 'other'
  const wanted = foldText(text)
  const words = Object.values(survey.translations ?? {}).map((each) => each.questions?.[question.id])
  const found = question.options.find(({ id, label }) =>
    [label, ...words.map((each) => each?.options?.[id] ?? '')].some((each) => foldText(each) === wanted),
  )
  return found?.id ?? null
}

/**
 * Reads a moment: ISO 8601 in UTC or with an offset, the same with a space, a day, or seconds or milliseconds since 1970.
 *
 * @example
 * readMoment('2026-11-21 10:00:00') // 1795255200000
 */
export function readMoment(raw: unknown): Millis | null {
  const text = textOf(raw).trim()
  if (/^\d{9,10}(?:\.\d+)?$/.test(text)) return Math.floor(Number(text) * 1000)
  if (/^\d{12,13}$/.test(text)) return Number(text)
  const days = readDay(text)
  if (days !== null) return days * day
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/i.exec(
    text,
  )
  if (!found) return null
  const moment = parseMoment(`${found[1]}T${found[2]}Z`)
  const offset = /^([+-])(\d\d):?(\d\d)$/.exec(found[3] ?? '')
  if (moment === null || !offset) return moment
  const minutes = Number(offset[2]) * 60 + Number(offset[3])
  return moment - (offset[1] === '-' ? -1 : 1) * minutes * 60_000
}
