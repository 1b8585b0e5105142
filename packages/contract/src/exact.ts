/** Proof at compile time that a zod schema parses exactly an interface: equal to it, not merely assignable. */
import type { z } from 'zod'

/** True only for identical types. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** The same type with intersections written out, so that `A & B` is identical to the object that has the fields of both. */
export type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { [Key in keyof T]: Plain<T[Key]> }
    : T

/** Takes a schema only if its output is identical to `Want`. */
export type Exact<Want> = <Schema extends z.ZodType>(
  schema: Equal<Plain<z.output<Schema>>, Plain<Want>> extends true ? Schema : never,
) => z.ZodType<Want>

/**
 * Gives the schema back, typed by the interface; does not compile when their types differ in any field.
 *
 * @example
 * export const problemSchema: z.ZodType<Problem> = exact<Problem>()(z.object({ … }))
 */
export function exact<Want>(): Exact<Want> {
  return (schema) => schema as unknown as z.ZodType<Want>
}
