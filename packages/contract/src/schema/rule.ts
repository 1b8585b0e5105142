/** Schema of rules. */
import { z } from 'zod'
import { exact } from '../exact.ts'
import type { Condition, Rule, Test } from '../rule.ts'
import { identifier, scalar } from './atoms.ts'

/** How deep rules may stand in rules. A test by itself has depth 1. */
const mostRuleDepth = 10
/** How many tests and conditions one rule may hold. */
const mostRuleTests = 200

const condition: z.ZodType<Condition> = exact<Condition>()(
  z.object({
    question: identifier,
    bands: z
      .array(
        z.enum([
          'detractor',
          'passive',
          'promoter',
          'hard',
          'neutral',
          'easy',
          'dissatisfied',
          'satisfied',
          'low',
          'middle',
          'high',
        ]),
      )
      .max(11),
  }),
)

const test: z.ZodType<Test> = exact<Test>()(
  z.object({
    fact: z.string().min(1).max(200),
    op: z.enum([
      'equals',
      'in',
      'contains',
      'starts',
      'ends',
      'glob',
      'pattern',
      'above',
      'atLeast',
      'below',
      'atMost',
      'known',
    ]),
    value: z.union([scalar, z.array(scalar).max(200)]).optional(),
    zone: z.string().min(1).max(64).optional(),
  }),
)

/**
 * One level after the other rather than one that refers to itself: so the depth is bounded before anything recurses,
 * and whoever sends a hundred thousand brackets meets an error, not the end of the stack.
 */
function ruleOfDepth(depth: number): z.ZodType<Rule> {
  // The names keep the JSON Schema from writing each level out wherever it stands.
  if (depth === 1) return z.union([condition, test]).meta({ id: 'rule-1' })
  const inner = ruleOfDepth(depth - 1)
  const rules = z.array(inner).max(mostRuleTests)
  return exact<Rule>()(
    z
      .union([z.object({ all: rules }), z.object({ any: rules }), z.object({ not: inner }), condition, test])
      .meta({ id: `rule-${depth}` }),
  )
}

/** Number of tests and conditions in a rule. */
function countTests(rule: Rule): number {
  if ('all' in rule) return rule.all.reduce((sum, each) => sum + countTests(each), 0)
  if ('any' in rule) return rule.any.reduce((sum, each) => sum + countTests(each), 0)
  return 'not' in rule ? countTests(rule.not) : 1
}

export const rule: z.ZodType<Rule> = exact<Rule>()(
  ruleOfDepth(mostRuleDepth)
    .refine((value) => countTests(value) <= mostRuleTests, `must hold at most ${mostRuleTests} tests`)
    .meta({ id: 'rule' }),
)
