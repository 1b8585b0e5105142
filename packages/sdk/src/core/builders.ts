/** The standard surveys, one for each metric, with published wording and a question for the reason per band. */
import type { Survey } from '@earshot/contract'
import { makeSurvey, often, seldom, type SurveyFields } from './makeSurvey.ts'
import {
  ces1Questions,
  cesQuestions,
  csatQuestions,
  type CsatWords,
  enpsQuestions,
  npsQuestions,
  type StandardWords,
} from './standardQuestions.ts'

export type { CsatWords, StandardWords, SurveyFields }

/** What a builder needs, and what may be said otherwise: any field of the survey, and the words of its questions. */
export interface SurveyOptions extends SurveyFields, StandardWords {}

/** The same for a satisfaction survey, with the number of answers and how they are drawn. */
export interface CsatOptions extends SurveyFields, CsatWords {}

/**
 * Net Promoter Score: likelihood to recommend, 0–10. Detractors 0–6, passives 7–8, promoters 9–10 (Reichheld, "The One
 * Number You Need to Grow", Harvard Business Review, December 2003).
 * May be asked again after 90 days, 30 after dismissal, 7 after being shown without action.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * nps({ id: 'nps-q4', name: 'Acme', triggers: [{ on: 'event', name: 'checkout_done' }] })
 */
export function nps(options: SurveyOptions): Survey {
  return makeSurvey(options, { questions: npsQuestions(options.name, options), recontact: seldom })
}

/**
 * Employee NPS: likelihood to recommend as a place to work, 0–10, asked of staff. The same bands as NPS, and a metric
 * of its own: what staff say never enters what customers say. `staffEnps` is this survey with targeting and trigger.
 * May be asked again after 90 days, 30 after dismissal, 7 after being shown without action.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * enps({ id: 'enps', name: 'Acme', targeting: { fact: 'trait.staff', op: 'equals', value: true } })
 */
export function enps(options: SurveyOptions): Survey {
  return makeSurvey(options, { questions: enpsQuestions(options.name, options), recontact: seldom })
}

/**
 * Customer Effort Score 2.0: agreement with "made it easy", 1–7, high is good. Hard 1–3, easy 5–7 (CEB, now Gartner,
 * 2013). May be asked again after 30 days.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * ces({ id: 'ces-support', name: 'Acme', triggers: [{ on: 'event', name: 'ticket_solved' }] })
 */
export function ces(options: SurveyOptions): Survey {
  return makeSurvey(options, { questions: cesQuestions(options.name, options), recontact: often })
}

/**
 * Customer Effort Score 1.0: effort put forth, 1–5, **low is good**. Easy 1–2, hard 4–5 (Dixon, Freeman and Toman,
 * "Stop Trying to Delight Your Customers", Harvard Business Review, July 2010). For those who already have a series:
 * people take the direction the wrong way round, and "effort" is hard to translate, so a new series is better begun
 * with `ces`. The two are different metrics. The published question does not name the company: `name` stands in no
 * default text. May be asked again after 30 days.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * ces1({ id: 'effort', name: 'Acme', triggers: [{ on: 'event', name: 'request_handled' }] })
 */
export function ces1(options: SurveyOptions): Survey {
  return makeSurvey(options, { questions: ces1Questions(options), recontact: often })
}

/**
 * Customer Satisfaction on 2, 3, 5, 7 or 10 answers, from 1 up. May be asked again after 30 days.
 *
 * | `points` | satisfied | dissatisfied | after |
 * | --- | --- | --- | --- |
 * | 2, thumbs | 2 | 1 | Zendesk: good ÷ (good + bad) |
 * | 3, faces | 3 | 1 | Zencity |
 * | 5, default | 4–5 | 1–2 | Intercom, Front, AskNicely |
 * | 7 | 6–7 | 1–2 | the two upper and the two lower answers; Zencity counts 5–7 as satisfied |
 * | 10 | 9–10 | 1–6 | QuestionPro, Wootric |
 *
 * The sets are stored in the survey, so a report never has to guess. Who counts otherwise changes `positive` and
 * `negative` of the question.
 *
 * @throws TypeError when `id` or `name` is missing, or `points` and `look` do not go together
 * @example
 * csat({ id: 'csat-order', name: 'Acme', question: 'How satisfied are you with your order?' })
 * csat({ id: 'csat-chat', name: 'Acme', points: 2 })
 */
export function csat(options: CsatOptions): Survey {
  return makeSurvey(options, { questions: csatQuestions(options.name, options), recontact: often })
}
