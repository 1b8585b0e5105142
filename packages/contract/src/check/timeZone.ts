/** Which time zones there are. */

let zones: ReadonlySet<string> | undefined

/** Names of all time zones that the engine lists. */
export function timeZones(): ReadonlySet<string> {
  zones ??= new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])
  return zones
}

/**
 * True for the name of a time zone, also for an older one such as `Asia/Calcutta`. An offset such as `+01:00` is no
 * zone: it knows no summer.
 */
export function isTimeZone(name: string): boolean {
  if (timeZones().has(name)) return true
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
