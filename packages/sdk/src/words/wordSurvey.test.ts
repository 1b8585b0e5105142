import {
  builtInText,
  languages,
  standardText,
  standardTexts,
  type Survey,
  templateTexts,
} from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import * as sdk from '../index.ts'
import { english as englishCard } from '../ui/strings.ts'
import { wordSurvey } from './main.ts'
import * as templateFiles from './templates/main.ts'
import type { LanguageFiles, LanguageWords, Templates, TemplateWords } from './words.ts'
import { createWordSurvey } from './wordSurvey.ts'

const numRuns = Number(process.env['EARSHOT_RUNS'] ?? 200)
vi.setConfig({ testTimeout: 60_000 + 100 * numRuns })

const { ces, ces1, csat, enps, nps } = sdk
const standard: Readonly<Record<string, (name: string) => Survey>> = {
  nps: (name) => nps({ id: 's', name }),
  enps: (name) => enps({ id: 's', name }),
  ces: (name) => ces({ id: 's', name }),
  ces1: (name) => ces1({ id: 's', name }),
  ...Object.fromEntries(
    ([2, 3, 5, 7, 10] as const).map((points) => [
      `csat ${points}`,
      (name: string) => csat({ id: 's', name, points }),
    ]),
  ),
}
/** Templates that say nothing but standard texts. */
const templates: typeof standard = {
  relationshipNps: (name) => sdk.relationshipNps({ id: 's', name }),
  recoveryCheck: (name) => sdk.recoveryCheck({ id: 's', name }),
  staffEnps: (name) => sdk.staffEnps({ id: 's', name }),
  cesAfterSupport: (name) => sdk.cesAfterSupport({ id: 's', name }),
  firstContactResolution: (name) => sdk.firstContactResolution({ id: 's', name }),
  pageHelpful: (name) => sdk.pageHelpful({ id: 's', name }),
  csatAfterPurchase: (name) => sdk.csatAfterPurchase({ id: 's', name }),
  'csatAfterPurchase, delivered': (name) => sdk.csatAfterPurchase({ id: 's', name, moment: 'delivered' }),
}
/** Templates with texts of their own. */
const ownTemplates: typeof standard = {
  successEffortEmotion: (name) => sdk.successEffortEmotion({ id: 's', name }),
  trialEnding: (name) => sdk.trialEnding({ id: 's', name }),
  churnReason: (name) => sdk.churnReason({ id: 's', name }),
  productMarketFit: (name) => sdk.productMarketFit({ id: 's', name }),
  checkoutExit: (name) => sdk.checkoutExit({ id: 's', name }),
}
const textsIn = async (tag: string): Promise<Readonly<Record<string, string>>> => ({
  ...(await wordsOf(tag)).standard,
  ...((await import(`../words/templates/${tag}.ts`)) as { texts: TemplateWords }).texts,
})
const wordsOf = async (tag: string): Promise<LanguageWords> =>
  ((await import(`../words/${tag}.ts`)) as { words: LanguageWords }).words

/** All that a respondent reads of a survey, one after the other. */
const textsOf = ({ questions, thanks }: Survey): string[] => {
  const texts: string[] = []
  const keys = ['title', 'text', 'low', 'high', 'label', 'yes', 'no', 'hint', 'other']
  JSON.stringify([questions, thanks], (key, value: unknown) => {
    if (keys.includes(key) && typeof value === 'string') texts.push(value)
    return value
  })
  return texts
}

describe('the standard texts', () => {
  it('are those of the builders and of the templates that ask with them, all of them and no others', () => {
    const made = Object.values({ ...standard, ...templates }).flatMap((make) => textsOf(make('Acme')))
    const unknown = made.filter((text) => !standardText(text))
    expect(unknown).toEqual([])
    expect(new Set(made.map((text) => standardText(text)!.key))).toEqual(new Set(Object.keys(standardTexts)))
  })
  it('are with those of the templates all that any template says, and no others', () => {
    expect(Object.keys({ ...templates, ...ownTemplates }).map((each) => each.split(',')[0])).toEqual(
      expect.arrayContaining(sdk.templates.map(({ name }) => name)),
    )
    const made = Object.values(ownTemplates).flatMap((make) => textsOf(make('Acme')))
    expect(made.filter((text) => !builtInText(text))).toEqual([])
    const own = made.filter((text) => !standardText(text)).map((text) => builtInText(text)!.key)
    expect(new Set(own)).toEqual(new Set(Object.keys(templateTexts)))
  })
})

describe('wordSurvey', () => {
  const signs = (text: string) => fc.constantFrom(...text.split(''))
  /** Any name that is one: what reads on in English is not taken for a name. */
  const name = fc
    .oneof(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.string({ minLength: 1, unit: signs('{}()[]$^.*+?|\\/&`\'"<> name') }),
      fc.string({ minLength: 1, unit: signs('שלוםمرحبا\u200f\u202e ') }),
      fc.constantFrom(' ', '0', '{name}', '{{name}}', '$&', '$1', '\n', '?', 'constructor', 'Acme?', '{'),
    )
    .filter(
      (each) => !/^([a-z]+(['’][a-z]+)? |us$|me$|it$|this$|that$|these$|those$|them$|everything$)/.test(each),
    )

  it.each(Object.entries({ ...standard, ...templates, ...ownTemplates }))(
    'has all of %s in every language, whatever the name',
    async (_, make) => {
      const keys = textsOf(make('Acme')).map((text) => builtInText(text)!.key)
      const property = fc.asyncProperty(name, fc.constantFrom(...languages.slice(1)), async (who, tag) => {
        const survey = make(who)
        const worded = await wordSurvey(survey, [tag])
        const words = await wordsOf(tag)
        const texts = await textsIn(tag)
        const wanted = keys.map((key) => texts[key]!.split('{name}').join(who))
        expect(textsOf(worded.survey)).toEqual(wanted)
        expect(worded).toMatchObject({
          survey: { id: survey.id, version: survey.version, locale: tag },
          words: { tag, card: words.card, kinds: { ...words.kinds, tag } },
          wording: `${tag}@${words.version}`,
        })
      })
      await fc.assert(property, { numRuns })
    },
  )

  const survey = nps({ id: 'nps', name: 'Acme' })
  const asWritten = (of: Survey, locale = 'en') => ({
    survey: of,
    words: { tag: locale, dir: 'ltr', card: englishCard },
    wording: `${locale}@1`,
  })

  it.each([[['en-GB', 'de']], [['da', 'zh-TW']], [[]], [['?', '']]])(
    'leaves an English survey as it is for %j',
    async (wanted) => {
      const worded = await wordSurvey(survey, wanted)
      expect(worded).toEqual(asWritten(survey))
      expect(worded.survey).toBe(survey)
    },
  )
  it.each<[string, string]>([
    ['de-AT', 'de'],
    ['zh-CN', 'zh-Hans'],
    ['pt-PT', 'pt-BR'],
    ['iw', 'he'],
  ])('shows it to somebody with %s in %s', async (wanted, tag) => {
    expect((await wordSurvey(survey, ['da', wanted, 'en'])).words.tag).toBe(tag)
  })
  it('runs from right to left where the language does', async () => {
    const directions = await Promise.all(
      languages.map(async (tag) => [tag, (await wordSurvey(survey, [tag])).words.dir]),
    )
    const rtl = directions.filter(([, dir]) => dir === 'rtl').map(([tag]) => tag)
    expect(rtl).toEqual(['ar', 'he'])
    expect((await wordSurvey({ ...survey, locale: 'fa' }, [])).words.dir).toBe('rtl')
    expect((await wordSurvey({ ...survey, locale: 'ku-Arab' }, [])).words.dir).toBe('rtl')
    expect((await wordSurvey({ ...survey, locale: 'not a tag' }, [])).words.dir).toBe('ltr')
  })
  it('stays wholly as it is written if one text is neither standard nor translated', async () => {
    const own = nps({ id: 'nps', name: 'Acme', question: 'How likely are you to tell a friend about Acme?' })
    expect(await wordSurvey(own, ['de'])).toEqual(asWritten(own))
    const thanks = { ...survey, thanks: { title: 'Thank you', text: 'See you on Monday.' } }
    expect(await wordSurvey(thanks, ['de'])).toEqual(asWritten(thanks))
  })
  it('is shown with the survey’s own translation, and standard texts for what that leaves out', async () => {
    const title = 'Würden Sie Acme weiterempfehlen?'
    const own = nps({
      id: 'nps',
      name: 'Acme',
      question: 'Would you tell a friend about Acme?',
      translations: { de: { questions: { score: { title, low: 'Nein' } } }, fr: {} },
    })
    const worded = await wordSurvey(own, ['de-CH'])
    const german = await wordsOf('de')
    expect(worded.survey.questions[0]).toMatchObject({
      title,
      low: 'Nein',
      high: german.standard.likely,
    })
    expect(worded.survey.thanks.title).toBe(german.standard.thanks)
    expect(worded.words.card).toBe(german.card)
    // In French the question itself is missing.
    expect(await wordSurvey(own, ['fr'])).toEqual(asWritten(own))
    // Before English comes what is wanted more.
    expect((await wordSurvey(own, ['fr', 'de', 'en'])).words.tag).toBe('de')
  })
  it('has its own tag where the translation has one', async () => {
    const own = { ...survey, translations: { 'de-CH': { thanks: { title: 'Merci' } } } }
    expect(await wordSurvey(own, ['de-CH'])).toMatchObject({
      survey: { locale: 'de-CH', thanks: { title: 'Merci' } },
      words: { tag: 'de-CH', kinds: { tag: 'de' } },
      wording: 'de-CH@1',
    })
    expect((await wordSurvey(own, ['de'])).survey.thanks.title).toBe('Vielen Dank')
  })
  it('shows a survey in another language in the card’s words of that language', async () => {
    const french: Survey = { ...survey, locale: 'fr-CA' }
    const worded = await wordSurvey(french, ['en', 'de'])
    expect(worded.survey).toBe(french)
    expect(worded.words).toMatchObject({ tag: 'fr-CA', card: { send: 'Envoyer' } })
  })
  it('is as British as it was written, also for Americans', async () => {
    const british: Survey = { ...survey, locale: 'en-GB' }
    expect((await wordSurvey(british, ['en-US'])).survey).toBe(british)
    expect((await wordSurvey(british, ['de'])).words.tag).toBe('de')
  })
  it('has English words around languages that it does not know', async () => {
    const danish: Survey = { ...survey, locale: 'da' }
    expect(await wordSurvey(danish, ['de'])).toEqual(asWritten(danish, 'da'))
    const words = Object.fromEntries(
      survey.questions.map(({ id }) => [id, { title: 'x', low: 'x', high: 'x' }]),
    )
    const own = {
      ...survey,
      translations: { da: { questions: words, thanks: { title: 'Tak', text: 'Tak' } } },
    }
    expect(await wordSurvey(own, ['da'])).toMatchObject({
      survey: { locale: 'da', thanks: { title: 'Tak' } },
      words: { tag: 'da', card: englishCard },
    })
  })
  it('shows all arms of an experiment in a language, or none', async () => {
    const arms = (translated: boolean): Survey =>
      nps({
        id: 'nps',
        name: 'Acme',
        variants: [
          { id: 'a', weight: 1 },
          {
            id: 'b',
            weight: 1,
            wording: { score: { title: 'Would you?' } },
            ...(translated && { translations: { de: { score: { title: 'Würden Sie?' } } } }),
          },
        ],
      })
    // As the card gets it: in the words of the arm.
    const dressed = (of: Survey): Survey => ({
      ...of,
      questions: of.questions.map((each) => (each.id === 'score' ? { ...each, title: 'Would you?' } : each)),
    })
    for (const each of [arms(false), dressed(arms(false))])
      expect(await wordSurvey(each, ['de'])).toEqual(asWritten(each))
    const german = await wordsOf('de')
    const titles = async (each: Survey) => (await wordSurvey(each, ['de'])).survey.questions[0]?.title
    expect(await titles(arms(true))).toBe(german.standard.nps.replace('{name}', 'Acme'))
    expect(await titles(dressed(arms(true)))).toBe('Würden Sie?')
  })
  it('stays as it is written when the words cannot be fetched', async () => {
    const asked: string[] = []
    const failing = Object.fromEntries(
      languages.map((tag) => [tag, () => (asked.push(tag), Promise.reject(new TypeError('no network')))]),
    ) as unknown as LanguageFiles
    const noTemplates = (): Promise<never> => (
      asked.push('templates'),
      Promise.reject(new TypeError('no network'))
    )
    const word = createWordSurvey(failing, noTemplates)
    expect(await word(survey, ['de'])).toEqual(asWritten(survey))
    const german = { ...survey, locale: 'de' }
    expect(await word(german, ['de'])).toEqual(asWritten(german, 'de'))
    expect(asked).toEqual(['de', 'de'])
    // English is there already.
    expect(await word(survey, ['en'])).toEqual(asWritten(survey))
    expect(asked).toHaveLength(2)
    // What the templates say is asked for where that is lacking, and nothing of it where it does not come.
    const exit = ownTemplates['checkoutExit']!('Acme')
    expect(await word(exit, ['de'])).toEqual(asWritten(exit))
    expect(asked).toEqual(['de', 'de', 'templates'])
  })
  it('asks for the texts of templates only where the survey has such, in the language that it is shown in', async () => {
    const asked: string[] = []
    const note = <File>(files: Readonly<Record<string, () => Promise<File>>>, kind: string) =>
      Object.fromEntries(
        Object.entries(files).map(([tag, file]) => [tag, () => (asked.push(kind + tag), file())]),
      )
    const all = Object.fromEntries(
      languages.slice(1).map((tag) => [tag, async () => ({ words: await wordsOf(tag) })]),
    )
    const word = createWordSurvey(note(all, '') as unknown as LanguageFiles, async () => {
      asked.push('templates')
      return { builtInText, files: note(templateFiles.files, 'templates-') as unknown as Templates['files'] }
    })
    await word(survey, ['de'])
    expect(asked.splice(0)).toEqual(['de'])
    const exit = ownTemplates['checkoutExit']!('Acme')
    await word(exit, ['en'])
    expect(asked).toEqual([])
    expect((await word(exit, ['da', 'ja', 'en'])).words.tag).toBe('ja')
    expect(asked.splice(0)).toEqual(['templates', 'ja', 'templates-ja'])
    // A text of the site alone: it is not one of a template.
    const own = nps({ id: 'nps', name: 'Acme', question: 'Would you tell others?' })
    expect(await word(own, ['de'])).toEqual(asWritten(own))
    expect(asked).toEqual(['templates'])
  })
})
