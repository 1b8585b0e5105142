/** Templates about the whole relation: with customers, with those who were disappointed, and with staff. */
import type { Survey } from '@earshot/contract'
import { seldom } from './makeSurvey.ts'
import { csatQuestions, enpsQuestions, npsQuestions } from './standardQuestions.ts'
import {
  type About,
  contactQuestions,
  fillTemplate,
  notStaff,
  openQuestion,
  type TemplateOptions,
} from './template.ts'

export const relationshipNpsAbout: About = {
  title: 'Relationship NPS',
  purpose: 'See how the relation with customers develops, and win back those who are disappointed.',
  owner: 'customer success',
  stage: 'advocacy',
  touchpoint: 'relationship',
}

/** What `relationshipNps` takes. */
export interface RelationshipNpsOptions extends TemplateOptions {
  /** Whether detractors are asked if you may get in touch; default true. */
  contact?: boolean | undefined
}

/**
 * Relationship NPS: how the relation as a whole is doing, over time.
 *
 * - Purpose: see how the relation develops, and win back those who are disappointed. Owner: customer success.
 * - Stage `advocacy`, touchpoint `relationship`.
 * - Asks: the published NPS question (Reichheld, Harvard Business Review, December 2003), the reason, and of detractors
 *   whether you may get in touch; who says yes and is not known by address is asked for it. `recoveryCheck` asks them
 *   again later.
 * - When: after 30 seconds on a page, from the 30th day after the first visit on. Not of those whose trait `staff` is true.
 * - Again: 90 days after an answer, 30 after it was closed, 7 after it was merely shown.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * relationshipNps({ id: 'relationship-nps', name: 'Acme' })
 */
export function relationshipNps(options: RelationshipNpsOptions): Survey {
  const contact =
    options.contact === false ? [] : contactQuestions({ question: 'score', bands: ['detractor'] })
  return fillTemplate(relationshipNpsAbout, options, {
    questions: [...npsQuestions(options.name), ...contact],
    triggers: [{ on: 'time', seconds: 30 }],
    targeting: notStaff(),
    tenure: 30,
    recontact: seldom,
  })
}

export const recoveryCheckAbout: About = {
  title: 'Recovery check',
  purpose: 'Learn whether those who were disappointed are better off since they told us.',
  owner: 'customer success',
  stage: 'retention',
  touchpoint: 'relationship',
}

/** What `recoveryCheck` takes. */
export interface RecoveryCheckOptions extends TemplateOptions {
  /** Id of the NPS survey whose detractors are asked; default `relationship-nps`. */
  after?: string | undefined
}

/**
 * Recovery check: asks detractors again, once somebody has had time to act.
 *
 * - Purpose: learn whether those who were disappointed are better off since. Owner: customer success.
 * - Stage `retention`, touchpoint `relationship`.
 * - Asks: satisfaction now, 1–5, and the reason. The wording is our own.
 * - When: 14 days after a detractor's answer to the survey `after`, for 14 days. An answer that is changed to a better
 *   score calls it off.
 * - Again: 90 days after an answer, 30 after it was closed, 7 after it was merely shown.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * recoveryCheck({ id: 'recovery', name: 'Acme', after: 'relationship-nps' })
 */
export function recoveryCheck(options: RecoveryCheckOptions): Survey {
  const { name, after: survey = 'relationship-nps' } = options
  const question = `Some time ago you told us what you think of ${name}. How satisfied are you with ${name} now?`
  return fillTemplate(recoveryCheckAbout, options, {
    questions: csatQuestions(name, { question }),
    followUps: [
      {
        id: 'recovery',
        after: { on: 'answer', survey, when: { question: 'score', bands: ['detractor'] } },
        delay: 14,
        expires: 14,
      },
    ],
    recontact: seldom,
  })
}

export const staffEnpsAbout: About = {
  title: 'Staff eNPS',
  purpose: 'See whether those who work here would recommend it, and what to change first.',
  owner: 'human resources',
  stage: 'staff',
  touchpoint: 'workplace',
}

/**
 * Staff eNPS: whether those who work here would recommend it.
 *
 * - Purpose: see whether staff would recommend their workplace, and what to change first. Owner: human resources.
 * - Stage `staff`, touchpoint `workplace`: kept apart from the customer's journey, and a metric of its own.
 * - Asks: likelihood to recommend as a place to work, 0–10, as Reichheld and Bain ask staff; the reason; what to change.
 * - When: after 30 seconds on a page, of those whose trait `staff` is true, for example in the intranet.
 * - Again: 90 days after an answer, 30 after it was closed, 7 after it was merely shown.
 *
 * Answers carry the person that you identify. Tell staff who reads them, or leave `identify` out there.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * staffEnps({ id: 'staff-enps', name: 'Acme' })
 */
export function staffEnps(options: TemplateOptions): Survey {
  return fillTemplate(staffEnpsAbout, options, {
    questions: [
      ...enpsQuestions(options.name),
      openQuestion('change', 'If you could change one thing about working here, what would it be?'),
    ],
    triggers: [{ on: 'time', seconds: 30 }],
    targeting: { fact: 'trait.staff', op: 'equals', value: true },
    recontact: seldom,
  })
}
