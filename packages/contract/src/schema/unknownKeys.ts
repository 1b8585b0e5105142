/** Finds keys that a schema does not know. Parsing drops them, so that whoever wrote one would never learn of it. */
import { z } from 'zod'
import { namesInWords, type Path, type Report } from '../check/report.ts'

type Schema = z.core.$ZodType

/** Most unknown keys of one object that are told one by one. */
const mostKeys = 20

/** Warns of each key in `value` that `schema` does not know, with the name that may have been meant. */
export function reportUnknownKeys(report: Report, schema: Schema, value: unknown, at: Path = []): void {
  if (typeof value !== 'object' || value === null) return
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    reportUnknownKeys(report, schema.def.innerType, value, at)
  else if (schema instanceof z.ZodArray) {
    if (Array.isArray(value))
      for (const [index, each] of value.entries())
        reportUnknownKeys(report, schema.def.element, each, [...at, index])
  } else if (schema instanceof z.ZodRecord)
    for (const [key, each] of Object.entries(value))
      reportUnknownKeys(report, schema.def.valueType, each, [...at, key])
  else if (schema instanceof z.ZodUnion) {
    const branch = branchOf(schema, value)
    if (branch) reportUnknownKeys(report, branch, value, at)
  } else if (schema instanceof z.ZodObject && !Array.isArray(value)) {
    const shape: Readonly<Record<string, Schema>> = schema.def.shape
    const names = Object.keys(shape)
    const unknown = Object.keys(value).filter((key) => !Object.hasOwn(shape, key))
    for (const key of unknown.slice(0, mostKeys))
      report.warning({
        at: [...at, key],
        found: key,
        allowed: namesInWords(names),
        problem: 'is no key that there is, and is ignored',
        names: names.filter((each) => !Object.hasOwn(value, each)),
      })
    for (const [key, each] of Object.entries(value))
      if (Object.hasOwn(shape, key)) reportUnknownKeys(report, shape[key]!, each, [...at, key])
  }
}

/** The alternative that parsing takes; where none fits, the one that was meant by its keys. */
function branchOf(union: z.ZodUnion, value: object): Schema | undefined {
  const options = union.options.filter((each) => each instanceof z.ZodObject || each instanceof z.ZodArray)
  const fitting = options.find((each) => each.safeParse(value).success)
  if (fitting) return fitting
  if (union instanceof z.ZodDiscriminatedUnion) {
    const key = union.def.discriminator
    return options.find(
      (each) =>
        each instanceof z.ZodObject &&
        (each.shape[key] as z.ZodType).safeParse((value as Record<string, unknown>)[key]).success,
    )
  }
  return options.find((each) =>
    each instanceof z.ZodArray
      ? Array.isArray(value)
      : Object.keys(each.shape).some((key) => Object.hasOwn(value, key)),
  )
}
