/** Schemas of what is put about mail. */
import { z } from 'zod'
import { addressFlaw } from '../core/mailAddress.ts'
import type { Texts } from '../core/followUpPlan.ts'
import { canonicalTag } from '@earshot/contract'
import { subjects, texts } from './followUpSchema.ts'

const tag = z
  .string()
  .max(35)
  .refine((text) => canonicalTag(text) !== undefined, 'must be a language like "de" or "pt-BR"')

const email = z.string().superRefine((text, context) => {
  const flaw = addressFlaw(text)
  if (flaw !== null) context.addIssue({ code: 'custom', message: flaw })
})

/** Where somebody is written to. */
export const mailAddressSchema: z.ZodType<{ email: string; locale?: string | undefined }> = z.strictObject({
  email,
  locale: tag.optional(),
})

/** Why somebody is put on the list of those who want no mail. */
export const unsubscribeSchema: z.ZodType<{ reason?: string | undefined }> = z.strictObject({
  reason: z.string().trim().min(1).max(500).optional(),
})

/** Why somebody is taken from it. */
export const resubscribeReasons: readonly string[] = ['asked', 'mistake']

/** A message that is looked at before anybody gets it. */
export interface PreviewRequest {
  survey?: string | undefined
  subject?: Texts | undefined
  text?: Texts | undefined
  locale?: string | undefined
}
const previewFields = {
  survey: z.string().min(1).max(64).optional(),
  subject: subjects.optional(),
  text: texts.optional(),
  locale: tag.optional(),
}

/** The same as it is sent. */
export const previewSchema: z.ZodType<PreviewRequest> = z.strictObject(previewFields)

/** The same, with whom it is sent to. */
export const mailTestSchema: z.ZodType<PreviewRequest & { to: string }> = z.strictObject({
  ...previewFields,
  to: email,
})

/** How long links that were sent go on working. */
export const rotationSchema: z.ZodType<{ days?: number | undefined }> = z.strictObject({
  days: z.number().min(0).max(365).optional(),
})
