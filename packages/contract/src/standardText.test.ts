import { describe, expect, it } from 'vitest'
import { standardText, standardTexts } from './standardText.ts'

describe('standardText', () => {
  it.each<[string, ReturnType<typeof standardText>]>([
    ['Thank you', { key: 'thanks', name: '' }],
    ['Overall, how satisfied are you with Acme?', { key: 'csat', name: 'Acme' }],
    ['Overall, how satisfied are you with eBay?', { key: 'csat', name: 'eBay' }],
    ['Overall, how satisfied are you with The Body Shop?', { key: 'csat', name: 'The Body Shop' }],
    ['Overall, how satisfied are you with {name}?', { key: 'csat', name: '{name}' }],
    // The one that leaves least to the name.
    ['Overall, how satisfied are you with your order from Acme?', { key: 'order', name: 'Acme' }],
    // The same name in both places.
    [standardTexts.recovery.replaceAll('{name}', 'A'), { key: 'recovery', name: 'A' }],
    [standardTexts.recovery.replace('{name}', 'A').replace('{name}', 'B'), undefined],
    [standardTexts.recovery.replace('{name}', 'AB').replace('{name}', ''), undefined],
    // No name at all, or no name but a phrase.
    ['Overall, how satisfied are you with ?', undefined],
    ['Overall, how satisfied are you with our help?', undefined],
    ['Overall, how satisfied are you with shopping at Acme?', undefined],
    ['Overall, how satisfied are you with us?', undefined],
    ["Overall, how satisfied are you with today's visit?", undefined],
    // Other texts.
    ['Thank you!', undefined],
    ['thank you', undefined],
    ['', undefined],
    ['constructor', undefined],
  ])('%s', (text, known) => {
    expect(standardText(text)).toEqual(known)
  })
})
