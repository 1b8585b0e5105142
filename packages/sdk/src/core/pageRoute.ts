/** What the pages of one showing have in common: how many they are, and which question stands on one. */
import { routeOf, type Answered, type Question } from '@earshot/contract'
import type { Flow } from './flow.ts'

/** Own properties only: a page may have polluted the prototype. */
export function own<Value>(values: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined
}

/** The length of the way, where no answer can change it; else undefined. */
export function lengthOf(flow: Answered): number | undefined {
  const rules = flow.survey.questions.map(({ when, next }) => [when, next])
  const depends = /"fact":"(answer|band)\.|"question":/.test(JSON.stringify(rules))
  return depends ? undefined : routeOf(flow).length
}

/** The question of a page. */
export function questionOf({ survey }: Pick<Flow, 'survey'>, id: string | undefined): Question | undefined {
  return survey.questions.find((each) => each.id === id)
}
