/** Finds what is wrong with the words of a survey in other languages. */
import { canonicalTag } from '../language.ts'
import type { Question } from '../question.ts'
import type { QuestionWords, Survey, SurveyWords, Wording } from '../survey.ts'
import { wordsMissing } from '../translation.ts'
import type { Loose, Path, Report } from './report.ts'

/** Looks at the facts in a title. */
type CheckTitle = (at: Path, text: string | undefined, index: number) => void

/** Reports tags that are none, and words for what there is not. */
export function checkTranslations(report: Report, survey: Loose<Survey>, checkTitle: CheckTitle): void {
  checkLocale(report, survey.locale)
  checkTags(report, ['translations'], survey.translations, survey.locale)
  for (const [tag, words] of Object.entries(survey.translations ?? {}))
    checkWords(report, ['translations', tag], words ?? {}, survey, checkTitle)
  for (const [place, variant] of (survey.variants ?? []).entries()) {
    const at = ['variants', place, 'translations']
    checkTags(report, at, variant?.translations, survey.locale)
    for (const [tag, wording] of Object.entries(variant?.translations ?? {}))
      for (const [id, words] of Object.entries(wording ?? {})) {
        const index = findQuestion(report, [...at, tag, id], id, survey)
        if (index < 0) continue
        checkFields(report, [...at, tag, id], words, variant?.wording?.[id], `"wording" of the variant`)
        checkTitle([...at, tag, id, 'title'], words?.title, index)
      }
  }
}

function checkLocale(report: Report, locale: string | undefined): void {
  if (locale !== undefined && canonicalTag(locale) === undefined)
    report.warning({
      at: ['locale'],
      found: locale,
      allowed: 'a language tag such as "de" or "pt-BR"',
      problem: `is "${locale}", which is no language tag, so the card's own words are English`,
      nearest: canonicalTag(locale.replaceAll('_', '-')),
    })
}

function checkTags(
  report: Report,
  at: Path,
  translations: Loose<Record<string, unknown>> | undefined,
  locale: string | undefined,
): void {
  const seen = new Map<string, string>()
  const original = locale === undefined ? undefined : canonicalTag(locale)
  for (const tag of Object.keys(translations ?? {})) {
    const canonical = canonicalTag(tag)
    const place = [...at, tag]
    const earlier = canonical === undefined ? undefined : seen.get(canonical)
    // There is nobody who wants "und": it is well formed, and names no language.
    if (canonical === undefined || /^und\b/.test(canonical))
      report.error({
        at: place,
        found: tag,
        allowed: 'a language tag such as "de" or "pt-BR"',
        problem: 'is no language tag',
      })
    else if (earlier !== undefined)
      report.error({
        at: place,
        found: tag,
        allowed: 'each language once',
        problem: `is the same language as "${earlier}"`,
      })
    else if (canonical === original)
      report.warning({
        at: place,
        found: tag,
        allowed: 'other languages than "locale"',
        problem: 'is the language that the survey is written in, and changes nothing',
      })
    if (canonical !== undefined) seen.set(canonical, tag)
  }
}

function checkWords(
  report: Report,
  at: Path,
  { questions, thanks }: Loose<SurveyWords>,
  survey: Loose<Survey>,
  checkTitle: CheckTitle,
): void {
  for (const [id, words] of Object.entries(questions ?? {})) {
    const place = [...at, 'questions', id]
    const index = findQuestion(report, place, id, survey)
    const question = survey.questions?.[index]
    if (!question || !words) continue
    const { options, ...fields } = words
    checkFields(report, place, fields, question, `question "${id}"`)
    checkOptions(report, [...place, 'options'], options, question)
    checkTitle([...place, 'title'], words.title, index)
  }
  if (survey.thanks) checkFields(report, [...at, 'thanks'], thanks, survey.thanks, '"thanks" of the survey')
}

/** Index of the question, or -1 where there is none, which is an error. */
function findQuestion(report: Report, at: Path, id: string, { questions = [] }: Loose<Survey>): number {
  const index = questions.findIndex((each) => each?.id === id)
  const ids = questions.flatMap((each) => each?.id ?? [])
  if (index < 0)
    report.error({
      at,
      found: id,
      allowed: `ids of questions: ${ids.join(', ')}`,
      problem: `is for "${id}", but there is no such question`,
      names: ids,
    })
  return index
}

/** Warns of words for what the original does not have. */
function checkFields(
  report: Report,
  at: Path,
  words: Loose<QuestionWords | Wording> | undefined,
  original: Loose<Question | Wording | Survey['thanks']> | undefined,
  where: string,
): void {
  for (const [field, text] of Object.entries(words ?? {}))
    if (text !== undefined && (original as Record<string, unknown> | undefined)?.[field] === undefined)
      report.warning({
        at: [...at, field],
        found: text,
        allowed: 'words for texts that there are',
        problem: `changes nothing, since ${where} has no "${field}"`,
      })
}

function checkOptions(
  report: Report,
  at: Path,
  labels: Loose<Record<string, string>> | undefined,
  question: Loose<Question>,
): void {
  if (labels === undefined) return
  const ids = question.kind === 'choice' ? (question.options ?? []).flatMap((each) => each?.id ?? []) : []
  for (const id of Object.keys(labels))
    if (!ids.includes(id))
      report.error({
        at: [...at, id],
        found: id,
        allowed: ids.length > 0 ? `ids of choices: ${ids.join(', ')}` : 'this only for a choice',
        problem: `is for "${id}", but there is no such choice`,
        names: ids,
      })
}

/** So many missing words are named. */
const mostMissing = 5

/**
 * Warns of each language in which nobody is shown the survey, because words are missing. It makes nothing unsound, and takes
 * long where many arms have many languages. So it is for those who write a survey, and not for each that anybody sends.
 */
export function checkComplete(report: Report, survey: Loose<Survey>): void {
  // What is not sound has errors of its own.
  if (report.hasErrorIn([])) return
  const { locale, translations, variants = [] } = survey as Survey
  const told = new Set<string | undefined>([canonicalTag(locale)])
  const places = [['translations'], ...variants.map((_, index) => ['variants', index, 'translations'])]
  for (const [index, words] of [translations, ...variants.map((each) => each.translations)].entries())
    for (const tag of Object.keys(words ?? {})) {
      if (told.has(canonicalTag(tag))) continue
      told.add(canonicalTag(tag))
      const missing = wordsMissing(survey as Survey, tag)
      const more = missing.length - mostMissing
      const named = missing.slice(0, mostMissing).join(', ') + (more > 0 ? ` and ${more} more` : '')
      if (named)
        report.warning({
          at: [...places[index]!, tag],
          found: undefined,
          allowed: 'words for every text that is no standard one',
          problem: `has no words for ${named}, so nobody is shown the survey in this language`,
        })
    }
}
