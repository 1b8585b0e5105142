import { expect, it } from 'vitest'
import { readAudit } from './advisories.ts'

const advisory = (severity: string): object => ({
  module_name: 'left-pad',
  severity,
  title: 'Pads too far',
  url: 'https://example.com/1',
})

it('fails for what is high or critical, and names the rest', () => {
  expect(readAudit('{"advisories":{}}', '')).toEqual({
    outcome: 'clean',
    text: 'advisories: 0 known, 0 high or critical',
  })
  const some = { advisories: { 1: advisory('moderate'), 2: advisory('low') } }
  expect(readAudit(JSON.stringify(some), '')).toMatchObject({
    outcome: 'clean',
    text: expect.stringMatching(/moderate +left-pad: Pads too far https/),
  })
  for (const severity of ['high', 'critical'])
    expect(readAudit(JSON.stringify({ advisories: { 1: advisory(severity) } }), '').outcome).toBe('found')
})

it('says loudly that nothing was looked at when nobody answers', () => {
  for (const [out, errors] of [
    ['', 'getaddrinfo ENOTFOUND registry'],
    ['Error: ERR_PNPM_AUDIT_BAD_RESPONSE', ''],
    ['{"error":{"code":"E"}}', ''],
    ['<html>', ''],
  ] as const) {
    const { outcome, text } = readAudit(out, errors)
    expect([outcome, text]).toEqual([
      'skipped',
      expect.stringMatching(/^SKIPPED: NO DEPENDENCY WAS LOOKED AT/),
    ])
  }
})
