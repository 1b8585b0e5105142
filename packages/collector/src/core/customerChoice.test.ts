import { lifecycle, lifecycleNames, type Scalar } from '@earshot/contract'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { choose, customerFlaw, ofChosen } from './customerChoice.ts'
import { customerMetrics } from './customerNumbers.ts'
import { buildCustomerReport } from './customerReport.ts'
import type { Moment } from './moments.ts'
import { day } from './time.ts'

const [from, to] = [10 * day, 20 * day]

const momentArbitrary: fc.Arbitrary<Moment> = fc
  .record({
    name: fc.constantFrom('identify', 'group', ...lifecycleNames),
    who: fc.constantFrom<readonly [string, string | null]>(
      ['v1', null],
      ['v2', null],
      ['v1', 'ann'],
      ['v2', 'ann'],
      ['v1', 'bob'],
    ),
    at: fc.integer({ min: 0, max: 25 }),
    plan: fc.constantFrom<Scalar | undefined>('pro', 'free', 3, undefined),
    enquiry: fc.constantFrom<Scalar | undefined>('e1', 2, undefined),
    handledBy: fc.constantFrom('bot', 'person'),
  })
  .map(({ name, who: [visitor, person], at, plan, enquiry, handledBy }) => ({
    name,
    visitor,
    person,
    at: at * day,
    data: {
      ...(plan !== undefined && { plan }),
      ...(enquiry !== undefined && { enquiry }),
      ...(name === lifecycle.conversationEnded && { handledBy }),
    },
  }))

const whereArbitrary = fc.array(
  fc.record({
    name: fc.constantFrom('trait.plan', 'supported', 'handledBy'),
    value: fc.constantFrom('pro', 'free', '3', 'yes', 'no', 'bot', 'person', null),
  }),
  { maxLength: 3 },
)

type Who = Pick<Moment, 'visitor' | 'person'>

const isSame = (one: Who, other: Who): boolean =>
  one.person === null ? other.person === null && one.visitor === other.visitor : one.person === other.person

/** The long way: all of somebody is put in order, and looked through for each attribute. */
function valueBySorting(moments: readonly Moment[], who: Who, name: string): string | null {
  const own = moments.filter((each) => isSame(each, who))
  if (name === 'supported') {
    const contacts: string[] = [
      lifecycle.enquiryOpened,
      lifecycle.enquiryContacted,
      lifecycle.conversationEnded,
    ]
    return own.some((each) => each.at < from && contacts.includes(each.name)) ? 'yes' : 'no'
  }
  const key = name === 'handledBy' ? 'handledBy' : 'plan'
  const tells = name === 'handledBy' ? [lifecycle.conversationEnded as string] : ['identify', 'group']
  const told = own
    .filter((each) => tells.includes(each.name) && key in each.data && each.at < to)
    .toSorted((a, b) => a.at - b.at)
  const before = told.filter((each) => each.at < from).at(-1)
  const firstAt = told[0]?.at
  const found = before ?? told.filter((each) => each.at === firstAt).at(-1)
  return found === undefined ? null : String(found.data[key])
}

it('customers are chosen by what was known when the period began, as looking at each by itself chooses them', () => {
  fc.assert(
    fc.property(fc.array(momentArbitrary, { maxLength: 30 }), whereArbitrary, (moments, where) => {
      const isChosen = choose(moments, { where, from, to })
      for (const each of moments) {
        const meets = ['trait.plan', 'supported', 'handledBy'].every((name) => {
          const wanted = where.filter((one) => one.name === name)
          const value = valueBySorting(moments, each, name)
          return wanted.length === 0 || wanted.some((one) => one.value === value)
        })
        expect(isChosen(each)).toBe(meets)
      }
    }),
    { numRuns: 500 },
  )
})

it('each report on those who were chosen is the report on a site that has nobody else', () => {
  fc.assert(
    fc.property(
      fc.array(momentArbitrary, { maxLength: 30 }),
      whereArbitrary,
      fc.constantFrom(...customerMetrics),
      (moments, where, metric) => {
        // Of an enquiry one tells alone, so that nobody's is told by somebody else.
        const own = moments.map((each) =>
          each.data.enquiry === undefined
            ? each
            : {
                ...each,
                data: { ...each.data, enquiry: `${each.person ?? each.visitor} ${each.data.enquiry}` },
              },
        )
        const question = {
          metric,
          from,
          to,
          now: 25 * day,
          timezone: 'UTC',
          window: 3,
          answers: { yes: 0, no: 0 },
        }
        const isChosen = choose(own, { where, from, to })
        const names = new Set<string>(lifecycleNames)
        const alone = own.filter(
          (each) =>
            names.has(each.name) &&
            ['trait.plan', 'supported', 'handledBy'].every((name) => {
              const wanted = where.filter((one) => one.name === name)
              return (
                wanted.length === 0 || wanted.some((one) => one.value === valueBySorting(own, each, name))
              )
            }),
        )
        expect(buildCustomerReport(question, ofChosen(own, isChosen))).toEqual(
          buildCustomerReport(question, alone),
        )
      },
    ),
    { numRuns: 500 },
  )
})

it('all of an enquiry belongs to who opened it, whoever tells of it', () => {
  const told = (name: string, person: string, at: number, data: Moment['data']): Moment => ({
    name,
    visitor: `v-${person}`,
    person,
    at: at * day,
    data,
  })
  const moments = [
    told('identify', 'ann', 1, { plan: 'pro' }),
    told(lifecycle.enquiryOpened, 'ann', 11, { enquiry: 'e1' }),
    told(lifecycle.enquiryResolved, 'agent', 12, { enquiry: 'e1' }),
    told(lifecycle.enquiryResolved, 'agent', 12, { enquiry: 'e2' }),
    told(lifecycle.enquiryOpened, 'bob', 11, { enquiry: 'e2' }),
  ]
  const isChosen = choose(moments, { where: [{ name: 'trait.plan', value: 'pro' }], from, to })
  expect(ofChosen(moments, isChosen)).toEqual([moments[1], moments[2]])
})

it('what is known of answers alone is refused by name', () => {
  expect(['trait.plan', 'supported', 'handledBy'].map(customerFlaw)).toEqual([null, null, null])
  expect(customerFlaw('channel')).toBe(
    '"channel" is known of answers, not of customers; there are trait.…, supported and handledBy',
  )
})
