/** `GET /metrics`: counters for Prometheus, for those who have the metrics token or the admin token. */
import { readBearer } from '../../core/auth.ts'
import type { AdminToken } from '../../core/keyring.ts'
import { tokenOf } from '../access.ts'
import { problem } from '../errors.ts'
import { tooMany } from '../limits.ts'
import type { Deps, Route } from '../route.ts'
import { sha256Hex } from '../secret.ts'

/**
 * The routes of this file.
 *
 * A token is wanted on loopback too: behind a proxy on the same machine, which is how a collector should be run, everybody
 * comes from there. The token of its own keeps the admin token, which opens the answers, out of the monitoring.
 */
export function metricsRoutes(deps: Deps): Route[] {
  const { store, hash, clock, metrics, metricsTokenHash, guesses } = deps
  return [
    {
      method: 'GET',
      path: '/metrics',
      access: 'open',
      async handle({ request, network }) {
        const bearer = readBearer(request.headers.get('authorization'))
        const given = bearer.kind === 'token' ? bearer.token : ''
        const hashed = sha256Hex(given, hash)
        // Else whoever guesses would do it here.
        const wait = given === '' ? 0 : guesses.wait(network, hashed)
        if (wait > 0) return tooMany(wait)
        // The store is asked last, so that a monitor with its own token sees also that the store is down.
        const isLetIn =
          given !== '' &&
          ((metricsTokenHash !== null && hash.equal(hash.sha256(given), metricsTokenHash)) ||
            // What is counted is that of all sites.
            isForAll(tokenOf(given, await store.keyring(), { hash, clock })))
        if (isLetIn) guesses.right(hashed)
        else if (given !== '') guesses.wrong(network, hashed)
        if (!isLetIn)
          return problem(
            401,
            'not_authenticated',
            'Send the metrics token as "Authorization: Bearer mt_…" (preset it with EARSHOT_METRICS_TOKEN), or the admin token.',
            { 'www-authenticate': 'Bearer realm="earshot"' },
          )
        return new Response(await metrics.text(), {
          headers: { 'content-type': metrics.contentType, 'cache-control': 'no-store' },
        })
      },
    },
  ]
}

function isForAll(token: AdminToken | null): boolean {
  return token !== null && token.site === null && token.role === 'admin'
}
