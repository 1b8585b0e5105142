import type { Question } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import type { Effect, Input } from '../model.ts'
import { step } from '../step.ts'
import { extend } from './engine.ts'
import { rules } from './rules.ts'
import { aMemory, aPage, aState, aSurvey, deepFreeze, score, t0 } from './survey.fixtures.ts'

const stars: Question = { ...score, max: 5, look: 'stars' }
const yesno: Question = { kind: 'yesno', id: 'solved', title: 'Solved?', yes: 'Yes', no: 'No' }
const paged = aSurvey({ id: 'paged', questions: [stars] })
const plain = aSurvey({ id: 'plain' })
const forOthers = aSurvey({
  id: 'others',
  questions: [yesno],
  targeting: { fact: 'trait.plan', op: 'equals', value: 'pro' },
})
const surveys = [plain, paged, forOthers]

const after = (input: Input, ...[given, patch]: Parameters<typeof aState>): readonly Effect[] =>
  extend(step, rules)(deepFreeze(aState(given, patch)), input).effects
const warmed = (effects: readonly Effect[]): string[] =>
  effects.flatMap((each) => (each.type === 'warmKinds' ? each.surveys.map(({ id }) => id) : []))
const enriched: Input = { type: 'enriched', at: t0, facts: aPage }

describe('what is fetched before it is needed', () => {
  it.each<Input>([enriched, { type: 'page', at: t0 }])(
    'are the questions of the paged surveys that may be shown to this visitor: $type',
    (input) => {
      const effects = after(input, surveys)
      expect(effects.filter((each) => each.type === 'warm')).toHaveLength(1)
      expect(warmed(effects)).toEqual(['paged'])
      const isPro = { memory: aMemory({ traits: { plan: 'pro' } }) }
      expect(warmed(after(input, surveys, isPro))).toEqual(['paged', 'others'])
    },
  )
  it('is the card alone where no survey has pages, and nothing where none may be shown', () => {
    expect(after(enriched, [plain]).map(({ type }) => type)).toEqual(['warm'])
    expect(after(enriched, [forOthers]).map(({ type }) => type)).toEqual([])
    expect(warmed(after(enriched, surveys, { memory: aMemory({ optedOut: true }) }))).toEqual([])
  })
})
