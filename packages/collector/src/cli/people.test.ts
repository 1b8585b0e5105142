import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { answer, createCollector, envelope, keys, temporaryDirectory } from '../fixtures.ts'
import { freshPlace } from './fixtures.ts'

it('exports and erases a person, deletes what is old, and keeps a log of it, in any store', async () => {
  const { place, command } = await freshPlace()
  const long = Date.now() - 400 * 86_400_000
  const send = async (clock: { now(): number }, events: object[]): Promise<void> => {
    const collector = await createCollector({ ...place, clock, ...keys })
    const sentAt = new Date(clock.now()).toISOString()
    const body = JSON.stringify(envelope(keys.writeKey, events, { sentAt }))
    const headers = { 'content-type': 'application/json' }
    expect(
      (await collector.fetch(new Request('http://x/v1/feedback', { method: 'POST', body, headers }))).status,
    ).toBe(200)
    await collector.close()
  }
  const at = (time: number): { at: string } => ({ at: new Date(time).toISOString() })
  await send({ now: () => long }, [answer(1, 9, at(long)), answer(2, 9, at(long))])
  await send({ now: () => Date.now() }, [
    answer(3, 9, { ...at(Date.now()), person: 'customer-17' }),
    answer(4, 9, { ...at(Date.now()), person: 'customer-17' }),
    answer(5, 9, at(Date.now())),
  ])
  const out = join(temporaryDirectory(), 'person.ndjson')
  const taken = await command('export', '--person', 'customer-17', '--out', out)
  expect([taken.code, taken.err]).toEqual([
    0,
    expect.stringContaining(`Everything of 2 visitors is in ${out}.\n`),
  ])
  expect(readFileSync(out, 'utf8')).toMatch(/"kind":"end".*"visitors":2,"events":2,"responses":2,"places":0/)
  expect((await command('export', '--person', 'nobody')).code).toBe(1)
  const erased = await command('erase', 'customer-17')
  expect(erased.out).toMatch(
    /2 visitors with 2 events erased\.\nreceipt: \{"person":"[0-9a-f]{64}".*"left":0\}/,
  )
  expect(await command('erase', 'visitor-5', '--keep', 'count')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/--keep is "count"; it must be nothing \(the default\) or counts/),
  })
  const counted = await command('erase', 'visitor-5', '--keep', 'counts')
  expect(counted.out).toMatch(
    /^1 visitor with 1 events erased\.\n1 response goes on being counted, and is of nobody\.\nreceipt: .*"keep":"counts","keptResponses":1,"keptEvents":1,"left":0\}/,
  )
  const old = await command('retain', '--days', '365')
  expect(old.out).toBe('site 1 (main): 2 responses with 2 events older than 365 days deleted\n')
  expect((await command('retain')).out).toBe('site 1 (main): keeps its answers for good\n')
  const rest = await command('export', '--format', 'ndjson')
  expect(rest.out.trimEnd().split('\n')).toHaveLength(1)
  const audit = await command('audit')
  expect(audit.out.match(/ (export|export --person|erase|retain) +200/g)?.length).toBe(5)
  expect(audit.out).not.toContain('customer-17')
}, 120_000)
