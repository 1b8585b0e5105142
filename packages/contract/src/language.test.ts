import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalTag, languages, matchLanguage } from './language.ts'

describe('matchLanguage', () => {
  it.each<[string, readonly string[], string | undefined]>([
    // Exactly, and up to a shorter tag.
    ['de', languages, 'de'],
    ['de-AT', languages, 'de'],
    ['de-Latn-AT-1996', ['de-AT', 'de'], 'de'],
    ['de-AT-1996', ['de', 'de-AT'], 'de-AT'],
    ['de-u-co-phonebk', languages, 'de'],
    ['EN-us', languages, 'en'],
    ['pt-br', languages, 'pt-BR'],
    // Another region, where nothing is closer.
    ['pt-PT', languages, 'pt-BR'],
    ['pt', languages, 'pt-BR'],
    ['pt-PT', ['pt-BR', 'pt-PT'], 'pt-PT'],
    ['pt-AO', ['pt-BR', 'pt'], 'pt'],
    ['de', ['de-AT', 'de-DE'], 'de-DE'],
    ['fr-CA', ['fr-BE', 'fr-CH'], 'fr-BE'],
    // Scripts.
    ['zh', languages, 'zh-Hans'],
    ['zh-CN', languages, 'zh-Hans'],
    ['zh-SG', languages, 'zh-Hans'],
    ['zh-Hans-HK', languages, 'zh-Hans'],
    ['cmn-CN', languages, 'zh-Hans'],
    ['zh-TW', languages, undefined],
    ['zh-HK', languages, undefined],
    ['zh-Hant', languages, undefined],
    ['zh-MO', ['zh-CN', 'zh-TW'], 'zh-TW'],
    ['sr', ['sr-Latn', 'sr-Cyrl'], 'sr-Cyrl'],
    ['sr-ME', ['sr', 'sr-Latn'], 'sr-Latn'],
    ['yue', languages, undefined],
    // Languages that are close, and are others all the same.
    ['nb', languages, undefined],
    ['no', languages, undefined],
    ['da', languages, undefined],
    ['uk', languages, undefined],
    ['no-NO', ['nb'], 'nb'],
    ['nb', ['no'], 'no'],
    // Older names.
    ['iw', languages, 'he'],
    ['iw-IL', languages, 'he'],
    ['he', ['iw'], 'iw'],
    // What is no tag, or names no language.
    ['', languages, undefined],
    ['*', languages, undefined],
    ['C', languages, undefined],
    ['de_DE', languages, undefined],
    ['de-', languages, undefined],
    ['und', languages, undefined],
    ['und-Latn', languages, undefined],
    ['und', ['und-PT', 'und'], undefined],
    ['und-PT', ['und', 'und-PT'], undefined],
    ['x-klingon', languages, undefined],
    ['__proto__', languages, undefined],
    ['de', ['', 'de_DE', 'x'], undefined],
  ])('%s of %j: %s', (tag, available, best) => {
    expect(matchLanguage([tag], available)).toBe(best)
  })
  it('takes the most wanted that there is', () => {
    expect(matchLanguage(['da', 'sv', 'en'], languages)).toBe('sv')
    expect(matchLanguage(['zh-TW', '?', 'en-GB', 'de'], languages)).toBe('en')
    expect(matchLanguage([], languages)).toBeUndefined()
  })

  const tag = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc
      .tuple(
        fc.constantFrom('en', 'de', 'pt', 'zh', 'sr', 'no', 'nb', 'iw', 'he', 'sv', 'da', 'und', 'xx'),
        fc.constantFrom('', '-Hans', '-Hant', '-Latn', '-Cyrl'),
        fc.constantFrom('', '-CN', '-TW', '-BR', '-PT', '-DE', '-AT', '-u-nu-arab'),
      )
      .map((parts) => parts.join('')),
  )
  it('gives what there is, in the language and the script of one that is wanted, whatever the case', () => {
    fc.assert(
      fc.property(fc.array(tag, { maxLength: 5 }), fc.array(tag, { maxLength: 8 }), (wanted, available) => {
        const best = matchLanguage(wanted, available)
        expect(
          matchLanguage(
            wanted.map((each) => each.toUpperCase()),
            available,
          ),
        ).toBe(best)
        if (best === undefined) return
        expect(available).toContain(best)
        const written = (each: string): string => {
          const locale = new Intl.Locale(each.replace(/^no\b/, 'nb')).maximize()
          return `${locale.language} ${locale.script}`
        }
        const sound = wanted.filter((each) => canonicalTag(each))
        expect(sound.map(written)).toContain(written(best))
      }),
    )
  })
  it('gives everybody their own language', () => {
    fc.assert(
      fc.property(fc.constantFrom(...languages), fc.array(tag), (own, others) => {
        expect(matchLanguage([own, ...others], languages)).toBe(own)
      }),
    )
  })
})
