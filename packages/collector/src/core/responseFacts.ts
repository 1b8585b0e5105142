/** What is known of a response outside of the page, and whether it meets a rule; what was written is compared as the search does. */
import { bandOf, judgeRule, type Fact, type Facts, type Rule, type Survey } from '@earshot/contract'
import type { StoredResponse } from './project.ts'
import { commentOf, foldText } from './search.ts'

/**
 * Whether a response meets a rule. A word is found in what was written whatever its capitals and forms of letters are, in any
 * language; `words` is all that was written in the response.
 *
 * @example
 * meets({ fact: 'words', op: 'contains', value: 'GRÖSSE' }, response, survey) // true of 'Die Größe passt nicht'
 */
export function meets(rule: Rule, response: StoredResponse, survey: Survey | null): boolean {
  return judgeRule(folding(rule), responseFacts(response, survey)) === true
}

const inTexts: readonly string[] = ['contains', 'starts', 'ends']

/** The rule, whose tests of what was written look at it in its folded form too; of choices nothing changes. */
function folding(rule: Rule): Rule {
  if ('all' in rule) return { all: rule.all.map(folding) }
  if ('any' in rule) return { any: rule.any.map(folding) }
  if ('not' in rule) return { not: folding(rule.not) }
  if ('question' in rule) return rule
  const { fact, op, value } = rule
  if (!inTexts.includes(op) || typeof value !== 'string') return rule
  if (fact === 'words') return { ...rule, value: foldText(value) }
  if (!fact.startsWith('answer.')) return rule
  return { any: [rule, { ...rule, fact: `written.${fact.slice('answer.'.length)}`, value: foldText(value) }] }
}

/** Of what is no text nothing was written, which is known. */
function written(value: Fact): Fact {
  return value === undefined ? undefined : typeof value === 'string' ? foldText(value) : null
}

/** What is known of a response. What only a browser knows is not. */
function responseFacts(response: StoredResponse, survey: Survey | null): Facts {
  return (fact) => {
    const [family = '', ...rest] = fact.split('.')
    const name = rest.join('.')
    const answer = Object.hasOwn(response.answers, name) ? response.answers[name] : undefined
    if (family === 'answer') return answer?.value
    if (family === 'written') return written(answer?.value)
    if (fact === 'words') return commentOf(response)
    if (family === 'band') {
      const question = survey?.questions.find((each) => each.id === name)
      const value = answer?.value
      return question?.kind === 'scale' && typeof value === 'number' ? bandOf(question, value) : undefined
    }
    if (family === 'hidden')
      return response.hidden && Object.hasOwn(response.hidden, name) ? response.hidden[name] : undefined
    if (fact === 'page.url') return response.url ?? undefined
    if (fact === 'channel' || fact === 'touchpoint' || fact === 'stage' || fact === 'locale')
      return response[fact] ?? undefined
    return undefined
  }
}
