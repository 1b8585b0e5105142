/** Finds what is wrong with a survey beyond the shape of its fields. */
import { patternFlaw } from '../pattern.ts'
import type { Question } from '../question.ts'
import type { Survey, Variant } from '../survey.ts'
import type { Trigger } from '../trigger.ts'
import { checkFact, type Scope } from './fact.ts'
import { checkFlow } from './flow.ts'
import { checkFollowUps } from './followUp.ts'
import { checkQuestion } from './question.ts'
import { checkUnique, type Loose, type Path, type Report } from './report.ts'
import { checkReviewLinks } from './reviewLink.ts'
import { checkRule } from './rule.ts'
import { checkTranslations } from './translations.ts'

/** How many events of sequences, of all surveys together, a browser remembers. */
const mostTraces = 1000

/** Reports all that is wrong with a survey; with others at hand, also with what it says of them. */
export function checkSurvey(
  report: Report,
  survey: Loose<Survey>,
  others?: ReadonlyMap<string, Loose<Survey>>,
): void {
  const questions = survey.questions ?? []
  const hidden = survey.hidden ?? []
  const before: Scope = { place: 'targeting', questions, asked: 0, hidden }
  checkUnique(report, ['questions'], questions, 'question')
  if (questions.length > 0 && questions.every((each) => each?.kind === 'statement'))
    report.error({
      at: ['questions'],
      found: survey.questions,
      allowed: 'at least one question that can be answered',
      problem: 'holds statements only',
    })
  for (const [index, question] of questions.entries()) {
    if (!question) continue
    checkQuestion(report, ['questions', index], question)
    checkWords(report, ['questions', index, 'title'], question.title, {
      ...before,
      place: 'title',
      asked: index,
    })
  }
  checkFirst(report, questions)
  checkFlow(report, questions, hidden)
  checkTriggers(report, ['triggers'], survey.triggers, before)
  checkRule(report, ['targeting'], survey.targeting, before)
  checkFollowUps(report, survey, others)
  checkReviewLinks(report, survey)
  checkUnique(report, ['variants'], survey.variants ?? [], 'variant')
  for (const [index, variant] of (survey.variants ?? []).entries())
    if (variant) checkVariant(report, ['variants', index], variant, before)
  checkTranslations(report, survey, (at, text, asked) =>
    checkWords(report, at, text, { ...before, place: 'title', asked }),
  )
  checkHidden(report, hidden)
  checkInto(report, survey)
}

/** A place in the page belongs to the layout that has one, and that needs one to appear by itself. */
function checkInto(report: Report, { layout, into, triggers, followUps, variants }: Loose<Survey>): void {
  // A layout that was refused may have been this one.
  const places = [['layout'], ...[...(variants ?? []).keys()].map((index) => ['variants', index, 'layout'])]
  if (places.some((place) => report.hasErrorIn(place))) return
  // Where there are arms, everybody gets one of them.
  const arms = variants?.length ? variants : [{}]
  const inline = arms.filter((arm) => (arm?.layout ?? layout) === 'inline')
  const appears = inline.some(
    (arm) => [...(arm?.triggers ?? triggers ?? []), ...(followUps ?? [])].length > 0,
  )
  if (into !== undefined && inline.length === 0)
    report.error({
      at: ['into'],
      found: into,
      allowed: 'this only with "layout": "inline"',
      problem: `is "${into}", but the survey is not put into the page`,
    })
  if (into === undefined && appears)
    report.error({
      at: ['into'],
      found: into,
      allowed: 'a CSS selector such as "#feedback"',
      problem: 'is missing, so the survey has no place in the page when it appears by itself',
    })
}

/** Whoever has the trait is not asked the question that the others begin with. */
function checkFirst(report: Report, questions: readonly (Loose<Question> | undefined)[]): void {
  const first = questions.findIndex((each) => each?.kind !== 'statement')
  const known = questions[first]?.known
  if (known !== undefined)
    report.warning({
      at: ['questions', first, 'known'],
      found: known,
      allowed: 'this only on later questions',
      problem: `lets everybody with this trait past the first question`,
    })
}

function checkTriggers(
  report: Report,
  at: Path,
  triggers: Loose<Trigger[]> | undefined,
  before: Scope,
): void {
  const scope: Scope = { ...before, place: 'event' }
  for (const [index, trigger] of (triggers ?? []).entries()) {
    if (trigger?.on === 'event') checkRule(report, [...at, index, 'where'], trigger.where, scope)
    if (trigger?.on === 'sequence') {
      const events = (trigger.steps ?? []).reduce((sum, step) => sum + (step?.times ?? 1), 0)
      if (events > mostTraces)
        report.error({
          at: [...at, index, 'steps'],
          found: trigger.steps,
          allowed: `at most ${mostTraces} events in all its steps, "times" included`,
          problem: `needs ${events} events, more than a browser remembers, so it is never complete`,
        })
      for (const [place, step] of (trigger.steps ?? []).entries())
        checkRule(report, [...at, index, 'steps', place, 'where'], step?.where, scope)
    }
    for (const [place, address] of (trigger?.url ?? []).entries())
      if (address?.value !== undefined)
        checkAddress(report, [...at, index, 'url', place, 'value'], address.match, address.value)
  }
}

function checkAddress(report: Report, at: Path, match: string | undefined, value: string): void {
  if (match === undefined) return
  if (match === 'pattern') {
    const flaw = patternFlaw(value)
    if (flaw)
      report.error({
        at,
        found: value,
        allowed: 'a pattern in the syntax of compilePattern',
        problem: `is no pattern, ${flaw}`,
      })
  } else if (!/^[/*]|:\/\//.test(value))
    report.warning({
      at,
      found: value,
      allowed: 'a path that begins with /, or a whole address with ://',
      problem: `is "${value}", but every path begins with /`,
    })
}

function checkVariant(report: Report, at: Path, variant: Loose<Variant>, before: Scope): void {
  const questions = before.questions ?? []
  const ids = questions.flatMap((each) => each?.id ?? [])
  checkTriggers(report, [...at, 'triggers'], variant.triggers, before)
  for (const [id, words] of Object.entries(variant.wording ?? {})) {
    const place = [...at, 'wording', id]
    const index = questions.findIndex((each) => each?.id === id)
    if (index < 0) {
      report.error({
        at: place,
        found: id,
        allowed: `ids of questions: ${ids.join(', ')}`,
        problem: `is for "${id}", but there is no such question`,
        names: ids,
      })
      continue
    }
    checkWords(report, [...place, 'title'], words?.title, { ...before, place: 'title', asked: index })
    const kind = questions[index]?.kind
    for (const key of ['low', 'high'] as const)
      if (words?.[key] !== undefined && kind !== undefined && kind !== 'scale')
        report.warning({
          at: [...place, key],
          found: words[key],
          allowed: 'this only for a scale',
          problem: `changes nothing, since "${id}" is no scale`,
        })
  }
}

/** Reports what is wrong with the facts in a text: `{{trait.first_name|there}}`. */
function checkWords(report: Report, at: Path, text: string | undefined, scope: Scope): void {
  if (text === undefined) return
  const rest = text.replace(/\{\{([^{}|]*)(\|[^{}]*)?\}\}/g, (_all, fact: string, fallback?: string) => {
    const { always } = checkFact(report, at, fact, scope)
    if (!always && fallback === undefined && !report.hasErrorIn(at))
      report.warning({
        at,
        found: `{{${fact}}}`,
        allowed: `{{${fact}|…}} with words for those of whom it is not known`,
        problem: `has {{${fact}}} without words for those of whom it is not known`,
      })
    return ''
  })
  if (rest.includes('{{'))
    report.warning({
      at,
      found: text,
      allowed: '{{fact|words}}',
      problem: 'has {{ without }} to it, which is shown as it stands',
    })
}

function checkHidden(report: Report, hidden: Scope['hidden']): void {
  for (const [index, name] of hidden.entries()) {
    if (name === undefined) continue
    const isTaken = name === '__proto__' || name === 'constructor' || name === 'prototype'
    if (isTaken || hidden.indexOf(name) < index)
      report.error({
        at: ['hidden', index],
        found: name,
        allowed: 'a name that nothing else has',
        problem: `is "${name}", which ${isTaken ? 'is taken' : 'stands there before'}`,
      })
  }
}
