import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressFlaw, headerFlaw, headerLine, readSender } from './mailAddress.ts'

const injected = ['\r\n', '\n', '\r', '\0', '\u0085', '\u2028', '\u2029', '\u000b', '\u000c', '\u001b']

describe('headers', () => {
  it.each(injected)('refuse %j in a subject, a name and an address', (sign) => {
    for (const text of [`Hi${sign}Bcc: eve@example.com`, sign, `Hi${sign}`, `${sign}Hi`])
      expect(headerFlaw(text), JSON.stringify(text)).toMatch(/one line/)
    for (const text of [
      `ada@example.com${sign}`,
      `ada${sign}@example.com`,
      `ada@example.com${sign}RCPT TO:<x@y.z>`,
    ])
      expect(addressFlaw(text), JSON.stringify(text)).toMatch(/one line/)
    expect(readSender(`A${sign}B <ada@example.com>`)).toEqual({ flaw: expect.stringMatching(/one line/) })
  })

  it.each([
    ['=?utf-8?Q?Hi=0D=0ABcc:_eve@example.com?=', /encoded words/],
    ['Hi ?=', /encoded words/],
    ['abc\u202egnp.exe', /direction/],
    ['a\ud800', /direction/],
    ['   ', /empty/],
    ['x'.repeat(201), /200/],
  ])('refuse %j as a subject', (text, flaw) => {
    expect(headerFlaw(text)).toMatch(flaw)
  })

  it.each(['Did we make it better?', 'Är det bättre? 😀', 'هل أصبح الأمر أفضل؟', '=', 'a = b ? c : d'])(
    'take %j as a subject',
    (text) => {
      expect(headerFlaw(text)).toBe(null)
    },
  )
})

describe("a line of somebody's words", () => {
  it.each([
    ['Call \u202a+49 30 1\u202c', 'Call +49 30 1'],
    ['\u2067שלום\u2069 Ann', 'שלום Ann'],
    ['Hi\u2028Bcc: eve@example.com', 'Hi Bcc: eve@example.com'],
    ['=?utf-8?Q?Hi?=', '= ?utf-8?Q?Hi? ='],
    ['Did we make it better?', 'Did we make it better?'],
    ['\u0007', null],
  ])('of %j leaves %j', (text, line) => {
    expect(headerLine(text)).toBe(line)
  })

  it('can always stand in the head of a message, whatever was written', () => {
    const sign = fc.constantFrom('=', '?', '\r', '\n', '\u202e', '\u2028', '\ud800', '\u0000', ' ', 'a', '😀')
    fc.assert(
      fc.property(fc.array(fc.oneof(sign, fc.string({ unit: 'binary' }))), (parts) => {
        const line = headerLine(parts.join(''))
        return line === null || headerFlaw(line) === null
      }),
    )
  })
})

describe('addresses', () => {
  it.each([
    'ada@example.com,eve@example.com',
    'ada@example.com, eve@example.com',
    'ada@example.com;eve@example.com',
    'ada@example.com eve@example.com',
    'Ada <ada@example.com>',
    '<ada@example.com>',
    '"ada"@example.com',
    '"a b"@example.com',
    'ada@example.com(comment)',
    'group:ada@example.com;',
    '@relay.example:ada@example.com',
    'ada%evil.example@example.com',
    'evil.example!ada@example.com',
    '=?utf-8?q?ada?=@example.com',
    'ada@[127.0.0.1]',
    'ada@[IPv6:::1]',
    'ada@127.0.0.1',
    'ada@localhost',
    'ada@2130706433',
    'ada@0x7f.1',
    'ada@example..com',
    'ada@-example.com',
    'ada@example.com.',
    'ada..b@example.com',
    '.ada@example.com',
    'ada.@example.com',
    'ada@eve@example.com',
    '@example.com',
    'ada@',
    'ada',
    '',
    'ädä@example.com',
    'ada@exämple.com',
    'ada@example.com\\n',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a'.repeat(64)}.com`,
    `ada@${'abc.'.repeat(70)}com`,
    '-oProxyCommand=x@example.com',
    'ada@example.com?bcc=eve@example.com',
  ])('refuse %j, in words', (text) => {
    expect(addressFlaw(text)).toMatch(/^(it|what) /)
    expect(
      readSender(text === 'Ada <ada@example.com>' || text === '<ada@example.com>' ? `x${text},` : text),
    ).toEqual({
      flaw: expect.any(String),
    })
  })

  it.each([
    'ada@example.com',
    'ada.lovelace+surveys@mail.example.co.uk',
    "o'neil@example.com",
    'a@xn--exmple-cua.com',
    'A_B-c~d@EXAMPLE.COM',
    '-dash@example.com',
  ])('take %j', (text) => {
    expect(addressFlaw(text)).toBe(null)
  })

  it('of a sender may come with a name', () => {
    expect(readSender('Acme GmbH <hi@acme.example>')).toEqual({
      name: 'Acme GmbH',
      address: 'hi@acme.example',
    })
    expect(readSender('"Acme, Inc." <hi@acme.example>')).toEqual({
      name: 'Acme, Inc.',
      address: 'hi@acme.example',
    })
    expect(readSender('hi@acme.example')).toEqual({ name: '', address: 'hi@acme.example' })
    expect(readSender('Acme <hi@acme.example> <x@y.example>')).toEqual({ flaw: expect.any(String) })
  })
})
