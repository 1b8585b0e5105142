/** `GET /openapi.json` and `GET /docs/api`: what the collector offers, for programs and for people. */
import { createDocument, type OpenApiDocument } from '../openapi/document.ts'
import { createPage, pageStyle } from '../openapi/page.ts'
import { tagged, type Deps, type Route } from '../route.ts'

/**
 * The routes of this file.
 *
 * @param all the whole table, with these
 */
export function openapiRoutes({ hash, metrics }: Deps, all: () => readonly Route[]): Route[] {
  let made: OpenApiDocument | undefined
  // Made when somebody asks, since most collectors are never asked.
  const document = (): OpenApiDocument => (made ??= createDocument(all(), metrics.version))
  const style = Buffer.from(hash.sha256(pageStyle)).toString('base64')
  return [
    {
      method: 'GET',
      path: '/openapi.json',
      access: 'open',
      handle: async ({ request }) =>
        tagged(request, JSON.stringify(document()), hash, {
          'content-type': 'application/json; charset=utf-8',
          'cache-control': 'no-cache',
        }),
    },
    {
      method: 'GET',
      path: '/docs/api',
      access: 'open',
      handle: async ({ request }) =>
        tagged(request, createPage(document()), hash, {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-cache',
          'content-security-policy': `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
          'x-frame-options': 'DENY',
          'referrer-policy': 'no-referrer',
        }),
    },
  ]
}
