/** Schemas of a survey and of the settings of a site. */
import { z } from 'zod'
import { createReport } from '../check/report.ts'
import { checkSurvey } from '../check/survey.ts'
import { exact } from '../exact.ts'
import type { SiteSettings, Survey, Variant } from '../survey.ts'
import { days, identifier, label, name, paragraph, version } from './atoms.ts'
import { followUpRule } from './followUp.ts'
import { question } from './question.ts'
import { rule } from './rule.ts'
import { trigger } from './trigger.ts'

/** Suggestions per survey: requests bring many, and people look at the first. */
const mostHints = 5

const layout = z.enum([
  'bottom-end',
  'bottom-start',
  'top-end',
  'top-start',
  'inline',
  'modal',
  'tab',
  'page',
])
const triggers = z.array(trigger).max(20)

const variant: z.ZodType<Variant> = exact<Variant>()(
  z.object({
    id: identifier,
    weight: z.number().gt(0).max(1_000_000),
    wording: z
      .record(
        identifier,
        z.object({ title: label.optional(), low: label.optional(), high: label.optional() }),
      )
      .optional(),
    triggers: triggers.optional(),
    layout: layout.optional(),
  }),
)

/** The fields of a survey, each by itself. What holds between them is for `checkSurvey` to say. */
export const surveyShape: z.ZodType<Survey> = exact<Survey>()(
  z.object({
    id: identifier,
    version,
    locale: z.string().min(2).max(35),
    questions: z.array(question).min(1).max(20),
    thanks: z.object({ title: label, text: label.optional() }),
    triggers,
    followUps: z.array(followUpRule).max(20).optional(),
    targeting: rule.optional(),
    sampling: z.number().gt(0).max(1).optional(),
    variants: z.array(variant).max(10).optional(),
    recontact: z.object({
      answered: days,
      dismissed: days,
      shown: days,
      snoozed: days.optional(),
      most: z.int().min(1).max(1000).optional(),
    }),
    tenure: days.optional(),
    transactional: z.boolean().optional(),
    quota: z.int().min(1).max(1_000_000_000).optional(),
    hidden: z.array(identifier).max(50).optional(),
    layout: layout.optional(),
    into: z.string().min(1).max(300).optional(),
    touchpoint: name.optional(),
    stage: name.optional(),
    purpose: paragraph.optional(),
    owner: name.optional(),
  }),
)

/**
 * A survey that is accepted. Parsing drops keys that there are not, so that a newer survey is read by an older
 * collector; `validateSurvey` warns of them.
 */
export const survey: z.ZodType<Survey> = surveyShape.superRefine((value, context) => {
  const report = createReport(mostHints)
  checkSurvey(report, value)
  for (const { at, words, flaw } of report.entries)
    if (flaw.severity === 'error') context.addIssue({ code: 'custom', message: words, path: [...at] })
})

const count = z.int().min(0).max(1000)

export const settings: z.ZodType<SiteSettings> = exact<SiteSettings>()(
  z.object({
    limits: z
      .object({
        quiet: days.optional(),
        perPage: count.optional(),
        perSession: count.optional(),
        perDay: count.optional(),
        holdout: z.number().min(0).lt(1).optional(),
      })
      .optional(),
    privacy: z
      .object({
        scrub: z
          .array(z.enum(['email', 'card', 'iban', 'phone']))
          .max(4)
          .optional(),
        query: z.array(name).max(50).optional(),
        fragment: z.boolean().optional(),
      })
      .optional(),
  }),
)
