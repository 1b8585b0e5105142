/** `GET /readyz`: says whether the collector can take answers now. */
import { isStoreFailure } from '../../core/failure.ts'
import { problem } from '../errors.ts'
import { json, type Deps, type Route } from '../route.ts'

/** How long the store may take, in milliseconds. */
const patience = 2000
const retry = { 'retry-after': '5' }

/** The routes of this file. A collector that is closing answers 503 to everything, so it is not ready either. */
export function readyRoutes({ store, room }: Pick<Deps, 'store' | 'room'>): Route[] {
  return [
    {
      method: 'GET',
      path: '/readyz',
      access: 'open',
      async handle() {
        const failed = await storeFails(store)
        if (failed !== null)
          return problem(503, failed, 'The store does not answer. The log says more.', retry)
        if (room?.isLow())
          return problem(
            503,
            'disk_low',
            'The disk is nearly full, so no answers are taken. Make room.',
            retry,
          )
        return json({ status: 'ready' }, 200, { 'cache-control': 'no-store' })
      },
    },
  ]
}

async function storeFails(store: Deps['store']): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('store_unavailable'), patience)
  })
  const asked = Promise.all([store.site(), store.ready?.()]).then(
    ([site]) => (site ? null : 'store_unavailable'),
    (error: unknown) => (isStoreFailure(error) ? error.code : 'store_unavailable'),
  )
  try {
    return await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}
