import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { start, temporaryDirectory } from '../fixtures.ts'
import { systemHash } from '../system.ts'
import type { Route } from './route.ts'
import { dashboardRoutes } from './routes/dashboard.ts'

const script = `export const text = '${'a'.repeat(5000)}'`
let routes: Route[]
beforeEach(() => {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'assets'))
  writeFileSync(join(directory, 'index.html'), '<!doctype html>')
  writeFileSync(join(directory, 'preview.html'), '<!doctype html>')
  writeFileSync(join(directory, 'mail.html'), '<!doctype html>')
  writeFileSync(join(directory, 'secret'), 'no file of the dashboard')
  writeFileSync(join(directory, 'assets', 'index-1.js'), script)
  routes = dashboardRoutes({ dashboardFiles: directory, hash: systemHash })
})

async function get(
  path: string,
  params: Record<string, string> = {},
  headers: object = {},
): Promise<Response> {
  const route = routes.find((each) => each.path === path)
  if (route?.access !== 'open') throw new Error(`${path} is not open.`)
  const request = new Request(`http://x${path}`, { headers: { ...headers } })
  const memory = { take: () => true, release: () => undefined }
  return route.handle({
    request,
    url: new URL(request.url),
    params,
    network: null,
    country: null,
    memory,
  })
}

describe('the files of the dashboard', () => {
  it('are one document for every page, which may hold no inline code and stand in no frame', async () => {
    for (const path of ['/dashboard', '/dashboard/', '/dashboard/{page}', '/dashboard/{page}/{id}']) {
      const response = await get(path, { page: '..', id: 'x' })
      expect([response.status, await response.text()]).toEqual([200, '<!doctype html>'])
      const policy = response.headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/unsafe|https?:|\*/)
      expect(response.headers.get('x-frame-options')).toBe('DENY')
      expect(response.headers.get('cache-control')).toBe('no-cache')
    }
    const preview = await get('/dashboard/preview.html')
    expect(preview.headers.get('content-security-policy')).toContain("frame-ancestors 'self'")
    const letter = (await get('/dashboard/mail.html')).headers.get('content-security-policy') ?? ''
    expect(letter).toMatch(/^default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; /)
    for (const part of ["form-action 'none'", "frame-ancestors 'self'", "require-trusted-types-for 'script'"])
      expect(letter).toContain(part)
    expect(letter).not.toMatch(/connect-src|img-src|https?:|\*/)
  })
  it('are kept for ever where their name says what is in them, and packed for who can unpack them', async () => {
    const path = '/dashboard/assets/{name}'
    const plain = await get(path, { name: 'index-1.js' })
    expect(plain.headers.get('cache-control')).toContain('immutable')
    expect(await plain.text()).toBe(script)
    const packed = await get(path, { name: 'index-1.js' }, { 'accept-encoding': 'br, gzip' })
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    const bytes = Buffer.from(await packed.arrayBuffer())
    expect(bytes.length).toBeLessThan(500)
    expect(gunzipSync(bytes).toString()).toBe(script)
    const again = await get(
      path,
      { name: 'index-1.js' },
      { 'if-none-match': plain.headers.get('etag') ?? '' },
    )
    expect(again.status).toBe(304)
  })
  it('are those of their folder and no other', async () => {
    for (const name of ['../secret', '../index.html', 'gone.js', '.', '..', '', 'assets', '%2e%2e/secret'])
      expect((await get('/dashboard/assets/{name}', { name })).status).toBe(404)
    routes = dashboardRoutes({ dashboardFiles: null, hash: systemHash })
    expect((await get('/dashboard')).status).toBe(404)
  })
})

describe('the collector', () => {
  it('serves what its package brings along, also deep below', async () => {
    const { url } = await start()
    for (const path of ['/dashboard', '/dashboard/surveys/a%2Fb?period=7d']) {
      const response = await fetch(url + path)
      const text = await response.text()
      expect(text).toContain('<div id="app">')
      for (const [, asset] of text.matchAll(/(?:src|href)="(\/dashboard\/assets\/[^"]+)"/g))
        expect((await fetch(url + asset)).status).toBe(200)
    }
    expect((await fetch(`${url}/dashboard/a/b/c`)).status).toBe(404)
  })
})
