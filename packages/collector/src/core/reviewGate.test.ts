import type { LinkQuestion, Survey } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import type { PlanRule } from './followUpPlan.ts'
import { reviewGate } from './reviewGate.ts'

const link: LinkQuestion = {
  kind: 'link',
  id: 'tell',
  title: 'Would you tell others?',
  href: 'https://reviews.example/acme',
  label: 'Write a review',
}
const tell = (fields: Partial<LinkQuestion> = {}): Survey => ({
  id: 'tell-us',
  version: 1,
  locale: 'en',
  questions: [{ ...link, ...fields }],
  thanks: { title: 'Thank you' },
  triggers: [],
  recontact: { answered: 30, dismissed: 30, shown: 7 },
})
const promoters = { question: 'score', bands: ['promoter' as const] }
const rule = (fields: Partial<PlanRule> = {}): PlanRule => ({
  id: 'thank',
  after: { on: 'answer', survey: 'nps', when: promoters },
  delay: 1,
  expires: 30,
  do: { mail: { survey: 'tell-us' } },
  ...fields,
})
const found = { rule: 'thank', survey: 'tell-us', question: 'tell' }
const other = { do: { mail: { survey: 'nps' } } } as const

describe('reviewGate', () => {
  it.each<[string, Survey, PlanRule]>([
    ['mail to some', tell(), rule()],
    ['mail to some, the link said to be for reviews', tell({ purpose: 'review' }), rule()],
    [
      'a webhook that asks some',
      tell(),
      rule({ survey: 'tell-us', do: { webhook: 'wh', reaches: 'person' } }),
    ],
    [
      'the address in a text to some',
      tell({ purpose: 'review' }),
      rule({ ...other, text: { en: 'Hello', de: 'Sagen Sie es weiter (https://reviews.example/acme).' } }),
    ],
    [
      'the address in a reminder to some',
      tell({ purpose: 'review' }),
      rule({
        ...other,
        reminders: [{ after: 2, text: { en: 'Tell others: https://reviews.example/acme!' } }],
      }),
    ],
  ])('finds %s', (_name, survey, each) => {
    expect(
      reviewGate([rule({ id: 'first', after: { on: 'silence', survey: 'nps' } }), each], [survey]),
    ).toEqual(found)
  })

  it.each<[string, Survey, PlanRule]>([
    ['any answer', tell({ purpose: 'review' }), rule({ after: { on: 'answer', survey: 'nps' } })],
    ['an event', tell(), rule({ after: { on: 'event', name: 'order_delivered' } })],
    ['a survey without such a link', tell(), rule(other)],
    ['a link that leads to help', tell({ purpose: 'help' }), rule()],
    ['what goes to the staff', tell(), rule({ survey: 'tell-us', do: { webhook: 'wh', reaches: 'staff' } })],
    [
      'another address that begins alike',
      tell({ purpose: 'review' }),
      rule({ ...other, text: { en: 'https://reviews.example/acme/help' } }),
    ],
    [
      'the address of a link that does not say what it is for',
      tell(),
      rule({ ...other, text: { en: 'https://reviews.example/acme' } }),
    ],
  ])('lets %s pass', (_name, survey, each) => {
    expect(reviewGate([each], [survey])).toBeNull()
  })
})
