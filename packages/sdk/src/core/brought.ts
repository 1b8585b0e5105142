/** What a page brings along, together with what the collector serves. */
import type { InputOf, State } from './model.ts'
import { isMarkedPlain } from './plain.ts'

type Served = InputOf<'served'>

/** The page's own word wins: a definition with the same id, and each setting. */
export function withBrought(
  { own, inline }: State,
  served: Served,
): Pick<Served, 'surveys' | 'plain' | 'settings'> {
  const ids = inline.map((each) => each.id)
  const others = served.surveys.filter((each) => !ids.includes(each.id))
  const plain = [
    ...inline.filter(isMarkedPlain),
    ...others.filter((each) => isMarkedPlain(each) || served.plain?.includes(each.id)),
  ]
  return {
    surveys: [...inline, ...others],
    plain: plain.map(({ id }) => id),
    settings: { ...served.settings, ...own },
  }
}
