/** What all templates have in common: what they take, how their words are replaced, and the pieces that several ask with. */
import type { Question, Rule, Survey, TextQuestion, Wording, YesNoQuestion } from '@earshot/contract'
import { makeSurvey, type SurveyDefaults, type SurveyFields } from './makeSurvey.ts'

/** Other words for one question of a template. Only words that the question has can be replaced. */
export interface TemplateWording extends Wording {
  /** Of a question with two answers. */
  yes?: string | undefined
  no?: string | undefined
  /** What to tell who wrote something that does not fit. */
  hint?: string | undefined
  /** Label of the last choice, with a text field. */
  other?: string | undefined
  /** Labels of choices, by id. */
  options?: Record<string, string> | undefined
}

/** What every template needs, and what may be said otherwise: any field of the survey, and any words. */
export interface TemplateOptions extends SurveyFields {
  /** Other words, by question id; for another language, give `locale` and `thanks` too. */
  wording?: Record<string, TemplateWording> | undefined
}

/** The same for a template that waits for an event. */
export interface EventTemplateOptions extends TemplateOptions {
  /** Name that the site gives to `earshot.track(name)`, where it is not the default. */
  event?: string | undefined
}

/** What a template is for, as colleagues read it. */
export interface About {
  title: string
  purpose: string
  owner: string
  stage: string
  touchpoint: string
}

/** Everybody who is not known to be staff: what colleagues try out is no customer's answer. */
export function notStaff(): Rule {
  return {
    any: [
      { fact: 'trait.staff', op: 'known', value: false },
      { fact: 'trait.staff', op: 'equals', value: false },
    ],
  }
}

/**
 * A survey by a template.
 *
 * @throws TypeError when `id` or `name` is missing, or `wording` names what is not there
 */
export function fillTemplate(
  { purpose, owner, stage, touchpoint }: About,
  options: TemplateOptions,
  defaults: SurveyDefaults,
): Survey {
  const survey = makeSurvey(options, { purpose, owner, stage, touchpoint, ...defaults })
  const questions = [...survey.questions]
  for (const [id, words] of Object.entries(options.wording ?? {})) {
    const index = questions.findIndex((each) => each.id === id)
    const question = questions[index]
    if (!question) throw wrong(`no question "${id}"`, questions)
    questions[index] = reworded(question, words)
  }
  return { ...survey, questions }
}

function reworded(question: Question, { options = {}, ...words }: TemplateWording): Question {
  const given = Object.entries(words).filter(([, text]) => text !== undefined)
  for (const [field] of given) {
    if (!Object.hasOwn(question, field)) throw wrong(`no "${field}" in question "${question.id}"`)
  }
  const choices = question.kind === 'choice' ? question.options : []
  for (const id of Object.keys(options)) {
    if (!choices.some((each) => each.id === id))
      throw wrong(`no choice "${id}" in question "${question.id}"`, choices)
  }
  const labelled = choices.map((each) => ({ ...each, label: options[each.id] ?? each.label }))
  return {
    ...question,
    ...Object.fromEntries(given),
    ...(question.kind === 'choice' && { options: labelled }),
  }
}

function wrong(what: string, list: readonly { id: string }[] = []): TypeError {
  const names = list.map((each) => each.id).join(', ')
  return new TypeError(`Earshot: "wording" finds ${what}${names && `; there are ${names}`}`)
}

/** A choice among these was made. */
export function chose(question: string, ...ids: readonly string[]): Rule {
  const tests = ids.map((id): Rule => ({ fact: `answer.${question}`, op: 'contains', value: id }))
  return tests.length === 1 ? (tests[0] as Rule) : { any: tests }
}

/** Yes or no was said. */
export function said(question: string, value: boolean): Rule {
  return { fact: `answer.${question}`, op: 'equals', value }
}

/** May we get in touch, and where. Who is known by address is not asked for it. */
export function contactQuestions(when?: Rule): [YesNoQuestion, TextQuestion] {
  return [
    {
      kind: 'yesno',
      id: 'contact',
      title: 'May we contact you about your answer?',
      yes: 'Yes',
      no: 'No',
      purpose: 'contact',
      ...(when && { when }),
    },
    {
      kind: 'text',
      id: 'email',
      title: 'Which email address should we use?',
      input: 'email',
      maxLength: 254,
      hint: 'An address such as ada@example.com',
      when: said('contact', true),
      known: 'email',
    },
  ]
}

/** A text that may be left empty. */
export function openQuestion(id: string, title: string, when?: Rule): TextQuestion {
  return { kind: 'text', id, title, maxLength: 2000, ...(when && { when }) }
}
