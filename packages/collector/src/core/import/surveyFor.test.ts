import { surveySchema } from '@earshot/contract/schema'
import { expect, it } from 'vitest'
import { importMetrics, importPoints, surveyFor } from './surveyFor.ts'

it.each([
  ...importMetrics.map((metric) => surveyFor('old', metric)),
  ...importPoints.map((points) => surveyFor('old', 'csat', points)),
])('what an import makes is a survey that may be put: %#', (survey) => {
  expect(surveySchema.safeParse(survey).error).toBeUndefined()
})
