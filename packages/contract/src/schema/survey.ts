/** Schemas of a survey and of the settings of a site. */
import { z } from 'zod'
import { createReport } from '../check/report.ts'
import { checkSurvey } from '../check/survey.ts'
import { exact } from '../exact.ts'
import type { SiteSettings, Survey, SurveyWords, Variant, Wording } from '../survey.ts'
import { days, identifier, label, languageTag, name, paragraph, selector, version } from './atoms.ts'
import { followUpRule } from './followUp.ts'
import { question } from './question.ts'
import { rule } from './rule.ts'
import { theme } from './theme.ts'
import { trigger } from './trigger.ts'

/** Suggestions per survey: requests bring many, and people look at the first. */
const mostHints = 5

/** How many showings, of all surveys together, a browser remembers. */
const mostShowings = 50

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

/** Most languages of one survey. */
const mostLanguages = 50

const inLanguages = <Words>(words: z.ZodType<Words>): z.ZodType<Record<string, Words>> =>
  z
    .record(languageTag, words)
    .refine(
      (value) => Object.keys(value).length <= mostLanguages,
      `must be an object of at most ${mostLanguages} languages`,
    )

const wordingFields = { title: label.optional(), low: label.optional(), high: label.optional() }
const wording: z.ZodType<Record<string, Wording>> = exact<Record<string, Wording>>()(
  z.record(identifier, z.object(wordingFields)),
)

const surveyWords: z.ZodType<SurveyWords> = exact<SurveyWords>()(
  z.object({
    questions: z
      .record(
        identifier,
        z.object({
          ...wordingFields,
          text: paragraph.optional(),
          label: label.optional(),
          yes: label.optional(),
          no: label.optional(),
          hint: label.optional(),
          other: label.optional(),
          options: z.record(identifier, label).optional(),
        }),
      )
      .optional(),
    thanks: z.object({ title: label.optional(), text: label.optional() }).optional(),
  }),
)

const variant: z.ZodType<Variant> = exact<Variant>()(
  z.object({
    id: identifier,
    weight: z.number().gt(0).max(1_000_000),
    wording: wording.optional(),
    translations: inLanguages(wording).optional(),
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
    translations: inLanguages(surveyWords).optional(),
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
      most: z
        .int()
        .min(1)
        .max(
          mostShowings,
          `must be at most ${mostShowings}: a browser remembers its latest ${mostShowings} showings, so a higher bound is never reached`,
        )
        .optional(),
    }),
    tenure: days.optional(),
    transactional: z.boolean().optional(),
    quota: z.int().min(1).max(1_000_000_000).optional(),
    hidden: z.array(identifier).max(50).optional(),
    layout: layout.optional(),
    into: selector.optional(),
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

// Who wants nobody to be asked serves no survey: 0 would be taken for a bound that is never met.
const count = z.int().min(1).max(1000)
/** As many showings as the SDK remembers. */
const remembered = z.int().min(1).max(50)

export const settings: z.ZodType<SiteSettings> = exact<SiteSettings>()(
  z.object({
    limits: z
      .object({
        quiet: days.optional(),
        perPage: count.optional(),
        perSession: remembered.optional(),
        perDay: remembered.optional(),
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
    theme: theme.optional(),
  }),
)
