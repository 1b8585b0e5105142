import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { keys, npsSurvey, start } from '../../fixtures.ts'
import { createRoutes } from '../routes.ts'
import type { Deps } from '../route.ts'
import { createChecker } from './checked.fixtures.ts'
import { createDocument, documentPath, type OpenApiDocument } from './document.ts'

// Routes do nothing before they are called, so they need nothing.
const routes = createRoutes({ hash: { sha256: () => new Uint8Array() } } as unknown as Deps)

describe('the OpenAPI document', () => {
  it('is valid, has every route of the handler, and nothing else', async () => {
    const { url } = await start()
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApiDocument
    expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true })
    const said = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const there = routes.map(({ method, path }) => `${method} ${documentPath(path)}`)
    expect(said.toSorted()).toEqual([...new Set(there)].toSorted())
  })
  it('cannot be made without a route, or with one too many', () => {
    expect(() =>
      createDocument([...routes, { ...routes[0], path: '/v1/new' } as (typeof routes)[0]], '1'),
    ).toThrow(/POST \/v1\/new is not in operations\.ts/)
    expect(() => createDocument(routes.slice(1), '1')).toThrow(
      /POST \/v1\/feedback is in operations\.ts and no route/,
    )
  })
  it('says which routes want which token', async () => {
    const document = createDocument(routes, '1')
    const { url } = await start()
    for (const [path, methods] of Object.entries(document.paths))
      for (const [method, operation] of Object.entries(methods)) {
        const security = operation['security'] as object[]
        const response = await fetch(url + path.replaceAll(/\{\w+\}/g, 'x'), { method: method.toUpperCase() })
        const wants = response.headers.get('www-authenticate') !== null
        expect([path, method, wants]).toEqual([path, method, security.length > 0])
      }
  })
  it('finds an answer that it does not describe', async () => {
    const { check } = createChecker(createDocument(routes, '1'))
    const answer = (body: unknown, status = 200): Response => Response.json(body, { status })
    const receipt = { accepted: [], duplicates: [], rejected: [] }
    expect(await check('POST', '/v1/feedback', answer(receipt))).toBeNull()
    expect(await check('POST', '/v1/feedback', answer({ ...receipt, more: 1 }))).toMatch(
      /additional properties/,
    )
    expect(await check('POST', '/v1/feedback', answer({ accepted: [] }))).toMatch(/required property/)
    expect(await check('POST', '/v1/feedback', answer(receipt, 202))).toMatch(/no such status/)
    expect(await check('GET', '/v2', answer({}))).toMatch(/no such operation/)
    expect(await check('GET', '/v1/stats', answer({ events: 'many' }))).not.toBeNull()
    expect(await check('GET', '/v1/surveys', answer({ surveys: [{ id: 'a' }] }))).not.toBeNull()
  })
})

describe('the page of the document', () => {
  it('has every operation and every schema, and needs no script and no other host', async () => {
    const { url } = await start()
    const response = await fetch(`${url}/docs/api`)
    const html = await response.text()
    for (const { method, path } of routes)
      expect(html).toContain(`<span class="method">${method}</span> ${documentPath(path)}`)
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']{44}'; /,
    )
    expect(html).not.toMatch(/<script|\son\w+=|https?:\/\/(?!json-schema\.org)|<link|<img/)
    for (const [, id] of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${id}"`)
  })
  it('is not sent again to whom has it', async () => {
    const { url, put } = await start()
    await put(npsSurvey)
    for (const path of ['/docs/api', '/openapi.json']) {
      const first = await fetch(url + path)
      await first.text()
      const again = await fetch(url + path, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
      expect(again.status).toBe(304)
    }
    expect(keys.writeKey).not.toBe('')
  })
})
