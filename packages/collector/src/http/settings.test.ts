import { configSchema } from '@earshot/contract/schema'
import { describe, expect, it } from 'vitest'
import { start, type Running } from '../fixtures.ts'

const settings = {
  limits: { quiet: 7, perDay: 1 },
  privacy: { scrub: ['email'], query: ['utm_source'] },
  theme: { accent: '#06c', dark: { accent: '#9cf' } },
}

const put = ({ admin }: Running, body: unknown): Promise<Response> =>
  admin('/v1/settings', {
    method: 'PUT',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })

describe('/v1/settings', () => {
  it('keeps what was put, and nothing that it does not know', async () => {
    const running = await start()
    expect(await running.read('/v1/settings')).toEqual({})
    const response = await put(running, { ...settings, extra: 1 })
    expect([response.status, await response.json()]).toEqual([200, settings])
    expect(await running.read('/v1/settings')).toEqual(settings)
    await put(running, {})
    expect(await running.read('/v1/settings')).toEqual({})
  })

  it('are served in the config, whose tag changes with them', async () => {
    const running = await start()
    const config = async (): Promise<[string | null, unknown]> => {
      const response = await fetch(`${running.url}/v1/config?key=${running.key}`)
      return [response.headers.get('etag'), configSchema.parse(await response.json())]
    }
    const [before, without] = await config()
    expect(without).toEqual({ version: 1, surveys: [], plain: [] })
    await put(running, settings)
    const [after, withThem] = await config()
    expect(withThem).toEqual({ version: 1, surveys: [], plain: [], settings })
    expect(after).not.toBe(before)
  })

  it('lists every mistake with its place, and changes nothing', async () => {
    const running = await start()
    await put(running, settings)
    const response = await put(running, {
      limits: { quiet: -1, perDay: 'two' },
      privacy: { scrub: ['name'] },
      theme: { accent: 'red;}', dark: { text: 7 }, radius: 99 },
    })
    expect(response.status).toBe(400)
    const body = (await response.json()) as { code: string; errors: { path: string }[] }
    expect(body.code).toBe('invalid_settings')
    expect(body.errors.map((each) => each.path)).toEqual([
      'limits.quiet',
      'limits.perDay',
      'privacy.scrub.0',
      'theme.accent',
      'theme.dark.text',
      'theme.radius',
    ])
    expect(await running.read('/v1/settings')).toEqual(settings)
  })

  it('are not for whoever has no token', async () => {
    const { url, key } = await start()
    for (const authorization of ['', `Bearer ${key}`]) {
      const init = {
        method: 'PUT',
        body: '{}',
        headers: { authorization, 'content-type': 'application/json' },
      }
      expect([401, 403]).toContain((await fetch(`${url}/v1/settings`, init)).status)
    }
  })
})
