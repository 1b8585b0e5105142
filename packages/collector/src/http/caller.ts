/** Who asks, as far as it is looked at: the network, and the country where the operator wants to know it. */
import { readCountry } from '../core/country.ts'
import { createFindNetwork, createIsProxy } from './network.ts'

/** Who asks. */
export interface Caller {
  /** Null when it cannot be told; see `FindNetwork`. */
  network: string | null
  /** ISO 3166-1 alpha-2; null when nobody asked for it, or no trusted proxy says it. */
  country: string | null
}

/** Nobody of whom anything is known. */
export const someone: Caller = { network: null, country: null }

/**
 * Finds out who asks.
 *
 * @param peer the address at the other end of the connection
 * @param header gives a header of the request by its name in lower case
 */
export type FindCaller = (peer: string | undefined, header: (name: string) => string | undefined) => Caller

/**
 * Makes the way to find out.
 *
 * @param proxies that are trusted
 * @param countryHeader in which such a proxy says the country; without it nobody is asked
 * @example
 * const find = createFindCaller(['loopback'], 'cf-ipcountry')
 */
export function createFindCaller(proxies: readonly string[], countryHeader: string | undefined): FindCaller {
  const findNetwork = createFindNetwork(proxies)
  const isProxy = createIsProxy(proxies)
  const name = countryHeader?.toLowerCase()
  return (peer, header) => ({
    network: findNetwork(peer, header('x-forwarded-for')),
    // Anybody else can write what they like into it.
    country: name !== undefined && isProxy(peer) ? readCountry(header(name)) : null,
  })
}

/** Throws when the name of a header is none, or anybody could send it. */
export function assertCountryHeader(name: string, trustProxy: readonly string[]): void {
  if (!/^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name))
    throw new Error(
      `countryHeader is "${name}"; it must be the name of a header that your proxy sets, like "cf-ipcountry".`,
    )
  if (trustProxy.length === 0)
    throw new Error(
      'countryHeader needs a proxy that is trusted: name it with trustProxy or --trust-proxy. Else anybody could say any country.',
    )
}
