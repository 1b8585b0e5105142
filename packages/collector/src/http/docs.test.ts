import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../fixtures.ts'
import { systemHash } from '../system.ts'
import { docsRoutes } from './routes/docs.ts'

function serve(folder: string | null): (path: string) => Promise<Response> {
  const routes = docsRoutes({ docsFiles: folder, hash: systemHash })
  return async (path) => {
    const [one, two, three] = path.split('/').slice(2)
    const names = { ...(one && { one }), ...(two && { two }), ...(three && { three }) }
    const route = routes.find((each) => each.path.split('/').length === path.split('/').length)
    if (route?.access !== 'open') throw new Error(`${path} is not open.`)
    const request = new Request(`http://x${path}`)
    const memory = { take: () => true, release: () => undefined }
    const call = { request, url: new URL(request.url), params: names, network: null, country: null, memory }
    return route.handle(call)
  }
}

it('the documentation is served by the names of its pages, with a policy that lets no inline script through', async () => {
  const folder = temporaryDirectory()
  mkdirSync(join(folder, 'recipes'))
  mkdirSync(join(folder, 'assets', 'chunks'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), 'first')
  writeFileSync(join(folder, 'recipes', 'csp.html'), 'strict')
  writeFileSync(join(folder, 'assets', 'chunks', 'a.1.js'), 'code')
  writeFileSync(join(folder, 'secret'), 'no page')
  const get = serve(folder)
  for (const [path, text] of [
    ['/docs', 'first'],
    ['/docs/', 'first'],
    ['/docs/recipes/csp', 'strict'],
  ] as const) {
    const response = await get(path)
    expect([path, response.status, await response.text()]).toEqual([path, 200, text])
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(response.headers.get('content-security-policy')).toMatch(/script-src 'self';/)
  }
  const chunk = await get('/docs/assets/chunks/a.1.js')
  expect(await chunk.text()).toBe('code')
  expect(chunk.headers.get('cache-control')).toContain('immutable')
  for (const path of ['/docs/gone', '/docs/../secret', '/docs/secret', '/docs/recipes/%2e%2e'])
    expect([path, (await get(path)).status]).toEqual([path, 404])
})
it('where it is not built, a word says how to build it', async () => {
  const response = await serve(null)('/docs')
  expect([response.status, await response.json()]).toMatchObject([404, { code: 'docs_missing' }])
})
