/** Refuses an option that is neither of the two that it may be. */
export function assertOneOf(
  name: string,
  value: string | undefined,
  [one, other]: readonly [string, string],
): void {
  if (value !== undefined && value !== one && value !== other)
    throw new Error(`${name} is "${String(value)}"; use "${one}" or "${other}".`)
}
