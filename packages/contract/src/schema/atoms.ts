/** The small pieces that all schemas are made of: names, labels, moments and spans, each with its limit. */
import { z } from 'zod'
import type { Scalar } from '../event.ts'
import { exact } from '../exact.ts'

/** Name of an event, a trait, a touchpoint. */
export const name: z.ZodString = z.string().min(1).max(100)
/** Id that somebody writes: of a survey, a question, an option. */
export const identifier: z.ZodString = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1–64 of A–Z a–z 0–9 . _ -')
/** Key that names a language. Whether it makes sense is for `checkTranslations` to say. */
export const languageTag: z.ZodString = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/, 'must be a language tag such as "de" or "pt-BR"')

// A button without words cannot be told from another one, by eye or by ear.
const visible: z.ZodString = z.string().regex(/\S/, 'must be anything that is not empty or blank')
/** Text that stands in one place of the card. */
export const label: z.ZodString = visible.max(500)
/** Text of several sentences. */
export const paragraph: z.ZodString = visible.max(2000)
export const moment: z.ZodISODateTime = z.iso.datetime()
export const days: z.ZodNumber = z.number().min(0).max(3650)
export const seconds: z.ZodNumber = z.number().min(0).max(86_400)
export const someSeconds: z.ZodNumber = z.number().gt(0).max(86_400)
// Bounded, so that nobody can take the last number there is and leave the owner without a next one.
export const version: z.ZodInt = z.int().min(1).max(1_000_000)
/** CSS selector. */
export const selector: z.ZodString = visible.max(300)
/**
 * Identity of a follow-up by `followUpId`, which never has a lone half of a surrogate pair. One would be another text after
 * it was stored, and not be found again.
 */
export const followUpIdentity: z.ZodString = z
  .string()
  .min(1)
  .max(300)
  .refine((text) => !/\p{Cs}/u.test(text), 'must be text of whole characters')

export const scalar: z.ZodType<Scalar> = exact<Scalar>()(
  z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]),
)

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/** Traits, properties, hidden fields. */
export const scalars: z.ZodType<Record<string, Scalar>> = exact<Record<string, Scalar>>()(
  z
    .record(z.string().min(1).max(100), scalar)
    .refine((value) => Object.keys(value).length <= 50, 'must have at most 50 keys')
    .refine((value) => !Object.keys(value).some((key) => forbiddenKeys.has(key)), 'has a forbidden key')
    .meta({ id: 'scalars' }),
)
