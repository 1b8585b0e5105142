/** Puts facts in the place of `{{fact|fallback}}` in the texts of a page. The result is text, never markup. */
import { factsOf, otherKey, own, routeOf, type Answered } from './pageRoute.ts'
import type { Fact } from './rule.ts'

/** Where a fact is missing, while a text is filled. */
const gap = '\0'
/** More than a name or a choice; a whole comment would bury the question. */
const longest = 100

/**
 * Fills texts by the answers on the way to a page (all of them when there is none) and the facts of the showing.
 *
 * @example
 * createFill({ survey: nps({ id: 'q', name: 'Acme' }), answers: { score: 3 } })('Why {{answer.score}}?') // 'Why 3?'
 */
export function createFill(flow: Answered, page?: string): (text: string) => string {
  const route = routeOf(flow)
  const facts = factsOf(flow, page === undefined ? route : route.slice(0, route.indexOf(page)))
  const wordsFor = (fact: string): string => {
    const value = facts(fact)
    return fact.startsWith('answer.') ? wordsOf(flow, fact.slice(7), value) : plain(value)
  }
  return (text) =>
    tidy(
      text.replace(
        /\{\{([^{}|]*)(?:\|([^{}]*))?\}\}/g,
        (_all, fact: string, fallback = '') => wordsFor(fact.trim()) || String(fallback).trim() || gap,
      ),
    )
}

/** An answer as the respondent knows it: in the words of its choices, not by their ids. */
function wordsOf(flow: Answered, id: string, value: Fact): string {
  const question = flow.survey.questions.find((each) => each.id === id)
  if (question?.kind === 'yesno' && typeof value === 'boolean') return question[value ? 'yes' : 'no']
  if (question?.kind !== 'choice' || !Array.isArray(value)) return plain(value)
  const labels = value.map((each) => {
    if (each === 'other') return plain(own(flow.answers, otherKey(id))) || question.other
    return question.options.find((option) => option.id === each)?.label
  })
  return cut(labels.filter(Boolean).join(', '))
}

const plain = (value: Fact): string => cut(value === undefined || value === null ? '' : String(value).trim())

const cut = (text: string): string =>
  text.length > longest ? `${text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}…` : text

/** Closes gaps: no sign at the beginning, no two spaces, none before a sign where there was none without the gap. */
function tidy(text: string): string {
  return text
    .replace(/^(?:\0[\s,;:]*)+/, '')
    .replace(/\s*\0(?=[\s,.;:!?…]|$)/g, '')
    .replaceAll(gap, '')
}
