/** Finds the columns that a report counts by, and those that let a response into it. */
import type { Condition } from './attributes.ts'
import type { Column } from './column.ts'
import type { FactColumns } from './columnFacts.ts'
import type { Sieve } from './columnLoops.ts'
import type { Chunk, SurveyColumns } from './columns.ts'

/** An attribute of the responses: its column in a chunk, and what its numbers stand for. */
export interface Attribute {
  columnOf(chunk: Chunk): Column
  texts(): readonly (string | null)[]
}

const nothing: Column = { constant: 0, values: null }

/** Finds an attribute; null where the columns cannot tell: it has too many values, or there are too many attributes. */
export function attributeOf(survey: SurveyColumns, name: string, facts: FactColumns): Attribute | null {
  if (name.startsWith('answer.')) {
    const question = name.slice(7)
    const dictionary = survey.answers.get(question)
    if (dictionary?.isFull || (!dictionary && survey.isPartial())) return null
    const texts = dictionary?.values.map((each) => each.text) ?? [null]
    return { columnOf: (chunk) => chunk.answers.get(question) ?? nothing, texts: () => texts }
  }
  const fact = facts.columns(name, survey)
  if (fact !== undefined) return fact
  const dictionary = survey.attributes.get(name)
  if (dictionary?.isFull || (!dictionary && survey.isPartial())) return null
  return {
    columnOf: (chunk) => chunk.attributes.get(name) ?? nothing,
    texts: () => dictionary?.values ?? [null],
  }
}

/** Finds what a report demands of a response; null where the columns cannot tell. */
export function sievesOf(
  survey: SurveyColumns,
  versions: readonly number[],
  variant: string | null,
  where: readonly Condition[],
  facts: FactColumns,
): Sieve[] | null {
  const wanted = new Map<string, (string | null)[]>()
  for (const { name, value } of where) wanted.set(name, [...(wanted.get(name) ?? []), value])
  const all: [string, readonly (string | null)[]][] = [['version', versions.map(String)], ...wanted]
  if (variant !== null) all.push(['variant', [variant]])
  const sieves: Sieve[] = []
  for (const [name, wantedTexts] of all) {
    const attribute = attributeOf(survey, name, facts)
    if (!attribute) return null
    const lets = Uint8Array.from(attribute.texts(), (text) => (wantedTexts.includes(text) ? 1 : 0))
    sieves.push({ columnOf: attribute.columnOf, lets })
  }
  return sieves
}
