import { lifecycleNames } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import { systemHash } from '../../system.ts'
import { eventOfLife, readLives, type LifeMapping } from './lives.ts'

const read = (rows: object[], mapping: Partial<LifeMapping> = {}): ReturnType<typeof readLives> =>
  readLives(
    rows.map((fields, index) => ({ line: index + 2, fields: fields as Record<string, unknown> })),
    { map: {}, event: null, at: null, ...mapping },
  )
const flawsOf = (results: ReturnType<typeof readLives>): string[] =>
  results.map((each) => ('flaw' in each ? each.flaw : 'none'))

describe('a table of life-cycle events', () => {
  it('is read by its usual names, each event with the properties that belong to it', () => {
    const results = read([
      { Event: 'subscription_started', Date: '2026-05-01', Customer: 'c1', MRR: '49.90', ticket: '' },
      { Event: 'Enquiry opened', Date: '2026-05-02', Customer: 'c1', MRR: '49.90', ticket: 'T1' },
      { Event: 'purchased', Date: '2026-05-03', Customer: 'c2', amount: 10, referred: 'yes', ticket: 'T9' },
    ])
    expect(results).toMatchObject([
      { life: { name: 'subscription_started', person: 'c1', props: { amount: 49.9 }, line: 2 } },
      { life: { name: 'enquiry_opened', props: { enquiry: 'T1' } } },
      { life: { name: 'purchased', at: Date.UTC(2026, 4, 3), props: { amount: 10, referred: true } } },
    ])
    for (const each of results) if ('life' in each) expect(each.life.props).not.toHaveProperty('ticket')
  })
  it('may have words and columns of its own, and tell one event in all rows', () => {
    const own = { what: 'Kündigung', wann: '2026-05-01 10:00', wer: 'c1' }
    const map = { name: 'what', at: 'wann', person: 'wer', 'event.subscription_ended': 'kündigung' }
    expect(read([own], { map })).toMatchObject([{ life: { name: 'subscription_ended' } }])
    expect(read([{ wer: 'c1' }], { map, event: 'active', at: 1_000 })).toMatchObject([
      { life: { name: 'active', at: 1_000 } },
    ])
    for (const event of lifecycleNames.filter((each) => !each.startsWith('enquiry')))
      expect(flawsOf(read([{ wer: 'c1' }], { map, event, at: 1_000 }))).toEqual(['none'])
  })
  it('says of each line what is wrong with it', () => {
    const good = { event: 'purchased', at: '2026-05-01', person: 'c1' }
    expect(
      flawsOf(
        read([
          { ...good, event: 'bought' },
          { ...good, event: '' },
          { ...good, at: 'soon' },
          { ...good, at: '' },
          { ...good, person: '' },
          { ...good, amount: '49,90' },
          { ...good, referred: 'perhaps' },
          { ...good, event: 'enquiry_opened' },
          { ...good, event: 'conversation_ended', handled_by: 'robot' },
          good,
        ]),
      ),
    ).toEqual([
      expect.stringMatching(/"bought" is no life-cycle event; .*event.signed_up=bought/),
      expect.stringMatching(/names no event/),
      expect.stringMatching(/"soon", which cannot be read/),
      expect.stringMatching(/no time/),
      expect.stringMatching(/who it was/),
      expect.stringMatching(/"49,90"; it must be a number with a point/),
      expect.stringMatching(/"perhaps"; it must be yes or no/),
      expect.stringMatching(/no id of its enquiry/),
      expect.stringMatching(/"robot"; it must be bot, handover, person/),
      'none',
    ])
  })
  it('has rows alike as often as the file has them, in one part or in several', () => {
    const row = { event: 'active', at: '2026-05-01', person: 'c1' }
    const keysOf = (results: ReturnType<typeof readLives>): string[] =>
      results.map((each) => ('life' in each ? each.life.key : 'none'))
    const whole = keysOf(read([row, row, row]))
    expect(new Set(whole).size).toBe(3)
    expect([...keysOf(read([row])), ...keysOf(read([row, row], { alike: { 2: 1, 3: 1 } }))]).toEqual(whole)
  })
  it('is the event that a server told under the same id', () => {
    const [result] = read([{ id: 'i-1', event: 'active', at: '2026-05-01', person: 'c1', visitor: 'v1' }])
    const life = result !== undefined && 'life' in result ? result.life : null
    expect(life && eventOfLife(life, (text) => systemHash.sha256(text))).toMatchObject({
      type: 'track',
      visitor: 'v1',
      person: 'c1',
      at: '2026-05-01T00:00:00.000Z',
      context: { channel: 'import' },
      data: { name: 'active', props: {} },
    })
  })
})
