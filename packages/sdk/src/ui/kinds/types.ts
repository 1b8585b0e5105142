/** The types of questions that some surveys have; what each needs is in a file of its own. */
import type { Question, Survey } from '@earshot/contract'
import type { LoadType } from '../../ports/card.ts'
import type { Kind } from './page.ts'

/** By type of question; a scale by its look. That of numbers is with the pages. */
export type Kinds = Readonly<Record<string, Kind>>

/** Of a definition that nobody has checked no word shall become part of an address. */
const known = /^(stars|faces|thumbs|yesno|choice|text|statement|link)$/

export function typeOf(question: Question): string {
  return question.kind === 'scale' ? (question.look ?? 'numbers') : question.kind
}

/** All that these surveys need, at once. Rejects when one cannot be fetched; the next call asks for it again. */
export async function loadTypes(surveys: readonly Survey[], load: LoadType): Promise<Kinds> {
  const types = new Set(surveys.flatMap((each) => each.questions.map(typeOf)))
  types.delete('numbers')
  const loaded = [...types].map(async (type) => {
    if (!known.test(type)) throw new Error(`no question of the type "${type}" can be drawn`)
    return [type, (await load(type)).kind]
  })
  return Object.fromEntries(await Promise.all(loaded)) as Kinds
}
