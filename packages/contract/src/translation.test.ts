import { describe, expect, it } from 'vitest'
import { richSurvey } from './survey.fixtures.ts'
import type { Survey } from './survey.ts'
import { inLanguage, wordsMissing } from './translation.ts'

const noStandard = (): undefined => undefined

/** All texts of a survey, one after the other. */
const textsOf = ({ questions, thanks }: Survey): string[] => {
  const texts: string[] = []
  const keys = ['title', 'text', 'low', 'high', 'label', 'yes', 'no', 'hint', 'other']
  JSON.stringify([questions, thanks], (key, value: unknown) => {
    if (keys.includes(key) && typeof value === 'string') texts.push(value)
    return value
  })
  return texts
}

describe('inLanguage', () => {
  it('puts every text in the place of the original, and changes nothing else', () => {
    const survey = richSurvey()
    const german = inLanguage(survey, 'de', noStandard)
    expect(german.locale).toBe('de')
    expect(german.translations).toBeUndefined()
    const before = textsOf(survey)
    const after = textsOf(german)
    expect(after).toHaveLength(before.length)
    for (const text of before) expect(after).not.toContain(text)
    const bare = (each: Survey): unknown =>
      JSON.parse(
        JSON.stringify({ ...each, translations: 0, variants: 0, locale: 0 }),
        (key, value: unknown) => (textsOf(each).includes(value as string) ? key : value),
      )
    expect(bare(german)).toEqual(bare(survey))
    expect(german.variants).toEqual(survey.variants)
  })
  it('takes the standard text where the survey says nothing, and its own words where it does', () => {
    const survey = richSurvey()
    const standard = (text: string): string => `<${text}>`
    expect(inLanguage(survey, 'fr', standard).thanks).toEqual({ title: '<Thank you>', text: '<Bye.>' })
    survey.translations = { fr: { thanks: { title: 'Merci' } } }
    expect(inLanguage(survey, 'fr', standard).thanks).toEqual({ title: 'Merci', text: '<Bye.>' })
  })
  it('leaves numbers and signs as they are', () => {
    const survey = richSurvey()
    survey.thanks = { title: '👍 10/10', text: 'Bye.' }
    delete survey.translations!['de']!.thanks!.title
    expect(wordsMissing(survey, 'de')).toEqual([])
    expect(inLanguage(survey, 'de', noStandard).thanks.title).toBe('👍 10/10')
  })
  it('says in another language what the arm says', () => {
    const survey = richSurvey()
    const arm = survey.variants![1]!
    // As a card gets it: with the words of one arm in the place of the survey's.
    const dressed: Survey = {
      ...survey,
      questions: survey.questions.map((each) =>
        each.id === 'why' ? { ...each, title: arm.wording!['why']!.title! } : each,
      ),
    }
    const titleOf = (each: Survey): string => each.questions.find(({ id }) => id === 'why')!.title
    expect(titleOf(inLanguage(dressed, 'de', noStandard))).toBe('Wieso?')
    expect(titleOf(inLanguage(survey, 'de', noStandard))).toBe('Warum?')
    delete arm.translations!['de']!['why']
    // Both arms, or none of them: an arm must not hang on the language.
    for (const each of [survey, dressed]) expect(wordsMissing(each, 'de')).toContain('variants.b.why.title')
  })
  it('is not misled by ids that every object has', () => {
    const survey = richSurvey()
    survey.questions = [{ kind: 'text', id: 'constructor', title: 'Thank you', maxLength: 5 }]
    expect(inLanguage(survey, 'toString', (text) => `<${text}>`).questions[0]?.title).toBe('<Thank you>')
  })
})

describe('wordsMissing', () => {
  it('names the places without words', () => {
    const survey = richSurvey()
    expect(wordsMissing(survey, 'de')).toEqual([])
    delete survey.translations!['de']!.questions!['why']!.options!['price']
    delete survey.translations!['de']!.thanks
    expect(wordsMissing(survey, 'de')).toEqual(['questions.why.options.price', 'thanks.text'])
  })
  it('counts standard texts in the languages that there are, and only if the survey is in English', () => {
    const survey: Survey = { ...richSurvey(), questions: [], variants: [], thanks: { title: 'Thank you' } }
    for (const tag of ['fr', 'pt-PT', 'zh-CN']) expect(wordsMissing(survey, tag)).toEqual([])
    for (const tag of ['da', 'zh-TW', '?']) expect(wordsMissing(survey, tag)).toEqual(['thanks.title'])
    expect(wordsMissing({ ...survey, locale: 'en-GB' }, 'fr')).toEqual([])
    expect(wordsMissing({ ...survey, locale: 'es' }, 'fr')).toEqual(['thanks.title'])
  })
})
