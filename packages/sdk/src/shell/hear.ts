/** Hears an event of the platform until it is no longer wanted. */

/** @returns stops it */
export function hear(target: EventTarget, type: string, callback: (event: Event) => void): () => void {
  const end = new AbortController()
  // Of the options only `signal` is read, and a controller has one.
  target.addEventListener(type, callback, end)
  return () => end.abort()
}
