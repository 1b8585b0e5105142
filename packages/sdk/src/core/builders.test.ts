import { surveySchema } from '@earshot/contract/schema'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ces, csat, nps } from './builders.ts'

describe('the builders', () => {
  it.each([
    ['nps', nps, 0, 10],
    ['ces', ces, 1, 7],
    ['csat', csat, 1, 5],
  ] as const)('%s makes a survey that the collector takes', (_name, build, min, max) => {
    const survey = build({ id: 'a.b-c_1', name: 'Acme', touchpoint: 'checkout', stage: 'purchase' })
    expect(surveySchema.parse(survey)).toEqual(survey)
    expect(survey.questions[0]).toMatchObject({ id: 'score', min, max })
    expect(survey.questions).toHaveLength(4)
    expect(
      survey.questions.slice(1).every((each) => each.kind === 'text' && each.when?.bands.length === 1),
    ).toBe(true)
  })
  it('make the example of the README', () => {
    const file = new URL('../../../../docs/nps.survey.json', import.meta.url)
    const triggers = [{ on: 'event' as const, name: 'checkout_done' }]
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(nps({ id: 'nps-q4', name: 'Acme', triggers }))
  })
  it.each(['id', 'name'])('say what is missing: %s', (field) => {
    for (const build of [nps, ces, csat]) {
      const options = { id: 'q', name: 'A', [field]: undefined } as unknown as Parameters<typeof nps>[0]
      expect(() => build(options)).toThrow(`a survey needs "${field}"`)
    }
  })
  it('covers the scale with three bands that do not overlap', () => {
    for (const survey of [nps, ces, csat].map((build) => build({ id: 'q', name: 'A' }))) {
      const scale = survey.questions[0]
      if (scale?.kind !== 'scale') throw new Error('the first question is a scale')
      expect(new Set([...scale.positive, ...scale.negative]).size).toBe(
        scale.positive.length + scale.negative.length,
      )
    }
  })
  it('takes other wording, and leaves out a follow-up that is null', () => {
    const survey = nps({
      id: 'q',
      name: 'A',
      question: 'Würden Sie uns empfehlen?',
      locale: 'de',
      labels: { low: 'Nein', high: 'Ja' },
      followUps: { passive: null, detractor: 'Warum?' },
      recontact: { answered: 0 },
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
      recontact: { answered: 0, dismissed: 30 },
      thanks: { title: 'Danke' },
    })
  })
})
