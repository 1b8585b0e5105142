/** JSON as the language means it, on pages whose prototypes have a `toJSON` of their own. */

/** As replacer of `JSON.stringify`: what stands in the object, not what a `toJSON` made of it (Prototype.js before 1.7). */
export function raw(this: Record<string, unknown>, key: string): unknown {
  return this[key]
}
