import { expect, it } from 'vitest'
import { npsSurvey, start } from '../fixtures.ts'

const review = {
  kind: 'link',
  id: 'tell',
  title: 'Would you tell others?',
  href: 'https://reviews.example/acme',
  label: 'Write a review',
} as const
const promoters = { question: 'score', bands: ['promoter'] as ['promoter'] }

it('a review is asked of everybody or of nobody: not behind a condition, and by no rule of the plan for some', async () => {
  const running = await start()
  const put = (path: string, body: object): Promise<Response> =>
    running.admin(path, {
      method: 'PUT',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
  const survey = { ...npsSurvey, questions: [...npsSurvey.questions, review] }
  const gated = { ...npsSurvey, questions: [...npsSurvey.questions, { ...review, when: promoters }] }
  const refused = await put(`/v1/surveys/${npsSurvey.id}`, gated)
  expect(refused.status).toBe(400)
  expect(await refused.json()).toMatchObject({
    code: 'invalid_survey',
    errors: [
      {
        path: `questions.${npsSurvey.questions.length}.when`,
        message: expect.stringContaining('lets an answer decide who comes to the link "tell"') as string,
      },
    ],
  })
  expect((await put(`/v1/surveys/${npsSurvey.id}`, survey)).status).toBe(201)

  const made = await running.admin('/v1/webhooks', {
    method: 'POST',
    body: JSON.stringify({ name: 'mailer', url: 'https://mail.example/hook' }),
    headers: { 'content-type': 'application/json' },
  })
  const { id } = (await made.json()) as { id: string }
  const rule = (when?: object): object => ({
    id: 'thank',
    survey: npsSurvey.id,
    after: { on: 'answer', survey: 'other', ...(when && { when }) },
    delay: 1,
    expires: 30,
    do: { webhook: id, reaches: 'person' },
  })
  const some = await put('/v1/follow-ups', { rules: [rule(promoters)] })
  expect(some.status).toBe(400)
  expect(await some.json()).toMatchObject({
    code: 'review_gated',
    detail: expect.stringMatching(
      /^The rule "thank" lets an answer decide who comes to the link "tell" of the survey "nps-q4"\. .*leave "when" out of "after"/,
    ) as string,
  })
  expect((await put('/v1/follow-ups', { rules: [rule()] })).status).toBe(200)

  // The other way round: the rule is there, and the link comes.
  const without = { ...npsSurvey, id: 'thanks' }
  expect((await put('/v1/surveys/thanks', without)).status).toBe(201)
  const plan = { rules: [{ ...rule(promoters), survey: 'thanks' }] }
  expect((await put('/v1/follow-ups', plan)).status).toBe(200)
  const late = await put('/v1/surveys/thanks', { ...survey, id: 'thanks' })
  expect([late.status, ((await late.json()) as { code: string }).code]).toEqual([409, 'review_gated'])
  const help = {
    ...without,
    version: without.version + 1,
    questions: [...without.questions, { ...review, purpose: 'help' }],
  }
  expect((await put('/v1/surveys/thanks', help)).status).toBe(201)
})
