import { expect, it } from 'vitest'
import { answer, npsQuestion, npsSurvey, start, uuid } from '../fixtures.ts'

const other = { ...npsSurvey, id: 'nps-app' }
const csat = {
  ...npsSurvey,
  id: 'csat-shop',
  questions: [
    { ...npsQuestion, metric: 'csat' as const, min: 1, max: 5, positive: [4, 5], negative: [1, 2] },
  ],
}

it('gives the reports of all surveys that ask for a metric in one answer, as they are one by one', async () => {
  const running = await start()
  const events = [other.id, npsSurvey.id, npsSurvey.id, csat.id].map((survey, index) =>
    answer(index + 1, 5 - index, { survey, response: uuid('response', index + 1) }),
  )
  const receipt = await running.send(events, { surveys: [npsSurvey, other, csat] })
  expect(receipt.rejected).toEqual([])
  const { metric, reports } = await running.read('/v1/reports/nps?by=survey&timezone=Europe/Berlin')
  expect(metric).toBe('nps')
  expect(reports.map((each: { survey: string; responses: number }) => [each.survey, each.responses])).toEqual(
    [
      ['nps-app', 1],
      ['nps-q4', 2],
    ],
  )
  for (const each of reports)
    expect(each).toEqual(await running.read(`/v1/reports/nps?survey=${each.survey}&timezone=Europe/Berlin`))
  expect((await running.read('/v1/reports/response?by=survey')).reports).toHaveLength(3)
  expect((await running.read('/v1/reports/ces?by=survey')).reports).toEqual([])
  for (const wrong of ['by=survey&question=score', 'by=survey&survey=nps-q4', 'by=survey&interval=day'])
    expect((await running.admin(`/v1/reports/nps?${wrong}`)).status).toBe(400)
})
