import { z } from 'zod'
import { expect, it } from 'vitest'
import { describeIssues } from './issues.ts'

const schema = z.strictObject({
  name: z.string().min(2).max(3),
  kind: z.enum(['a', 'b']),
  only: z.literal('x'),
  count: z.int().min(1).max(9),
  above: z.number().gt(0),
  list: z.array(z.boolean()).max(1),
  texts: z.record(z.string(), z.string()),
  own: z.string().min(1, 'must be said'),
})
const good = { name: 'ab', kind: 'a', only: 'x', count: 1, above: 1, list: [], texts: {}, own: 'y' }

it.each<[object, string, string]>([
  [{ name: undefined }, 'name', 'must be a text (found nothing)'],
  [{ name: 'a' }, 'name', 'must have at least 2 characters (found "a")'],
  [{ name: 'abcd' }, 'name', 'must have at most 3 characters (found "abcd")'],
  [{ kind: 'c' }, 'kind', 'must be one of a, b (found "c")'],
  [{ only: 1 }, 'only', 'must be x (found 1)'],
  [{ count: '1' }, 'count', 'must be a number (found "1")'],
  [{ count: 1.5 }, 'count', 'must be a whole number (found 1.5)'],
  [{ count: 0 }, 'count', 'must be at least 1 (found 0)'],
  [{ count: 10 }, 'count', 'must be at most 9 (found 10)'],
  [{ above: 0 }, 'above', 'must be above 0 (found 0)'],
  [{ list: [1] }, 'list.0', 'must be true or false (found 1)'],
  [{ list: [true, false] }, 'list', 'must have at most 1 entry (found a list of 2)'],
  [{ texts: 'x' }, 'texts', 'must be an object (found "x")'],
  [{ own: '' }, 'own', 'must be said (found "")'],
  [{ more: 1 }, '', 'must not have "more": nothing of that name is known (found an object)'],
])('says what to send in the place of %j', (change, path, message) => {
  const value = { ...good, ...change }
  const { error } = schema.safeParse(value)
  expect(error && describeIssues(error, value)).toContainEqual({ path, message })
})
