/** `GET /v1/config`: the surveys that the SDK shows, and the settings of the site. */
import { isPlain, type Config } from '@earshot/contract'
import { tagged, type Deps, type Route } from '../route.ts'
import { letPageIn } from '../access.ts'

/** The routes of this file. */
export function configRoutes(deps: Deps): Route[] {
  const { store, hash } = deps
  return [
    {
      method: 'GET',
      path: '/v1/config',
      access: 'browser',
      async handle({ request, url, ring, network }) {
        const page = letPageIn(ring, url.searchParams.get('key'), request, network, deps)
        if (!page.ok) return page.response
        const { site } = page
        const [surveys, settings] = await Promise.all([store.servedSurveys(site.id), store.settings(site.id)])
        const plain = surveys.filter(isPlain).map((each) => each.id)
        const config: Config = { version: 1, surveys, plain, ...(settings && { settings }) }
        return tagged(request, JSON.stringify(config), hash, {
          'content-type': 'application/json; charset=utf-8',
          'cache-control': 'public, max-age=60',
        })
      },
    },
  ]
}
