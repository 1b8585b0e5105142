/** `GET /healthz`: says that the process answers. */
import { json, type Route } from '../route.ts'

/** The routes of this file. */
export function healthRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      access: 'open',
      handle: async () => json({ status: 'ok' }, 200, { 'cache-control': 'no-store' }),
    },
  ]
}
