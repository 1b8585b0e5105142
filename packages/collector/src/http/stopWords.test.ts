import { expect, it } from 'vitest'
import { isStopWord } from './stopWords.ts'

it.each([
  ['ar', 'من'],
  ['cs', 'který'],
  ['de-AT', 'und'],
  ['en-GB', 'the'],
  ['es', 'para'],
  ['fr', 'pour'],
  ['he', 'של'],
  ['hi', 'के'],
  ['it', 'della'],
  ['ja', 'から'],
  ['ko', '그리고'],
  ['nl', 'het'],
  ['pl', 'jest'],
  ['pt-BR', 'para'],
  ['ru', 'что'],
  ['sv', 'och'],
  ['tr', 'için'],
  ['zh-Hans', '我们'],
])('knows the words of %s that say nothing, such as %s, and not those of other languages', (locale, word) => {
  expect(isStopWord(word, locale)).toBe(true)
  expect(isStopWord('versand', locale)).toBe(false)
})

it('goes by the language of the answer: "die" is an article in German and a verb in English; in doubt it is English', () => {
  expect([isStopWord('die', 'de'), isStopWord('die', 'en'), isStopWord('die', null)]).toEqual([
    true,
    false,
    false,
  ])
  expect(['gut', 'schlechten', 'aber'].map((word) => isStopWord(word, 'de'))).toEqual([false, false, true])
  expect([isStopWord('the', null), isStopWord('the', 'constructor'), isStopWord('the', 'xx')]).toEqual([
    true,
    false,
    false,
  ])
})
