/** JSON as the language means it, on pages whose prototypes have a `toJSON` of their own. */

type Replacer = (this: Record<string, unknown>, key: string) => unknown

/** As replacer of `JSON.stringify`: what stands in the object, not what a `toJSON` made of it (Prototype.js before 1.7). */
export const raw: Replacer = function (key) {
  return this[key]
}
