/** Templates for support and self-help: effort, first-contact resolution, and whether a page helped. */
import type { AddressMatch, FollowUpRule, Survey } from '@earshot/contract'
import { often } from './makeSurvey.ts'
import { cesQuestions, csatQuestions } from './standardQuestions.ts'
import {
  type About,
  type EventTemplateOptions,
  fillTemplate,
  openQuestion,
  said,
  type TemplateOptions,
} from './template.ts'

/** A day after a case was answered; no more once it was reopened, or after another week. */
function afterEnquiry(name = 'enquiry_answered'): FollowUpRule[] {
  return [
    {
      id: 'answered',
      after: { on: 'event', name, key: 'enquiry' },
      delay: 1,
      expires: 7,
      cancel: [{ name: 'ticket_reopened', key: 'enquiry' }],
    },
  ]
}

export const cesAfterSupportAbout: About = {
  title: 'Effort after support',
  purpose: 'Find out what makes it hard to get help, and remove it.',
  owner: 'support',
  stage: 'retention',
  touchpoint: 'support',
}

/**
 * Effort after support: how easy it was to get an enquiry handled.
 *
 * - Purpose: find out what makes it hard to get help, and remove it. Owner: support.
 * - Stage `retention`, touchpoint `support`.
 * - Asks: the published question of Customer Effort Score 2.0 (CEB, now Gartner, 2013), and the reason.
 * - When: 24 hours after the event `enquiry_answered`, for 7 days, once for each value of its property `enquiry`. The
 *   event `ticket_reopened` with the same `enquiry` calls it off. Help desks ask so: a day after the case was solved,
 *   when it has shown whether the answer holds.
 * - Again: 30 days after an answer or after it was closed, 7 after it was merely shown. It is transactional: the quiet
 *   period over all surveys does not hold it back.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * cesAfterSupport({ id: 'ces-support', name: 'Acme' })
 * earshot.track('enquiry_answered', { enquiry: 'T-1042' })
 */
export function cesAfterSupport(options: EventTemplateOptions): Survey {
  return fillTemplate(cesAfterSupportAbout, options, {
    questions: cesQuestions(options.name),
    followUps: afterEnquiry(options.event),
    transactional: true,
    recontact: often,
  })
}

export const firstContactResolutionAbout: About = {
  title: 'First-contact resolution',
  purpose: 'Know how many enquiries are solved the first time, and what is left open in the others.',
  owner: 'support',
  stage: 'retention',
  touchpoint: 'support',
}

/**
 * First-contact resolution: whether one contact was enough.
 *
 * - Purpose: know how many enquiries are solved the first time, and what is left open. Owner: support.
 * - Stage `retention`, touchpoint `support`.
 * - Asks: solved the first time, yes or no; after yes, Customer Effort Score 2.0; after no, what is open. There is no
 *   published standard wording; the effort question is CEB's of 2013.
 * - When: as `cesAfterSupport`, on the same events. Use one of the two: this one where enquiries often need a second try.
 * - Again: 30 days after an answer or after it was closed, 7 after it was merely shown. It is transactional.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * firstContactResolution({ id: 'fcr', name: 'Acme' })
 */
export function firstContactResolution(options: EventTemplateOptions): Survey {
  const effort = cesQuestions(options.name, { reasons: { hard: null, neutral: null, easy: null } })
  return fillTemplate(firstContactResolutionAbout, options, {
    questions: [
      {
        kind: 'yesno',
        id: 'resolved',
        title: 'Was your enquiry solved the first time you got in touch?',
        yes: 'Yes',
        no: 'No',
        purpose: 'resolution',
        required: true,
      },
      ...effort.map((each) => ({ ...each, when: said('resolved', true) })),
      openQuestion(
        'open',
        'What is still open, or why did you have to get in touch again?',
        said('resolved', false),
      ),
    ],
    followUps: afterEnquiry(options.event),
    transactional: true,
    recontact: often,
  })
}

export const pageHelpfulAbout: About = {
  title: 'Was this page helpful?',
  purpose: 'Find help pages that do not help, and correct them.',
  owner: 'content',
  stage: 'retention',
  touchpoint: 'help',
}

/** What `pageHelpful` takes. */
export interface PageHelpfulOptions extends TemplateOptions {
  /** On which pages; default those whose path begins with `/help`. */
  url?: AddressMatch[] | undefined
}

/**
 * Was this page helpful: thumbs under a help page.
 *
 * - Purpose: find help pages that do not help, and correct them. Owner: content.
 * - Stage `retention`, touchpoint `help`.
 * - Asks: helpful or not; after no, what is missing or wrong. The usual wording of help centres. It is a satisfaction
 *   scale of two answers, so the report gives the share with its interval, also by page.
 * - When: three quarters of a page under `/help` were scrolled through.
 * - Again: 30 days after an answer or after it was closed, 7 after it was merely shown, also on another page.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * pageHelpful({ id: 'help-page', name: 'Acme', url: [{ match: 'prefix', value: '/docs' }] })
 */
export function pageHelpful(options: PageHelpfulOptions): Survey {
  const { name, url = [{ match: 'prefix', value: '/help' }] } = options
  return fillTemplate(pageHelpfulAbout, options, {
    questions: csatQuestions(name, {
      points: 2,
      question: 'Was this page helpful?',
      labels: { low: 'No', high: 'Yes' },
      reasons: { dissatisfied: 'What is missing or wrong on this page?', satisfied: null },
    }),
    triggers: [{ on: 'scroll', percent: 75, url }],
    recontact: often,
  })
}
