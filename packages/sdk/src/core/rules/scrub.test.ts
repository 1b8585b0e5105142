import { scrubText, type Privacy, type Question, type Scrub, type TextQuestion } from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventDraft } from '../model.ts'
import { scrubDraft } from './scrub.ts'

const all: readonly Scrub[] = ['email', 'card', 'iban', 'phone']
const numRuns = Number(process.env['EARSHOT_RUNS'] ?? 500)

describe('mail addresses', () => {
  it.each([
    ['ada@example.com', '[email]'],
    ['Write to ada.lovelace+news@mail.example.co.uk.', 'Write to [email].'],
    ['<ada@example.com>, (bob@example.org); "c_d@e-f.io"', '<[email]>, ([email]); "[email]"'],
    ['mailto:ada@example.com?subject=x', 'mailto:[email]?subject=x'],
    ['email=ada@example.com&x=1', 'email=[email]&x=1'],
    ["o'neill@example.ie", '[email]'],
    ["'ada@example.com'", "'[email]'"],
    ['ADA@EXAMPLE.COM', '[email]'],
    ['jürgen@müller.de', '[email]'],
    ['иван@почта.рф', '[email]'],
    ['a@b.xn--p1ai', '[email]'],
    ['我的邮箱是ada@example.com谢谢', '我的邮箱是[email]谢谢'],
    ['ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ', '[email]'],
    ['ada@example.com,bob@example.com', '[email],[email]'],
    ['ada@example.com@bob.com', '[email]@bob.com'],
    ['ada@sub.example.com/path', '[email]/path'],
    ['1234567@example.com', '[email]'],
    ['ada@example.com.2026', '[email].2026'],
    ['ada@example.com-', '[email]-'],
    ['4111111111111111@example.com', '[email]'],
  ])('%s', (text, wanted) => {
    expect(scrubText(text, ['email'])).toBe(wanted)
    expect(scrubText(text, all)).toBe(wanted)
  })
  it.each([
    '@ada thanks',
    'ada@localhost',
    'ada @ example.com',
    'a@b.c',
    'meet @ 10.30',
    '5 apples @1.20',
    'user@10.0.0.1',
    'ada@.com',
    'ada@example.',
    '@',
    '@@@',
    'ada (at) example (dot) com',
    'example.com',
  ])('leaves %s', (text) => {
    expect(scrubText(text, all)).toBe(text)
  })
})

describe('cards', () => {
  it.each([
    ['4111111111111111', '[card]'],
    ['My card 4111 1111 1111 1111 was charged', 'My card [card] was charged'],
    ['4111-1111-1111-1111', '[card]'],
    ['5500 0000 0000 0004, 12/27', '[card], 12/27'],
    ['3782 822463 10005', '[card]'],
    ['3056 930902 5904', '[card]'],
    ['4222222222222', '[card]'],
    ['6304000000000000', '[card]'],
    ['6212345678901232', '[card]'],
    ['6759 6498 2643 8453 037', '[card]'],
    ['4111 1111 1111 1111 123', '[card] 123'],
    ['４１１１ １１１１ １１１１ １１１１', '[card]'],
    ['٤١١١١١١١١١١١١١١١', '[card]'],
    ['4111\u00a01111\u202f1111\u20111111', '[card]'],
    ['卡号4111111111111111谢谢', '卡号[card]谢谢'],
    ['4111111111111111 5500000000000004', '[card] [card]'],
    ['(4111111111111111).', '([card]).'],
    ['4111111111111111,5500000000000004', '[card],[card]'],
    ['7,4111111111111111', '7,[card]'],
  ])('%s', (text, wanted) => {
    expect(scrubText(text, ['card'])).toBe(wanted)
  })
  it.each([
    ['a wrong checksum', '4111 1111 1111 1112'],
    ['part of a longer row', '41111111111111111'],
    ['part of a longer row of zeros', '04111111111111111'],
    ['a row that is longer than any card', '41111111111111111115'],
    ['part of a word', 'x4111111111111111'],
    ['part of another word', '4111111111111111f'],
    ['the digits of a decimal', '0.4111111111111111'],
    ['a decimal', '4111111111111111.25'],
    ['a moment in milliseconds', '1732183200002'],
    ['zeros', '0000 0000 0000 0000'],
    ['twelve digits', '411111111117'],
    ['two spaces', '4111  1111  1111  1111'],
    ['single digits', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1'],
    ['a table', '41 11 11 11 11 11 11 11'],
    ['lines', '4111\n1111\n1111\n1111'],
  ])('leaves %s: %s', (_name, text) => {
    expect(scrubText(text, ['card'])).toBe(text)
  })
})

describe('IBANs', () => {
  it.each([
    ['DE89370400440532013000', '[iban]'],
    ['DE89 3704 0044 0532 0130 00', '[iban]'],
    ['de89 3704 0044 0532 0130 00', '[iban]'],
    ['IBAN: GB82 WEST 1234 5698 7654 32.', 'IBAN: [iban].'],
    ['FR14 2004 1010 0505 0001 3M02 606', '[iban]'],
    ['NO93 8601 1117 947', '[iban]'],
    ['MT84MALT011000012345MTLCAST001S', '[iban]'],
    ['NL91 ABNA 0417 1643 00 and more', '[iban] and more'],
    ['CH93 0076 2011 6238 5295 7', '[iban]'],
    ['DE89-3704-0044-0532-0130-00', '[iban]'],
    ['ＤＥ８９ ３７０４ ００４４ ０５３２ ０１３０ ００', '[iban]'],
    ['SE4550000000058398257466,BE68539007547034', '[iban],[iban]'],
    ['账号DE89370400440532013000。', '账号[iban]。'],
  ])('%s', (text, wanted) => {
    expect(scrubText(text, ['iban'])).toBe(wanted)
    expect(scrubText(text, all)).toBe(wanted)
  })
  it.each([
    ['a wrong checksum', 'DE88370400440532013000'],
    ['an unknown country', 'XX89370400440532013000'],
    ['one that is too short', 'DE8937040044053201300'],
    ['one that goes on', 'DE893704004405320130001'],
    ['part of a word', 'XDE89370400440532013000'],
    ['two spaces', 'DE89  3704 0044 0532 0130 00'],
    ['a name', 'AT12 and so on'],
    ['a word before a card', 'so 4111 1111 1111 1111'],
    ['nothing behind', 'DE89'],
  ])('leaves %s: %s', (_name, text) => {
    expect(scrubText(text, ['iban'])).toBe(text)
  })
})

describe('phone numbers', () => {
  it.each([
    ['+49 30 901820', '[phone]'],
    ['Call +1 (555) 123-4567 now', 'Call [phone] now'],
    ['+1-555-123-4567', '[phone]'],
    ['+14155552671', '[phone]'],
    ['+49 (0)30 1234567', '[phone]'],
    ['+(49) 30 1234567', '[phone]'],
    ['(+49) 30 1234567', '[phone]'],
    ['0049 170 1234567', '[phone]'],
    ['(555) 123-4567', '[phone]'],
    ['(030) 1234567', '[phone]'],
    ['555-123-4567', '[phone]'],
    ['555.123.4567', '[phone]'],
    ['030/1234567', '[phone]'],
    ['030 / 1234567', '[phone]'],
    ['0171 - 2345678', '[phone]'],
    ['020 7946 0958', '[phone]'],
    ['01 23 45 67 89', '[phone]'],
    ['01.12.45.67.89', '[phone]'],
    ['12 34 56 78', '[phone]'],
    ['612 345 678', '[phone]'],
    ['9123 4567', '[phone]'],
    ['555-1234', '[phone]'],
    ['5551234', '[phone]'],
    ['13812345678', '[phone]'],
    ['电话13812345678谢谢', '电话[phone]谢谢'],
    ['Tel:0301234567, Fax:0301234568.', 'Tel:[phone], Fax:[phone].'],
    ['Tel.0301234567', 'Tel.[phone]'],
    ['(call 0301234567)', '(call [phone])'],
    ['(0301234567)', '([phone])'],
    ['030 1234567 0171 2345678', '[phone] [phone]'],
    ['Kunde 12345 0171 2345678 9', 'Kunde 12345 [phone]'],
    ['030 1234567 +49 171 2345678', '[phone] [phone]'],
    ['2026-11-21 0301234567', '2026-11-21 [phone]'],
    ['21.11.2026 030 1234567 10:30', '21.11.2026 [phone] 10:30'],
    ['＋４９ ３０ ９０１８２０', '[phone]'],
    ['٠١٢٣٤٥٦٧٨٩', '[phone]'],
    ['०९८७६५४३२१०', '[phone]'],
    ['+49\u00a030\u2011901820', '[phone]'],
    ['+49.1701234567', '[phone]'],
    ['1-800-555-0199', '[phone]'],
    ['+7 912 345-67-89', '[phone]'],
    ['+44 20 7946 0958\n+33 1 23 45 67 89', '[phone]\n[phone]'],
    ['00441632960961', '[phone]'],
    ['0301234567,0301234568', '[phone],[phone]'],
    ['12,50 0301234567', '12,50 [phone]'],
  ])('%s', (text, wanted) => {
    expect(scrubText(text, ['phone'])).toBe(wanted)
    expect(scrubText(text, all)).toBe(wanted)
  })
  it.each([
    ['a date', '2026-11-21'],
    ['a German date', '21.11.2026'],
    ['a short date', '21.11.26'],
    ['an American date', '11/21/2026'],
    ['a date with spaces', '21 11 2026'],
    ['a date in one row', '20261121'],
    ['a moment', '2026-11-21T10:00:00.000Z'],
    ['a moment with a space', '2026-11-21 10:30:00'],
    ['a date and an hour', '2026-11-21 10'],
    ['a span of dates', '21.11.2026 - 23.11.2026'],
    ['a tight span of dates', '21.11.2026-23.11.2026'],
    ['a span of short dates', '01/11/26-03/11/26'],
    ['years', '2024-2026'],
    ['more years', '2024 2025 2026'],
    ['times', '10:30-11:45'],
    ['times with dots', '10.30-11.45'],
    ['a price', '1,234,567.00'],
    ['a German price', '1.234.567,00'],
    ['thousands', '1 234 567'],
    ['thousands with dots', '12.345.678'],
    ['Swiss thousands', "1'234'567"],
    ['a price with its sign before', '€1234567'],
    ['a price with its sign behind', '1234567 €'],
    ['a short order number', 'order 123456'],
    ['a numbered thing', '#1234567'],
    ['an order', 'AB-1234567'],
    ['an order with letters behind', '1234567-AB'],
    ['a file', 'IMG_20261121'],
    ['an address of a page', 'https://example.com/orders/1234567'],
    ['an IP address', '192.168.100.200'],
    ['a version', '1.2.3.4567'],
    ['coordinates', '52.5200066, 13.4049540'],
    ['a share', '1234567%'],
    ['an ISBN', '978-3-16-148410-0'],
    ['a barcode', '9783161484100'],
    ['a moment in milliseconds', '1732183200007'],
    ['a card that is none', '4111 1111 1111 1112'],
    ['a postal code', '12345-6789'],
    ['ratings', '1 2 3 4 5 6 7 8'],
    ['a ratio', '1000/2000'],
    ['a sum', '5+1234567'],
    ['six digits', '555-123'],
    ['too many digits', '+123456789012345678'],
    ['an open bracket', '030 (1234567'],
    ['a list', '1) 12345 2) 123456'],
    ['a hash', 'a1234567f'],
    ['sentences', 'I paid 555. 123456 is my order.'],
  ])('leaves %s: %s', (_name, text) => {
    expect(scrubText(text, all)).toBe(text)
  })
})

describe('scrubText', () => {
  it('takes only what it is told to', () => {
    const text = 'ada@example.com 4111111111111111 DE89370400440532013000 +4930901820'
    expect(scrubText(text, [])).toBe(text)
    expect(scrubText(text, ['email'])).toBe('[email] 4111111111111111 DE89370400440532013000 +4930901820')
    expect(scrubText(text, all)).toBe('[email] [card] [iban] [phone]')
    expect(scrubText(text, ['phone', 'iban', 'card', 'email'])).toBe('[email] [card] [iban] [phone]')
  })

  const pieces = fc.constantFrom(
    '4111111111111111',
    '4111 1111 1111 1111',
    'DE89370400440532013000',
    'GB82 WEST 1234 5698 7654 32',
    'ada@example.com',
    '030 1234567',
    '+49 (0)30 1234567',
    '2026-11-21',
    '1,234,567.00',
    '[phone]',
    '０１２３',
    '٤٥',
    ...'0123456789 -./()+,:@#€aZ_é中\n'.split(''),
    ' 0',
    ' 0171',
    '@x.io',
  )
  const pieced = fc.array(pieces, { size: 'max', maxLength: 30 }).map((parts) => parts.join(''))
  const texts = fc.oneof({ arbitrary: pieced, weight: 3 }, fc.string({ unit: 'binary' }), fc.string())
  it('twice is as once', () => {
    fc.assert(
      fc.property(texts, fc.subarray([...all]), (text, what) => {
        const once = scrubText(text, what)
        expect(scrubText(once, what)).toBe(once)
      }),
      { numRuns },
    )
  })
  it('leaves a text without digits and @ as it is', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const bare = text.replace(/[\p{N}@＠]/gu, '')
        expect(scrubText(bare, all)).toBe(bare)
      }),
      { numRuns },
    )
  })
  it('finds what it knows in any words', () => {
    const known = fc.constantFrom(
      ['ada@example.com', '[email]'],
      ['4111 1111 1111 1111', '[card]'],
      ['DE89 3704 0044 0532 0130 00', '[iban]'],
      ['+49 30 901820', '[phone]'],
    )
    const word = fc.stringMatching(/^[a-z]{1,8}$/)
    fc.assert(
      fc.property(word, fc.array(fc.tuple(known, word), { maxLength: 8 }), (start, parts) => {
        const text = (index: 0 | 1) =>
          [start, ...parts.flatMap(([each, next]) => [each[index], next])].join(' ')
        expect(scrubText(text(0), all)).toBe(text(1))
      }),
      { numRuns },
    )
  })
  // Anything worse than proportional would not end here within the time that a test has.
  it.each([
    'a',
    '1',
    '0',
    '@',
    '.',
    ' ',
    '-',
    '(',
    '+',
    '1 ',
    '0 ',
    '00 ',
    ' 012',
    '1-',
    '1.',
    '1/',
    '(1)',
    '1111 ',
    '4111 1111 ',
    '411111111111111',
    'a@',
    'a.',
    'a@b',
    'a@b.',
    '@a.b-',
    'DE89',
    'DE89 ',
    'DE89370400440532013 ',
    '21.11.',
    '2026-',
    '１',
    '٤',
    '中',
    '\ud835\udfce',
  ])('ends with 100,000 characters of "%s"', (part) => {
    const text = part.repeat(Math.ceil(100_000 / part.length))
    for (const whole of [text, `+${text}x`, `a@b.c${text}d`, `${text}@b.com`])
      expect(typeof scrubText(whole, all)).toBe('string')
  })
})

describe('scrubDraft', () => {
  const privacy: Privacy = { scrub: ['email', 'phone'] }
  const answer = (data: object): EventDraft =>
    ({
      type: 'answer',
      survey: 's',
      surveyVersion: 1,
      response: 'r',
      data: { question: 'q', revision: 0, ...data },
    }) as EventDraft
  const text = (rest: Partial<TextQuestion> = {}): Question => ({
    kind: 'text',
    id: 'q',
    title: 'Why?',
    maxLength: 500,
    ...rest,
  })
  const valueOf = (draft: EventDraft) => (draft.type === 'answer' ? draft.data.value : undefined)

  it('scrubs a text, and what was written beside a choice, and changes nothing else', () => {
    const given = Object.freeze(answer({ value: 'Call 0301234567', order: ['a'] }))
    expect(scrubDraft(given, privacy)).toEqual(answer({ value: 'Call [phone]', order: ['a'] }))
    expect(given).toEqual(answer({ value: 'Call 0301234567', order: ['a'] }))
    const chosen = answer({ value: ['other'], other: 'ada@example.com' })
    expect(scrubDraft(chosen, privacy)).toEqual(answer({ value: ['other'], other: '[email]' }))
  })
  it.each([9, true, ['0301234567']])('leaves %s', (value) => {
    expect(scrubDraft(answer({ value }), privacy)).toEqual(answer({ value }))
  })
  it('leaves what was asked for: an address, or something in a form', () => {
    const mail = answer({ value: 'ada@example.com' })
    expect(valueOf(scrubDraft(mail, privacy, text({ input: 'email' })))).toBe('ada@example.com')
    const number = answer({ value: '1234567' })
    expect(valueOf(scrubDraft(number, privacy, text({ pattern: '[0-9]{7}' })))).toBe('1234567')
    expect(valueOf(scrubDraft(number, privacy, text({ input: 'short' })))).toBe('[phone]')
  })
  it('gives no text that is longer or shorter than the question takes', () => {
    expect(valueOf(scrubDraft(answer({ value: 'a@b.co' }), privacy, text({ maxLength: 6 })))).toHaveLength(6)
    const long = scrubDraft(answer({ value: '0301234567' }), privacy, text({ minLength: 10 }))
    expect(valueOf(long)).toBe('[phone]   ')
    const beside = scrubDraft(answer({ value: ['other'], other: 'a@b.co' }), privacy)
    expect(beside.type === 'answer' && beside.data.other).toHaveLength(6)
  })
  it.each<EventDraft>([
    { type: 'track', data: { name: 'x', props: { mail: 'ada@example.com' } } },
    { type: 'identify', data: { traits: { mail: 'ada@example.com' } } },
  ])('leaves $type as it is', (draft) => {
    expect(scrubDraft(draft, privacy)).toBe(draft)
  })
  it('does nothing where nothing is to be scrubbed', () => {
    const given = answer({ value: 'ada@example.com' })
    expect(scrubDraft(given, {})).toBe(given)
    expect(scrubDraft(given, { scrub: [] })).toBe(given)
  })
})
