/** What a start prints: where the collector listens, its keys, and the script tag. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CollectorOptions } from '../index.ts'
import { addressOf } from '../stores/postgresText.ts'

/**
 * @param url where it listens
 * @param address where pages reach it
 */
export function welcome(
  url: string,
  address: string,
  site: { writeKey: string; adminToken?: string | undefined },
  settings: CollectorOptions,
): string {
  const token =
    site.adminToken !== undefined
      ? `${site.adminToken}   (shown only now: it is stored as a hash)`
      : settings.adminToken !== undefined
        ? 'as set in EARSHOT_ADMIN_TOKEN'
        : `was shown at the first start. For a new one: earshot-collector keys --new-admin-token ${settings.store === undefined ? `--data ${settings.data}` : '--store …'}`
  return `Earshot collector
  address      ${url}
  dashboard    ${address}/dashboard
  data         ${settings.store === undefined ? settings.data : addressOf(settings.store)}
  write key    ${site.writeKey}
  admin token  ${token}

Put this on your pages:
  <script async src="${address}/earshot.js" data-key="${site.writeKey}"></script>
and make a survey at ${address}/dashboard/surveys
${filesHint(settings.browserFiles)}`
}

/** A tag whose script is not there would fail silently on every page. */
function filesHint(browserFiles: string | undefined): string {
  return browserFiles !== undefined && existsSync(join(browserFiles, 'earshot.js'))
    ? ''
    : `(earshot.js is not served yet: there is none in ${browserFiles ?? 'this package'}; build the SDK, or name another --browser-files)\n`
}
