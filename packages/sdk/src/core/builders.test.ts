import type { ScaleQuestion, Survey } from '@earshot/contract'
import { surveySchema, validateSurvey } from '@earshot/contract/schema'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ces, ces1, csat, enps, nps } from './builders.ts'
import { isMarkedPlain } from './plain.ts'

const builders = { nps, enps, ces, ces1, csat }
const scaleOf = (survey: Survey): ScaleQuestion => {
  const scale = survey.questions[0]
  if (scale?.kind !== 'scale') throw new Error('the first question is a scale')
  return scale
}

describe('a survey that a builder made', () => {
  it('does without the rules only as long as nobody has changed it', () => {
    const survey = nps({ id: 'q', name: 'Acme' })
    expect(isMarkedPlain(survey)).toBe(true)
    survey.sampling = 0
    expect(isMarkedPlain(survey)).toBe(false)
    expect(isMarkedPlain({ ...nps({ id: 'q', name: 'Acme' }) })).toBe(false)
  })
})

describe('the builders', () => {
  it.each([
    ['nps', 'nps', 0, 10],
    ['enps', 'enps', 0, 10],
    ['ces', 'ces2', 1, 7],
    ['ces1', 'ces1', 1, 5],
    ['csat', 'csat', 1, 5],
  ] as const)('%s makes a survey that the collector takes', (builder, metric, min, max) => {
    const survey = builders[builder]({ id: 'a.b-c_1', name: 'Acme', touchpoint: 'checkout' })
    expect(surveySchema.parse(survey)).toStrictEqual(survey)
    expect(validateSurvey(survey)).toEqual([])
    expect(scaleOf(survey)).toMatchObject({ id: 'score', metric, min, max })
    expect(survey.questions).toHaveLength(4)
    for (const each of survey.questions.slice(1)) {
      expect(each).toMatchObject({ kind: 'text', when: { question: 'score' } })
    }
  })
  it('make the example of the README', () => {
    const file = new URL('../../../../docs/nps.survey.json', import.meta.url)
    const triggers = [{ on: 'event' as const, name: 'checkout_done' }]
    const purpose = 'See how customers take to the new checkout, and mend what they name.'
    const survey = nps({ id: 'nps-q4', name: 'Acme', triggers, purpose, owner: 'customer success' })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toStrictEqual(survey)
  })
  it.each(['id', 'name'])('say what is missing: %s', (field) => {
    for (const build of Object.values(builders)) {
      const options = { id: 'q', name: 'A', [field]: undefined } as unknown as Parameters<typeof nps>[0]
      expect(() => build(options)).toThrow(new RegExp(`^Earshot: a survey needs "${field}"`))
    }
  })
  it('ask with the published wording', () => {
    const title = (survey: Survey): string => scaleOf(survey).title
    const options = { id: 'q', name: 'Acme' }
    expect(title(nps(options))).toBe(
      'How likely is it that you would recommend Acme to a friend or colleague?',
    )
    expect(title(enps(options))).toBe('How likely is it that you would recommend Acme as a place to work?')
    expect(title(ces(options))).toBe('Acme made it easy for me to handle my issue.')
    expect(title(ces1(options))).toBe(
      'How much effort did you personally have to put forth to handle your request?',
    )
    expect(scaleOf(ces1(options))).toMatchObject({
      low: 'Very low effort',
      high: 'Very high effort',
      positive: [1, 2],
      negative: [4, 5],
    })
  })
  it.each([
    [2, [2], [1], 'thumbs'],
    [3, [3], [1], 'faces'],
    [5, [4, 5], [1, 2], undefined],
    [7, [6, 7], [1, 2], undefined],
    [10, [9, 10], [1, 2, 3, 4, 5, 6], undefined],
  ] as const)('csat has a scale of %i', (points, positive, negative, look) => {
    const survey = csat({ id: 'q', name: 'Acme', points })
    const { look: drawn, ...scale } = scaleOf(survey)
    expect(scale).toMatchObject({ min: 1, max: points, positive, negative })
    expect(drawn).toBe(look)
    expect(validateSurvey(survey)).toEqual([])
    expect(survey.questions).toHaveLength(points === 2 ? 3 : 4)
  })
  it('csat is drawn otherwise where that can be', () => {
    const options = { id: 'q', name: 'Acme' }
    expect(scaleOf(csat({ ...options, look: 'faces' })).look).toBe('faces')
    expect(scaleOf(csat({ ...options, look: 'stars' })).look).toBe('stars')
    expect(scaleOf(csat({ ...options, points: 3, look: 'numbers' }))).not.toHaveProperty('look')
    expect(() => csat({ ...options, look: 'thumbs' })).toThrow('"look" of csat() cannot be "thumbs"')
    expect(() => csat({ ...options, points: 7, look: 'faces' })).toThrow('with 7 points')
    expect(() => csat({ ...options, points: 4 as 5 })).toThrow('"points" of csat() must be 2, 3, 5, 7 or 10')
  })
  it('take other wording, and leave out a reason that is null', () => {
    const survey = nps({
      id: 'q',
      name: 'A',
      question: 'Würden Sie uns empfehlen?',
      locale: 'de',
      labels: { low: 'Nein', high: 'Ja' },
      reasons: { passive: null, detractor: 'Warum?', promoter: undefined },
      recontact: { answered: 0, shown: undefined },
      thanks: { title: 'Danke' },
    })
    expect(survey.questions.map((each) => each.title)).toEqual([
      'Würden Sie uns empfehlen?',
      'Warum?',
      'What do you value most?',
    ])
    expect(survey.questions[0]).toMatchObject({ low: 'Nein', high: 'Ja' })
    expect(survey).toMatchObject({
      locale: 'de',
      recontact: { answered: 0, dismissed: 30, shown: 7 },
      thanks: { title: 'Danke' },
    })
  })
  it('pass on every field of a survey', () => {
    const fields = {
      version: 3,
      triggers: [{ on: 'exit' }],
      followUps: [{ id: 'f', after: { on: 'event', name: 'e' }, delay: 1, expires: 30 }],
      targeting: { fact: 'device', op: 'equals', value: 'phone' },
      sampling: 0.5,
      variants: [{ id: 'a', weight: 1 }],
      tenure: 30,
      transactional: true,
      quota: 100,
      hidden: ['order'],
      layout: 'top-end',
      touchpoint: 'checkout',
      stage: 'purchase',
      purpose: 'Know.',
      owner: 'shop',
    } satisfies Partial<Survey>
    for (const build of Object.values(builders)) {
      const survey = build({ id: 'q', name: 'Acme', ...fields })
      expect(survey).toMatchObject(fields)
      expect(surveySchema.parse(survey)).toStrictEqual(survey)
    }
  })
  it('share nothing between two surveys', () => {
    const first = nps({ id: 'a', name: 'Acme' })
    scaleOf(first).positive.push(8)
    first.recontact.answered = 1
    expect(scaleOf(nps({ id: 'b', name: 'Acme' })).positive).toEqual([9, 10])
    expect(nps({ id: 'b', name: 'Acme' }).recontact.answered).toBe(90)
  })
})
