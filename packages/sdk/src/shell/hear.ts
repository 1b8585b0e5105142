/** Hears an event of the platform until it is no longer wanted. */

/**
 * @param callback of this call alone: the same one is heard once
 * @returns stops it
 */
export function hear(target: EventTarget, type: string, callback: (event: Event) => void): () => void {
  target.addEventListener(type, callback)
  return () => target.removeEventListener(type, callback)
}
