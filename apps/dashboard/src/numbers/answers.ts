/** Answers in words, by what was asked. */
import { bandOf, type Question, type ScaleQuestion, type Survey } from '@earshot/contract'
import type { Response } from '../api/shapes.ts'

type Answer = Response['answers'][string]

/** One answer as it is shown. */
export interface Said {
  question: string
  /** What was asked; the id where the definition is not known. */
  title: string
  kind: 'scale' | 'words' | 'choice'
  text: string
  /** The group of a score. */
  band: string | null
}

/** The title without the marks of its variables: "{{trait.name|there}}" is read as "there". */
export const plainTitle = (title: string): string => title.replaceAll(/\{\{[^}|]*(?:\|([^}]*))?\}\}/g, '$1')

/** All answers of a response, in the order of its questions. */
export function saidIn(response: Response, survey: Survey | undefined): Said[] {
  const questions = survey?.questions ?? []
  const order = (id: string): number => {
    const at = questions.findIndex((each) => each.id === id)
    return at < 0 ? questions.length : at
  }
  return Object.entries(response.answers)
    .toSorted(([a], [b]) => order(a) - order(b))
    .map(([id, answer]) =>
      said(
        id,
        answer,
        questions.find((each) => each.id === id),
      ),
    )
}

function said(id: string, answer: Answer, question: Question | undefined): Said {
  const base = { question: id, title: question ? plainTitle(question.title) : id }
  const { value, other } = answer
  if (question?.kind === 'scale' && typeof value === 'number')
    return { ...base, kind: 'scale', text: String(value), band: bandOf(question, value) }
  if (typeof value === 'boolean') {
    const text = question?.kind === 'yesno' ? (value ? question.yes : question.no) : value ? 'Yes' : 'No'
    return { ...base, kind: 'choice', text, band: null }
  }
  if (Array.isArray(value)) {
    const labels = question?.kind === 'choice' ? question.options : []
    const names = value.map((each) => labels.find((option) => option.id === each)?.label ?? String(each))
    return {
      ...base,
      kind: 'choice',
      text: [...names, ...(other ? [`“${other}”`] : [])].join(', '),
      band: null,
    }
  }
  // Nothing was written, or it was of somebody who is erased.
  if (value === '') return { ...base, kind: 'choice', text: 'No words', band: null }
  return { ...base, kind: typeof value === 'string' ? 'words' : 'scale', text: String(value), band: null }
}

/** The first scale of a survey, which its main metric is of. */
export const mainScale = (survey: Survey | undefined): ScaleQuestion | undefined =>
  survey?.questions.find((each): each is ScaleQuestion => each.kind === 'scale')
