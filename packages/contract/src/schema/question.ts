/** Schema of questions. */
import { z } from 'zod'
import { exact } from '../exact.ts'
import type { Jump, Question } from '../question.ts'
import { maxTextLength } from '../version.ts'
import { identifier, label, name, paragraph } from './atoms.ts'
import { rule } from './rule.ts'

const jump: z.ZodType<Jump> = exact<Jump>()(z.object({ when: rule.optional(), to: identifier }))

const base = {
  id: identifier,
  title: label,
  when: rule.optional(),
  required: z.boolean().optional(),
  next: z.array(jump).max(20).optional(),
  known: name.optional(),
}

/** Where a link may lead. No other scheme: `javascript:` would run in the host page. */
const href = z
  .string()
  .max(2000)
  .regex(
    /^(?:https?:\/\/[^\s/\\]\S*|mailto:\S+|\/(?![/\\])\S*)$/,
    'must begin with https://, http:// or mailto:, or be a path that begins with one /',
  )

const choices = z.int().min(0).max(51)

export const question: z.ZodType<Question> = exact<Question>()(
  z.discriminatedUnion('kind', [
    z.object({
      ...base,
      kind: z.literal('scale'),
      metric: z.enum(['nps', 'enps', 'csat', 'ces1', 'ces2', 'rating']),
      min: z.int().min(0).max(1),
      max: z.int().min(1).max(10),
      positive: z.array(z.int()).min(1).max(11),
      negative: z.array(z.int()).max(11),
      low: label,
      high: label,
      look: z.enum(['numbers', 'stars', 'faces', 'thumbs']).optional(),
    }),
    z.object({
      ...base,
      kind: z.literal('text'),
      maxLength: z.int().min(1).max(maxTextLength),
      minLength: z.int().min(0).max(maxTextLength).optional(),
      input: z.enum(['long', 'short', 'email', 'number']).optional(),
      least: z.number().optional(),
      most: z.number().optional(),
      pattern: z.string().min(1).max(500).optional(),
      hint: label.optional(),
    }),
    z.object({
      ...base,
      kind: z.literal('choice'),
      options: z
        .array(z.object({ id: identifier, label }))
        .min(1)
        .max(50),
      multiple: z.boolean().optional(),
      least: choices.optional(),
      most: choices.optional(),
      other: label.optional(),
      positive: z.array(identifier).min(1).max(51).optional(),
      shuffle: z.boolean().optional(),
    }),
    z.object({
      ...base,
      kind: z.literal('yesno'),
      yes: label,
      no: label,
      purpose: z.enum(['resolution', 'contact']).optional(),
    }),
    z.object({ ...base, kind: z.literal('statement'), text: paragraph.optional() }),
    z.object({
      ...base,
      kind: z.literal('link'),
      text: paragraph.optional(),
      href,
      label,
      purpose: z.enum(['review', 'help']).optional(),
    }),
  ]),
)
