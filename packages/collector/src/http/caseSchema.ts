/** Schemas of what staff wants of a case, as it is sent. */
import { z } from 'zod'
import { caseActions, caseReasons, caseRoles, type CaseCommand } from '../core/cases.ts'

const note = z.string().trim().min(1).max(5000)
const message = z.string().trim().min(1).max(2000)
/** Of the case as it was read: then it is refused where somebody has changed it since. */
const version = { version: z.int().min(1).optional() }

/** What is sent: the command without its name, which is in the path. */
export type CaseRequest<Do extends CaseCommand['do']> = Omit<Extract<CaseCommand, { do: Do }>, 'do'> & {
  version?: number | undefined
}

/** By the last part of the path. */
export const caseRequestSchemas: { readonly [Do in CaseCommand['do']]: z.ZodType<CaseRequest<Do>> } = {
  acknowledge: z.strictObject({ note: note.optional(), ...version }),
  act: z.strictObject({ action: z.enum(caseActions).optional(), note: note.optional(), ...version }),
  close: z.strictObject({
    reason: z.enum(caseReasons),
    note: note.optional(),
    message: message.optional(),
    ...version,
  }),
  reopen: z.strictObject({ note, ...version }),
  assign: z.strictObject({
    owner: z.string().min(1).max(64).nullable().optional(),
    role: z.enum(caseRoles).nullable().optional(),
    note: note.optional(),
    ...version,
  }),
  note: z.strictObject({ note, ...version }),
  tell: z.strictObject({ message, ...version }),
}

/** Most cases that are acknowledged at once. */
const mostAtOnce = 100

/** Cases that are acknowledged at once. */
export const bulkRequestSchema: z.ZodType<{ cases: string[] }> = z.strictObject({
  cases: z.array(z.string().min(1).max(64)).min(1).max(mostAtOnce),
})
