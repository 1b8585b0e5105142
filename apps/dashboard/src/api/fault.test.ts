// What is advised fits what went wrong.
import { expect, it } from 'vitest'
import { faultOf } from './fault.ts'

it('tells an id that names nothing from a route that an older collector does not have', () => {
  const advice = (code: string): string => faultOf(404, { code, detail: 'Nothing.' }).advice
  expect(advice('unknown_person')).toMatch(/^Look at the id again/)
  expect(advice('unknown_survey')).toMatch(/^Choose another survey/)
  expect(advice('unknown_path')).toMatch(/older than this page/)
  expect(faultOf(404, null).advice).toMatch(/older than this page/)
})
