import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Receipt } from '@earshot/contract'
import { nps } from '@earshot/sdk'
import { integrityOf } from '../../../scripts/browserFiles.ts'
import { createMachine, type Machine } from './machine.ts'

// What is packed here is what would be published, and what it needs comes from the registry.
let machine: Machine
let folder: string

beforeAll(async () => {
  machine = await createMachine()
  folder = await machine.folder('empty')
  await machine.install(folder, '@earshot/collector')
}, 300_000)
afterAll(() => machine.remove())

/** `npx @earshot/collector` in that folder, and its address, write key and admin token. */
async function startCollector(node?: string) {
  const { said, text, end } = await machine.start({
    folder,
    command: 'npx',
    args: ['@earshot/collector', '--port', '0', '--data', `data-${node ?? ''}`.replaceAll('/', '-')],
    ...(node !== undefined && { node }),
    until: /address +(http\S+)[^]*write key +(pk_\S+)[^]*admin token +(sk_\S+)[^]*<\/script>/,
  })
  const [, url = '', writeKey = '', token = ''] = said
  const read = async <Body>(path: string): Promise<Body> => {
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })
    expect(response.status).toBe(200)
    return (await response.json()) as Body
  }
  return { url, writeKey, read, text, end }
}

/** Sends one answer of 9, as a page does. */
async function sendAnswer(url: string, key: string): Promise<Receipt> {
  // Nobody answers at once.
  const seenAt = new Date(Date.now() - 5000).toISOString()
  const at = new Date().toISOString()
  const response = '018f0000-0000-7000-8000-f00000000001'
  const event = {
    at,
    visitor: 'v1',
    person: null,
    session: 's1',
    survey: 'nps-q4',
    surveyVersion: 1,
    response,
    context: { url: 'https://shop.example/', locale: 'en', channel: 'web' },
  }
  const body = {
    key,
    sentAt: at,
    sdk: 'js/0.1.0',
    surveys: [nps({ id: 'nps-q4', name: 'Acme' })],
    events: [
      {
        ...event,
        id: '018f0000-0000-7000-8000-e00000000001',
        at: seenAt,
        type: 'display',
        seq: 1,
        data: { trigger: 'event' },
      },
      {
        ...event,
        id: '018f0000-0000-7000-8000-e00000000002',
        type: 'answer',
        seq: 2,
        data: { question: 'score', value: 9, revision: 0 },
      },
    ],
  }
  const answer = await fetch(`${url}/v1/feedback`, { method: 'POST', body: JSON.stringify(body) })
  return (await answer.json()) as Receipt
}

describe('npx @earshot/collector, out of the tarball', () => {
  it.each(['22.16.0', '24'])(
    'takes an answer and serves dashboard, documentation and SDK on Node %s',
    async (version) => {
      const node = version === '24' ? process.execPath : await machine.node(version)
      const { url, writeKey, read, text, end } = await startCollector(node)
      const receipt = await sendAnswer(url, writeKey)
      expect([receipt.accepted.length, receipt.rejected]).toEqual([2, []])
      expect(await read('/v1/responses?survey=nps-q4')).toMatchObject({
        responses: [{ survey: 'nps-q4', answers: { score: { value: 9 } } }],
      })
      expect(await read('/v1/reports/nps?survey=nps-q4')).toMatchObject({ estimate: { n: 1, value: 100 } })
      for (const [path, type] of [
        ['/dashboard', 'text/html'],
        ['/docs/', 'text/html'],
        ['/earshot.js', 'text/javascript'],
        ['/sdk/0.1.0/card.js', 'text/javascript'],
        ['/openapi.json', 'application/json'],
      ] as const) {
        const response = await fetch(url + path)
        expect([path, response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([
          path,
          200,
          type,
        ])
      }
      expect(text()).not.toMatch(/not served yet/)
      await end()
    },
    180_000,
  )
  it('serves the files whose hashes are published with them', async () => {
    const { url, end } = await startCollector()
    const browser = join(folder, 'node_modules/@earshot/collector/dist/browser')
    const published = JSON.parse(readFileSync(join(browser, 'integrity.json'), 'utf8')) as object
    expect(published).toEqual(integrityOf(browser))
    const script = new Uint8Array(await (await fetch(`${url}/earshot.js`)).arrayBuffer())
    const digest = Buffer.from(await crypto.subtle.digest('SHA-384', script)).toString('base64')
    expect(published).toMatchObject({ files: { 'earshot.js': `sha384-${digest}` } })
    await end()
  }, 60_000)
  it('says which Node it needs where there is an older one, and nothing else', async () => {
    const node = await machine.node('20.8.0')
    const bin = join(folder, 'node_modules/@earshot/collector/dist/bin.js')
    const said = await machine.run(folder, node, [bin]).catch((error: unknown) => String(error))
    expect(said).toMatch(/earshot-collector needs Node 22\.16 or newer, and this is 20\.8\.0/)
    expect(said).not.toMatch(/\n +at /)
  }, 120_000)
})

describe('what is installed', () => {
  it('is ours and what we name, with no second copy of anything of ours', async () => {
    const tree = await machine.run(folder, 'npm', ['ls', '--all', '--parseable'])
    const ours = tree.split('\n').filter((line) => line.includes('@earshot/'))
    expect(ours.map((line) => line.slice(line.indexOf('@earshot/'))).toSorted()).toEqual([
      '@earshot/collector',
      '@earshot/contract',
      '@earshot/metrics',
    ])
  })
})
