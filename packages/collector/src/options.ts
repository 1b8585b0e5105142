/** How a collector is set up, and what is wrong with it. */
import { assertOneOf } from './core/assertOneOf.ts'
import { assertAdminToken, assertMetricsToken, assertWriteKey, isExactOrigin } from './core/auth.ts'
import { assertCountryHeader } from './http/caller.ts'
import { assertProxies } from './http/network.ts'
import type { Clock, Log, Random } from './ports/world.ts'
import { readLogAddress } from './stores/natsAddress.ts'
import { assertStore } from './stores/postgresText.ts'

/** How a collector is set up. */
export interface CollectorOptions {
  /**
   * Directory for the data; made when it is missing. `:memory:` keeps everything in memory and forgets it. Needed when there
   * is no `store`, and not used when there is one.
   */
  data?: string | undefined
  /**
   * Address of a PostgreSQL database, `postgres://user:password@host:5432/database`; several collectors may share it.
   * Default: a SQLite file in `data`.
   */
  store?: string | undefined
  /**
   * Addresses of the NATS servers of a log in front of `store`, `nats://user:password@one:4222,two:4222,three:4222`. Answers are
   * then acknowledged when a quorum of them has it on its disks, and written to the store after. Default: none.
   */
  eventLog?: string | undefined
  /** Whether this collector also brings what is in the log into the store. Default: yes. */
  worker?: boolean | undefined
  /** Public key of the site, `pk_…`. Default: the stored one, or a new one at the first start. */
  writeKey?: string | undefined
  /** Secret of the site, `sk_…`. Default: the stored one, or a new one at the first start. */
  adminToken?: string | undefined
  /** Secret that opens `/metrics` and nothing else, `mt_…`. Default: none, and the admin token opens it. */
  metricsToken?: string | undefined
  /** Free bytes on the disk below which no answers are taken. Default 64 MiB. */
  diskFloor?: number | undefined
  /** Exact origins whose pages may send and read, for example `https://shop.example` or `capacitor://localhost`. Default: any. */
  origins?: readonly string[] | undefined
  /** Whether surveys may come with the events of a page. Default `accept`. */
  inlineSurveys?: 'accept' | 'refuse' | undefined
  /**
   * Whether a survey that is put must say its `purpose` and its `owner`; what is stored stays as it is. The command line
   * requires both. Default here `optional`: the program that embeds the collector decides.
   */
  surveyPurpose?: 'required' | 'optional' | undefined
  /** Directory with `earshot.js`, its chunks (`card.js`, …) and `version.json` as the SDK builds them. Default: none are served. */
  browserFiles?: string | undefined
  /**
   * Proxies in front whose `x-forwarded-for` is believed: addresses, networks like `10.0.0.0/8`, `loopback` and `private`.
   * Default: none. Without it, who comes from a private address is known by no network, and so has no limit of one.
   */
  trustProxy?: readonly string[] | undefined
  /**
   * Header in which a proxy of `trustProxy` says the country of a visitor, for example `cf-ipcountry`. It is then kept with each
   * event. Default: none, and no country is looked at or kept.
   */
  countryHeader?: string | undefined
  /** Most requests of pages in a minute from one network (24 bits of IPv4, 48 of IPv6). 0: any number. Default 1200. */
  networkRate?: number | undefined
  /**
   * New visitors who may begin to answer from one network at once, and again within ten minutes; what further ones answer is
   * doubted, kept and counted apart. 0: any number. Default 30.
   */
  burst?: number | undefined
  /** Whether webhooks may be in the own network, on any port and without encryption. Default: no. */
  allowPrivateWebhooks?: boolean | undefined
  /**
   * The server that mail goes out by, `smtp://user:password@host:587` (or `smtps://`), and who it is from, `Acme <hi@acme.example>`.
   * Needs `publicUrl`. Default: no mail.
   */
  mail?: { smtp: string; from: string } | undefined
  /** Where people reach the collector, `https://feedback.example.com`: the links of messages lead there. */
  publicUrl?: string | undefined
  /** Default: the machine's clock. */
  clock?: Clock | undefined
  /** Default: randomness of the operating system. */
  random?: Random | undefined
  /** Whether the log has a line for each request, with its route, status and time. Default: no. */
  logRequests?: boolean | undefined
  /** Default: JSON lines on standard error. */
  log?: Log | undefined
}

/**
 * Checks all options that can be checked before anything is opened.
 *
 * @returns the origins that are allowed, or null for any
 * @throws when one is wrong; the message says how to mend it
 */
export function checkOptions(options: CollectorOptions): string[] | null {
  if (options.eventLog !== undefined) {
    readLogAddress(options.eventLog)
    if (options.store === undefined)
      throw new Error('A log stands in front of a database: name it too, with store or --store postgres://….')
  }
  if (options.store !== undefined) assertStore(options.store)
  else if (typeof options.data !== 'string' || options.data === '')
    throw new Error("createCollector needs a directory for the data, for example { data: './earshot-data' }.")
  if (options.writeKey !== undefined) assertWriteKey(options.writeKey)
  if (options.adminToken !== undefined) assertAdminToken(options.adminToken)
  if (options.metricsToken !== undefined) assertMetricsToken(options.metricsToken)
  assertOneOf('inlineSurveys', options.inlineSurveys, ['accept', 'refuse'])
  assertOneOf('surveyPurpose', options.surveyPurpose, ['required', 'optional'])
  const { networkRate = 0, trustProxy = [], countryHeader } = options
  assertProxies(trustProxy)
  if (countryHeader !== undefined) assertCountryHeader(countryHeader, trustProxy)
  if (!Number.isInteger(networkRate) || networkRate < 0)
    throw new Error(
      `networkRate is ${networkRate}; it must be a whole number of requests a minute, or 0 for any.`,
    )
  for (const origin of options.origins ?? []) {
    if (isExactOrigin(origin)) continue
    const exact = URL.canParse(origin) ? new URL(origin).origin : null
    const hint =
      exact === null || exact === 'null' ? 'write it like "https://shop.example"' : `write "${exact}"`
    throw new Error(`"${origin}" is not an exact origin; ${hint}, without path, slash or wildcard.`)
  }
  return options.origins && options.origins.length > 0 ? [...options.origins] : null
}
