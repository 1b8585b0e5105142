import { judgeRule, type Fact, type Question, type Rule, type Survey } from '@earshot/contract'
import { surveySchema, validateSurvey, validateSurveys } from '@earshot/contract/schema'
import { describe, expect, it } from 'vitest'
import type { TemplateOptions } from './template.ts'
import * as all from './templates.ts'
import {
  cesAfterSupport,
  checkoutExit,
  churnReason,
  csatAfterPurchase,
  firstContactResolution,
  pageHelpful,
  productMarketFit,
  recoveryCheck,
  relationshipNps,
  staffEnps,
  successEffortEmotion,
  templates,
  trialEnding,
} from './templates.ts'

const options = { id: 'q', name: 'Acme' }
const question = (survey: Survey, id: string): Question => {
  const found = survey.questions.find((each) => each.id === id)
  if (!found) throw new Error(`no question ${id}`)
  return found
}
/** Whether a rule lets somebody through, of whom only these facts are known. */
const lets = (rule: Rule | undefined, facts: Record<string, Fact>): boolean =>
  rule === undefined || judgeRule(rule, (fact) => facts[fact]) === true
/** Ids of the questions that follow an answer, by conditions over answers and bands. */
const asked = (survey: Survey, facts: Record<string, Fact>): string[] =>
  survey.questions.filter((each) => lets(each.when, facts)).map((each) => each.id)

describe('every template', () => {
  it('is in the list, and the list names nothing else', () => {
    const functions = Object.entries(all).flatMap(([name, value]) =>
      typeof value === 'function' ? [name] : [],
    )
    expect(templates.map((each) => each.name).toSorted()).toEqual(functions.toSorted())
    for (const { name, make } of templates) expect(make).toBe((all as Record<string, unknown>)[name])
  })
  it('works together with the others', () => {
    const surveys = templates.map(({ name, make }) =>
      make({ id: name === 'relationshipNps' ? 'relationship-nps' : name, name: 'Acme' }),
    )
    expect(validateSurveys(surveys)).toEqual([])
  })

  describe.each(templates)('$name', ({ make, title, purpose, owner, stage }) => {
    it('makes a survey without a flaw, the same after JSON', () => {
      const survey = make(options)
      expect(validateSurvey(survey)).toEqual([])
      expect(surveySchema.parse(survey)).toStrictEqual(survey)
      expect(JSON.parse(JSON.stringify(survey))).toStrictEqual(survey)
    })
    it('says what it is for and who acts on it', () => {
      expect(title).toBeTruthy()
      expect(make(options)).toMatchObject({ purpose, owner, stage })
      expect(make(options).touchpoint).toBeTruthy()
      expect(make({ ...options, purpose: 'Ours', owner: 'me', stage: 's', touchpoint: 't' })).toMatchObject({
        purpose: 'Ours',
        owner: 'me',
        stage: 's',
        touchpoint: 't',
      })
    })
    it('appears by itself', () => {
      const { triggers, followUps = [] } = make(options)
      expect(triggers.length + followUps.length).toBeGreaterThan(0)
    })
    it.each(['id', 'name'])('says that %s is missing', (field) => {
      const call = (): Survey => make({ ...options, [field]: undefined })
      expect(call).toThrow(TypeError)
      expect(call).toThrow(new RegExp(`^Earshot: a survey needs "${field}"`))
    })
    it('asks in few words, and labels both ends', () => {
      for (const each of make({ ...options, name: 'Example Company' }).questions) {
        expect(each.title.split(' ').length).toBeLessThanOrEqual(25)
        expect(each.title).not.toContain('undefined')
        if (each.kind === 'scale') expect(each.low !== each.high && each.low && each.high).toBeTruthy()
      }
    })
    it('takes any field of the survey otherwise, and keeps its default where nothing is said', () => {
      const survey = make(options)
      const other = make({
        ...options,
        version: 2,
        locale: 'de',
        triggers: [],
        followUps: [],
        targeting: { all: [] },
        sampling: 0.5,
        recontact: { answered: 1 },
        thanks: { title: 'Danke' },
        layout: 'top-end',
      })
      expect(other).toEqual({
        ...survey,
        version: 2,
        locale: 'de',
        triggers: [],
        followUps: [],
        targeting: { all: [] },
        sampling: 0.5,
        recontact: { ...survey.recontact, answered: 1 },
        thanks: { title: 'Danke' },
        layout: 'top-end',
      })
      expect(make({ ...options, tenure: undefined, triggers: undefined })).toStrictEqual(survey)
    })
    it('can be worded otherwise as a whole', () => {
      const survey = make(options)
      const wording = Object.fromEntries(
        survey.questions.map((each) => {
          const words = Object.entries(each).filter(([field]) =>
            ['title', 'low', 'high', 'yes', 'no', 'hint', 'other'].includes(field),
          )
          const labels = each.kind === 'choice' ? each.options.map(({ id }) => [id, 'x'] as const) : null
          return [
            each.id,
            {
              ...Object.fromEntries(words.map(([field]) => [field, 'x'])),
              ...(labels && { options: Object.fromEntries(labels) }),
            },
          ]
        }),
      )
      const other = make({ ...options, wording })
      expect(validateSurvey(other)).toEqual([])
      expect(JSON.stringify(other.questions)).not.toMatch(/[a-z] [a-z]/)
    })
  })

  it('says which words it has not', () => {
    const words = (wording: TemplateOptions['wording']) => (): Survey => checkoutExit({ ...options, wording })
    expect(words({ score: { title: 'x' } })).toThrow(
      'Earshot: "wording" finds no question "score"; there are reason, fault',
    )
    expect(words({ fault: { low: 'x' } })).toThrow('no "low" in question "fault"')
    expect(words({ reason: { options: { cost: 'x' } } })).toThrow('no choice "cost" in question "reason"')
    expect(words({ fault: { options: { cost: 'x' } } })).toThrow('no choice "cost" in question "fault"')
    expect(words({ fault: { title: undefined } })()).toStrictEqual(checkoutExit(options))
  })
})

describe('relationshipNps', () => {
  const survey = relationshipNps(options)
  it('is about the relation: late, seldom, and not asked of staff', () => {
    expect(survey).toMatchObject({ tenure: 30, recontact: { answered: 90, dismissed: 30, shown: 7 } })
    expect(lets(survey.targeting, {})).toBe(true)
    expect(lets(survey.targeting, { 'trait.staff': false })).toBe(true)
    expect(lets(survey.targeting, { 'trait.staff': true })).toBe(false)
  })
  it('asks detractors alone for contact, and only those who agree for an address that is not known', () => {
    expect(asked(survey, { 'band.score': 'promoter' })).toEqual(['score', 'why-promoter'])
    expect(asked(survey, { 'band.score': 'detractor' })).toEqual(['score', 'why-detractor', 'contact'])
    expect(asked(survey, { 'answer.contact': true })).toContain('email')
    expect(asked(survey, { 'answer.contact': false })).not.toContain('email')
    expect(question(survey, 'email').known).toBe('email')
    expect(relationshipNps({ ...options, contact: false }).questions).toHaveLength(4)
  })
  it('is followed by recoveryCheck', () => {
    const [rule] = recoveryCheck({ ...options, after: 'nps' }).followUps ?? []
    expect(rule).toMatchObject({ after: { on: 'answer', survey: 'nps' }, delay: 14, expires: 14 })
    const when = rule?.after.on === 'answer' ? rule.after.when : undefined
    expect(lets(when, { 'band.score': 'detractor' })).toBe(true)
    expect(lets(when, { 'band.score': 'passive' })).toBe(false)
  })
})

describe('staffEnps', () => {
  it('asks staff alone, under a metric of its own', () => {
    const { targeting, questions, stage } = staffEnps(options)
    expect(questions[0]).toMatchObject({ metric: 'enps' })
    expect(stage).toBe('staff')
    expect(lets(targeting, {})).toBe(false)
    expect(lets(targeting, { 'trait.staff': true })).toBe(true)
  })
})

describe('cesAfterSupport', () => {
  it('asks a day after the answer, for a week, unless the case is reopened', () => {
    expect(cesAfterSupport(options)).toMatchObject({
      triggers: [],
      transactional: true,
      followUps: [
        {
          after: { on: 'event', name: 'enquiry_answered', key: 'enquiry' },
          delay: 1,
          expires: 7,
          cancel: [{ name: 'ticket_reopened', key: 'enquiry' }],
        },
      ],
    })
  })
  it('waits for an event of another name', () => {
    for (const make of [cesAfterSupport, firstContactResolution, trialEnding, churnReason]) {
      expect(make({ ...options, event: 'mine' }).followUps?.[0]?.after).toMatchObject({ name: 'mine' })
    }
    expect(csatAfterPurchase({ ...options, event: 'mine' }).triggers).toEqual([{ on: 'event', name: 'mine' }])
    const delivered = csatAfterPurchase({ ...options, event: 'mine', moment: 'delivered' })
    expect(delivered.followUps?.[0]?.after).toMatchObject({ name: 'mine', key: 'order' })
  })
})

describe('csatAfterPurchase', () => {
  it('asks about ordering at once, and about the order the day after it came', () => {
    const placed = csatAfterPurchase(options)
    expect(placed).toMatchObject({ triggers: [{ on: 'event', name: 'order_placed' }], transactional: true })
    expect(placed).not.toHaveProperty('followUps')
    const delivered = csatAfterPurchase({ ...options, moment: 'delivered' })
    expect(validateSurvey(delivered)).toEqual([])
    expect(delivered).toMatchObject({ triggers: [], followUps: [{ delay: 1, expires: 14 }] })
    expect(delivered.questions[0]?.title).not.toBe(placed.questions[0]?.title)
    expect(() => csatAfterPurchase({ ...options, moment: 'later' as 'placed' })).toThrow('"moment"')
  })
})

describe('firstContactResolution', () => {
  it('asks for effort after yes, and for what is open after no', () => {
    const survey = firstContactResolution(options)
    expect(question(survey, 'resolved')).toMatchObject({
      kind: 'yesno',
      purpose: 'resolution',
      required: true,
    })
    expect(asked(survey, { 'answer.resolved': true })).toEqual(['resolved', 'score'])
    expect(asked(survey, { 'answer.resolved': false })).toEqual(['resolved', 'open'])
    expect(question(survey, 'score')).toMatchObject({ metric: 'ces2' })
  })
})

describe('checkoutExit', () => {
  const survey = checkoutExit(options)
  it('asks who leaves the checkout, and not who has ordered', () => {
    expect(survey.triggers).toEqual([{ on: 'exit', url: [{ match: 'prefix', value: '/checkout' }] }])
    expect(lets(survey.targeting, { 'page.path': '/checkout/pay' })).toBe(true)
    expect(lets(survey.targeting, { 'page.path': '/checkout/thank-you' })).toBe(false)
    const url = [{ match: 'exact' as const, value: '/pay' }]
    expect(checkoutExit({ ...options, url }).triggers).toEqual([{ on: 'exit', url }])
  })
  it('shuffles the reasons, and asks what did not work', () => {
    expect(question(survey, 'reason')).toMatchObject({ shuffle: true, other: 'Something else' })
    expect(asked(survey, { 'answer.reason': ['fault'] })).toEqual(['reason', 'fault'])
    expect(asked(survey, { 'answer.reason': ['price'] })).toEqual(['reason'])
  })
})

describe('pageHelpful', () => {
  it('is a scale of two thumbs, with a text after no', () => {
    const survey = pageHelpful(options)
    expect(question(survey, 'score')).toMatchObject({ look: 'thumbs', min: 1, max: 2, positive: [2] })
    expect(asked(survey, { 'band.score': 'satisfied' })).toEqual(['score'])
    expect(asked(survey, { 'band.score': 'dissatisfied' })).toEqual(['score', 'why-dissatisfied'])
    const url = [{ match: 'glob' as const, value: '/*/docs/**' }]
    expect(pageHelpful({ ...options, url }).triggers).toEqual([{ on: 'scroll', percent: 75, url }])
  })
})

describe('successEffortEmotion', () => {
  it('asks three things, each of everybody', () => {
    const survey = successEffortEmotion(options)
    expect(asked(survey, {})).toEqual(['success', 'effort', 'emotion'])
    expect(question(survey, 'effort')).toMatchObject({ metric: 'ces2' })
    expect(question(survey, 'success')).toMatchObject({ kind: 'choice', positive: ['yes'] })
    expect(question(survey, 'emotion')).toMatchObject({ metric: 'csat', positive: [4, 5], look: 'faces' })
  })
})

describe('trialEnding', () => {
  it('asks by plan', () => {
    const survey = trialEnding(options)
    expect(survey.followUps).toMatchObject([{ delay: 0, cancel: [{ name: 'subscribed' }] }])
    expect(asked(survey, { 'answer.plan': ['subscribe'] })).toEqual(['plan', 'useful'])
    expect(asked(survey, { 'answer.plan': ['undecided'] })).toEqual(['plan', 'reason', 'contact'])
    expect(asked(survey, { 'answer.plan': ['stop'] })).toEqual(['plan', 'reason'])
  })
})

describe('churnReason', () => {
  it('asks at once after the end, in a shuffled list', () => {
    const survey = churnReason(options)
    expect(survey.followUps).toMatchObject([{ after: { name: 'subscription_cancelled' }, delay: 0 }])
    expect(question(survey, 'reason')).toMatchObject({ shuffle: true })
    expect(asked(survey, { 'answer.reason': ['price'] })).toEqual(['reason', 'return', 'contact'])
  })
})

describe('productMarketFit', () => {
  it('asks those who know the product, with answers in their order', () => {
    const survey = productMarketFit(options)
    expect(lets(survey.targeting, { 'session.count': 3 })).toBe(true)
    expect(lets(survey.targeting, { 'session.count': 2 })).toBe(false)
    expect(lets(survey.targeting, { 'session.count': 9, 'trait.staff': true })).toBe(false)
    expect(question(survey, 'feeling')).not.toHaveProperty('shuffle')
    expect(asked(survey, { 'answer.feeling': ['very'] })).toEqual(['feeling', 'benefit', 'improve'])
    expect(asked(survey, { 'answer.feeling': ['not'] })).toEqual(['feeling', 'improve'])
    expect(asked(survey, { 'answer.feeling': ['gone'] })).toEqual(['feeling'])
  })
})
