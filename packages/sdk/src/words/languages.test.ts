import { readFileSync } from 'node:fs'
import { languages, standardTexts, templateTexts } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import { english as englishKinds } from '../ui/kinds/english.fixtures.ts'
import { format } from '../ui/kinds/strings.ts'
import { english as englishCard } from '../ui/strings.ts'
import type { LanguageWords, TemplateWords } from './words.ts'

const all = await Promise.all(
  languages
    .filter((tag) => tag !== 'en')
    .map(async (tag) => ({
      ...((await import(`../words/${tag}.ts`)) as { words: LanguageWords }).words,
      templates: ((await import(`../words/templates/${tag}.ts`)) as { texts: TemplateWords }).texts,
    })),
)

/** Scripts that tell at once whether a text was forgotten. */
const scripts: Readonly<Record<string, RegExp>> = {
  ru: /\p{Script=Cyrillic}/u,
  ar: /\p{Script=Arabic}/u,
  he: /\p{Script=Hebrew}/u,
  'zh-Hans': /\p{Script=Han}/u,
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
  ko: /\p{Script=Hangul}/u,
  hi: /\p{Script=Devanagari}/u,
}
/** Texts that are the same in English and in some other language. */
const shared = new Set(['Feedback', 'No'])

/** All texts of a part, by key; each form of a counted one by itself. */
const textsOf = (part: object): [string, string][] =>
  Object.entries(part).flatMap(([key, text]: [string, string | object]): [string, string][] =>
    typeof text === 'string' ? [[key, text]] : textsOf(text).map(([form, each]) => [`${key}.${form}`, each]),
  )
const placesIn = (text: string): string[] => (text.match(/\{.*?\}/g) ?? []).toSorted()
const english = { card: englishCard, kinds: englishKinds, standard: standardTexts, templates: templateTexts }
const englishTexts = new Map(
  Object.entries(english).flatMap(([part, texts]) =>
    textsOf(texts).map(([key, text]) => [`${part}.${key}`, text]),
  ),
)

describe.each(all.map((words) => [words.tag, words] as const))('%s', (tag, words) => {
  const { card, kinds, standard, templates } = words
  const texts = Object.entries({ card, kinds, standard, templates }).flatMap(([part, each]) =>
    textsOf(each).map(([key, text]) => [`${part}.${key}`, text] as const),
  )

  it('says all that English says', () => {
    const { tag: _tag, ...rest } = englishKinds
    expect(Object.keys(card).toSorted()).toEqual(Object.keys(englishCard).toSorted())
    expect(Object.keys(kinds).toSorted()).toEqual(Object.keys(rest).toSorted())
    expect(Object.keys(standard).toSorted()).toEqual(Object.keys(standardTexts).toSorted())
    expect(Object.keys(templates).toSorted()).toEqual(Object.keys(templateTexts).toSorted())
  })
  it('says it in its own words, in its own script, without a space too many', () => {
    for (const [key, text] of texts) {
      expect(text, key).toMatch(/^\S(.*\S)?$/)
      expect(text, key).not.toMatch(/ {2}|\.\.$/)
      if (!shared.has(text)) expect(text, key).not.toBe(englishTexts.get(key))
      if (!key.endsWith('step')) expect(text, key).toMatch(scripts[tag] ?? /\p{Script=Latin}/u)
    }
  })
  it('has a place for all that is put in, and no other', () => {
    for (const [key, text] of texts) {
      const original = englishTexts.get(key) ?? englishTexts.get(key.replace(/\w+$/, 'other'))!
      const places = placesIn(text)
      // "One character left" may say one without the digit.
      if (/\.(zero|one|two)$/.test(key) && places.length === 0) continue
      expect(places, key).toEqual(placesIn(original))
    }
  })
  it('has the form for every number, or one form for all', () => {
    const classOf = new Intl.PluralRules(tag)
    // A list in Turkish, Chinese, Japanese and Korean does not change its noun, and some nouns never do.
    const needed = [...new Set(Array.from({ length: 201 }, (_, index) => classOf.select(index)))].toSorted()
    for (const key of ['left', 'longer', 'chooseFrom', 'chooseTo', 'chooseBetween'] as const) {
      const forms = Object.keys(kinds[key]).filter((form) => form !== 'other')
      if (forms.length > 0) expect([...forms, 'other'], key).toEqual(expect.arrayContaining(needed))
      for (const form of Object.keys(kinds[key]))
        expect(classOf.resolvedOptions().pluralCategories, key).toContain(form)
    }
  })
  it('has room on a card for its buttons', () => {
    const buttons = [card.next, card.send, card.later, card.never, card.feedback]
    for (const text of [...buttons, kinds.next, kinds.send, kinds.done, kinds.back, kinds.skip])
      expect(text.length, text).toBeLessThanOrEqual(20)
    expect([kinds.next, kinds.send]).toEqual([card.next, card.send])
  })
  it('tells its scales apart', () => {
    const both = { ...standard, ...templates }
    const scale = (...keys: (keyof typeof both)[]): void => {
      expect(new Set(keys.map((key) => both[key])).size).toBe(keys.length)
    }
    scale('unlikely', 'likely')
    scale('disagree', 'agree')
    scale('lowEffort', 'highEffort')
    scale('veryDissatisfied', 'dissatisfied', 'satisfied', 'verySatisfied')
    scale('yes', 'no')
    scale('nps', 'enps')
    scale('csat', 'ordering', 'order')
    scale('veryBad', 'veryGood')
    scale('yes', 'partly', 'no')
    scale('subscribe', 'undecided', 'stop')
    scale('veryDisappointed', 'somewhatDisappointed', 'notDisappointed', 'gone')
    scale('price', 'lacking', 'unreliable', 'difficult', 'help', 'switched', 'unneeded', 'other')
    scale('price', 'delivery', 'payment', 'account', 'fault', 'deciding', 'other')
  })
  it('is in the document, with its version and whether somebody has reviewed it', () => {
    const table = readFileSync(new URL('../../../../docs/languages.md', import.meta.url), 'utf8')
    const row = table.split('\n').find((line) => line.startsWith(`| \`${tag}\` `)) ?? ''
    expect(
      row
        .split('|')
        .map((cell) => cell.trim())
        .slice(3, 5),
    ).toEqual([String(words.version), words.reviewed ? 'yes' : 'no'])
  })
})

describe('counted messages', () => {
  const inTag = (tag: string) => ({ ...all.find((each) => each.tag === tag)!.kinds, tag })

  it.each<[string, Parameters<typeof format>[1] | undefined, number, string]>([
    ['en', englishKinds.left, 1, '1 character left'],
    ['en', englishKinds.left, 0, '0 characters left'],
    ['en', englishKinds.left, 1200, '1,200 characters left'],
    ['de', undefined, 1200, 'Noch 1.200 Zeichen'],
    ['fr', undefined, 0, '0 caractère restant'],
    ['fr', undefined, 2, '2 caractères restants'],
    ['pl', undefined, 1, 'Pozostał 1 znak'],
    ['pl', undefined, 3, 'Pozostały 3 znaki'],
    ['pl', undefined, 12, 'Pozostało 12 znaków'],
    ['pl', undefined, 22, 'Pozostały 22 znaki'],
    ['cs', undefined, 4, 'Zbývají 4 znaky'],
    ['cs', undefined, 5, 'Zbývá 5 znaků'],
    ['ru', undefined, 21, 'Остался 21 символ'],
    ['ru', undefined, 11, 'Осталось 11 символов'],
    ['ru', undefined, 23, 'Осталось 23 символа'],
    ['he', undefined, 2, 'נותרו שני תווים'],
    ['he', undefined, 20, 'נותרו 20 תווים'],
    ['ar', undefined, 0, 'لم يتبقَّ أي حرف'],
    ['ar', undefined, 2, 'بقي حرفان'],
    ['ar', undefined, 5, 'بقيت 5 أحرف'],
    ['ar', undefined, 50, 'بقي 50 حرفًا'],
    ['ar', undefined, 100, 'بقي 100 حرف'],
    ['hi', undefined, 7, '7 वर्ण शेष'],
    ['ja', undefined, 7, '残り7文字'],
  ])('%s: %s %d', (tag, words, count, text) => {
    const strings = tag === 'en' ? englishKinds : inTag(tag)
    expect(format(strings, words ?? strings.left, { count })).toBe(text)
  })
  it('take the form of the last number, and say small and large numbers as they are', () => {
    expect(format(englishKinds, englishKinds.chooseBetween, { least: 1, most: 3 })).toBe(
      'Choose 1 to 3 answers.',
    )
    expect(format(inTag('cs'), inTag('cs').chooseBetween, { least: 1, most: 3 })).toBe(
      'Vyberte 1 až 3 odpovědi.',
    )
    const between = (least: number, most: number): string =>
      format(inTag('de'), inTag('de').numberBetween, { least, most })
    expect(between(0.000_1, 1_000_000.5)).toBe('Bitte geben Sie eine Zahl von 0,0001 bis 1.000.000,5 ein.')
  })
  it('have the digits of the scales, also where the language has others', () => {
    const strings = { ...inTag('ar'), tag: 'ar-EG' }
    expect(format(strings, strings.step, { at: 3, of: 1200 })).toMatch(/^3 من 1.200$/)
  })
  it('fall back on the general form', () => {
    expect(format({ ...englishKinds, tag: 'ar' }, englishKinds.left, { count: 2 })).toBe('2 characters left')
  })
})
