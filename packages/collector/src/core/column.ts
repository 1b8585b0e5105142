/** Columns of numbers in as few bytes as they need: values by the numbers of a dictionary, and moments. */
import type { Millis } from './time.ts'

/** Numbers of one column of a chunk; without `values` all of them are `constant`. */
export interface Column {
  constant: number
  values: Uint8Array | Uint16Array | Uint32Array | null
}

/** Moments of one column of a chunk. */
export interface Times {
  /** Milliseconds after `base`; null: all of them are `base`. */
  offsets: Uint32Array | Float64Array | null
  base: Millis
  /** The first and the last of them. */
  least: Millis
  most: Millis
}

/** Packs the first `size` numbers. */
export function packColumn(numbers: Uint32Array, size: number): Column {
  const first = numbers[0] ?? 0
  let most = 0
  let isConstant = true
  for (let index = 0; index < size; index++) {
    const each = numbers[index] ?? 0
    if (each > most) most = each
    if (each !== first) isConstant = false
  }
  if (isConstant) return { constant: first, values: null }
  const part = numbers.subarray(0, size)
  const values = most < 0x100 ? new Uint8Array(part) : most < 0x10000 ? new Uint16Array(part) : part.slice()
  return { constant: 0, values }
}

/** Packs the first `size` moments; NaN for those that there are not, whose place then says nothing. */
export function packTimes(moments: Float64Array, size: number): Times {
  let least = Infinity
  let most = -Infinity
  for (let index = 0; index < size; index++) {
    const each = moments[index] ?? NaN
    if (each < least) least = each
    if (each > most) most = each
  }
  if (!(most > least)) return { offsets: null, base: least, least, most }
  const offsets = most - least < 2 ** 32 ? new Uint32Array(size) : new Float64Array(size)
  for (let index = 0; index < size; index++) offsets[index] = (moments[index] ?? NaN) - least || 0
  return { offsets, base: least, least, most }
}

/** One number of a column. */
export function numberAt({ values, constant }: Column, index: number): number {
  return values === null ? constant : (values[index] ?? 0)
}

/** One moment of a column. */
export function timeAt({ offsets, base }: Times, index: number): Millis {
  return offsets === null ? base : base + (offsets[index] ?? 0)
}

/** The values of a column by their numbers; 0 stands for none. */
export interface Dictionary<Value> {
  values: Value[]
  /** There were more than it holds, so its column tells nothing. */
  isFull: boolean
  /** The number of a value; 0 where it is full. */
  numberOf(key: string | number, value: Value): number
}

/** Most different values of a column. More are no segments that anybody could look at. */
const mostValues = 5000

/** Begins a dictionary; `none` is what 0 stands for. */
export function createDictionary<Value>(none: Value): Dictionary<Value> {
  const numbers = new Map<string | number, number>()
  const dictionary: Dictionary<Value> = {
    values: [none],
    isFull: false,
    numberOf(key, value) {
      const known = numbers.get(key)
      if (known !== undefined) return known
      if (dictionary.isFull || numbers.size >= mostValues) {
        dictionary.isFull = true
        return 0
      }
      const number = dictionary.values.length
      dictionary.values.push(value)
      numbers.set(key, number)
      return number
    },
  }
  return dictionary
}
