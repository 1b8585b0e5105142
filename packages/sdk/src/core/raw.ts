/** JSON as the language means it, on pages whose prototypes have a `toJSON` of their own. */

type Replacer = (this: Record<string, unknown>, key: string) => unknown

/** As replacer of `JSON.stringify`: what stands in the object, not what a `toJSON` made of it (Prototype.js before 1.7). */
export const raw: Replacer = function (key) {
  return this[key]
}

/** A copy that shares nothing with what it is of; `revive` as in `JSON.parse`. */
export const copyOf = <Value>(value: Value, revive?: (key: string, value: unknown) => unknown): Value =>
  JSON.parse(JSON.stringify(value, raw), revive) as Value
