/** A thing that is fetched once, and again only after it failed. */

export function once<Thing>(fetchIt: () => Promise<Thing>): () => Promise<Thing> {
  let thing: Promise<Thing> | undefined
  return () => {
    thing ??= fetchIt()
    thing.catch(() => (thing = undefined))
    return thing
  }
}
