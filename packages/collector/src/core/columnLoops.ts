/** Loops over one chunk of columns at a time, in arrays of one type: so they are as fast as such loops can be. */
import type { Column, Times } from './column.ts'
import { chunkSize, type Chunk } from './columns.ts'
import type { Millis } from './time.ts'

/** A condition: which numbers of a column are let in. */
export interface Sieve {
  columnOf(chunk: Chunk): Column
  lets: Uint8Array
}

/** 1 where a row counts. */
export const mask: Uint8Array<ArrayBuffer> = new Uint8Array(chunkSize)
/** A mask that is needed again. */
export const kept: Uint8Array<ArrayBuffer> = new Uint8Array(chunkSize)
/** What is counted: numbers of scores, or flags. */
export const values: Uint16Array<ArrayBuffer> = new Uint16Array(chunkSize)
/** The segment of each row. */
export const split: Uint16Array<ArrayBuffer> = new Uint16Array(chunkSize)
const moments = new Float64Array(chunkSize)
const sieved = new Uint16Array(chunkSize)

/** Writes the numbers of a column. */
export function expand(column: Column, into: Uint16Array, size: number): void {
  if (column.values === null) into.fill(column.constant, 0, size)
  else into.set(column.values)
}

/** Has the moments at hand for `keepWithin`. */
export function expandTimes({ offsets, base }: Times, size: number): void {
  if (offsets === null) moments.fill(base, 0, size)
  else {
    moments.set(offsets)
    for (let index = 0; index < size; index++) moments[index] = (moments[index] as number) + base
  }
}

/** Leaves only those rows in the mask whose number is let in. */
export function sieve(numbers: Uint16Array, lets: Uint8Array, size: number): void {
  for (let index = 0; index < size; index++)
    mask[index] = (mask[index] as number) & (lets[numbers[index] as number] as number)
}

/** Leaves only those rows in the mask that are of a period. */
export function keepWithin(from: Millis, to: Millis, size: number): void {
  for (let index = 0; index < size; index++) {
    const moment = moments[index] as number
    if (!(moment >= from && moment < to)) mask[index] = 0
  }
}

/** Has what is written alike under one number. */
export function merge(numbers: Uint16Array, alike: Uint32Array, size: number): void {
  for (let index = 0; index < size; index++) numbers[index] = alike[numbers[index] as number] as number
}

/** Counts by value; the cell of the value 0 is the `first`. */
export function add(cells: Float64Array, first: number, size: number): void {
  for (let index = 0; index < size; index++) {
    const cell = first + (values[index] as number)
    cells[cell] = (cells[cell] as number) + (mask[index] as number)
  }
}

/** Counts by segment and value; a segment has `width` cells. */
export function addSplit(cells: Float64Array, width: number, size: number): void {
  for (let index = 0; index < size; index++) {
    const cell = (split[index] as number) * width + (values[index] as number)
    cells[cell] = (cells[cell] as number) + (mask[index] as number)
  }
}

/** Marks the rows that count with 1; false where there are none. */
export function fillMask(chunk: Chunk, sieves: readonly Sieve[], left: number): boolean {
  const { size, flags } = chunk
  if (flags.values === null) {
    if ((flags.constant & left) !== 0) return false
    mask.fill(1, 0, size)
  } else {
    expand(flags, sieved, size)
    for (let index = 0; index < size; index++) mask[index] = ((sieved[index] as number) & left) === 0 ? 1 : 0
  }
  for (const { columnOf, lets } of sieves) {
    const column = columnOf(chunk)
    if (column.values === null) {
      if (lets[column.constant] !== 1) return false
    } else {
      expand(column, sieved, size)
      sieve(sieved, lets, size)
    }
  }
  return true
}
