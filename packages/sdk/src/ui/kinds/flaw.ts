/** What a respondent reads when a page cannot be left. */
import type { Question } from '@earshot/contract'
import type { Flow } from '../../core/flow.ts'
import { type Counted, format, type KindStrings } from './strings.ts'

/** A sentence that says how to mend it; the survey's own hint wins. */
export function flawText(question: Question, flaw: NonNullable<Flow['flaw']>, strings: KindStrings): string {
  const bounded = (
    [none, from, to, between]: readonly [string, string | Counted, string | Counted, string | Counted],
    least?: number,
    most?: number,
  ): string => {
    if (least === undefined) return most === undefined ? none : format(strings, to, { most })
    return most === undefined ? format(strings, from, { least }) : format(strings, between, { least, most })
  }
  if (flaw === 'missing') return question.kind === 'text' ? strings.writeOne : strings.chooseOne
  if (question.kind === 'choice') {
    const { least, most } = question
    return bounded(
      [strings.chooseOne, strings.chooseFrom, strings.chooseTo, strings.chooseBetween],
      least,
      most,
    )
  }
  if (question.kind !== 'text') return strings.chooseOne
  const { hint, input, least, most, minLength, pattern } = question
  if (hint) return hint
  if (input === 'email') return strings.email
  if (input === 'number')
    return bounded([strings.number, strings.numberFrom, strings.numberTo, strings.numberBetween], least, most)
  return minLength && !pattern ? format(strings, strings.longer, { least: minLength }) : strings.misfit
}
