/** What is known of who answered, as columns: traits that were told and contacts with support, by the rules of peopleFacts.ts. */
import { lifecycle } from '@earshot/contract'
import { written } from './attributes.ts'
import { createDictionary, packColumn, timeAt, type Column } from './column.ts'
import { chunkSize, type Chunk, type SurveyColumns } from './columns.ts'
import type { Identity } from './identities.ts'
import { contacts } from './peopleFacts.ts'
import { ownValue } from './text.ts'
import type { Millis } from './time.ts'

/** A moment of somebody. */
export interface ColumnMoment {
  name: string
  visitor: Identity
  person: Identity | null
  at: Millis
  data: Readonly<Record<string, unknown>>
}

/** A fact of all responses. */
export interface FactColumn {
  columnOf(chunk: Chunk): Column
  texts(): readonly (string | null)[]
}

/** Facts by the names of attributes. */
export interface FactColumns {
  /** Undefined: no fact has this name. Null: it has too many values. */
  columns(name: string, survey: SurveyColumns): FactColumn | null | undefined
}

/** What a fact is made of. */
interface Rule {
  isMeant(moment: ColumnMoment): boolean
  valueOf(moment: ColumnMoment): string | null
  /** Where nothing was told. */
  otherwise: string | null
  /** Up to when it must have been told: `lastAt` or `firstAt`. */
  until: 'firstAt' | 'lastAt'
}

function ruleOf(name: string): Rule | null {
  if (name.startsWith('trait.')) {
    const trait = name.slice(6)
    return {
      isMeant: (each) =>
        (each.name === 'identify' || each.name === 'group') && Object.hasOwn(each.data, trait),
      valueOf: ({ data }) => written(ownValue(data, trait)),
      otherwise: null,
      until: 'lastAt',
    }
  }
  if (name === 'supported')
    return {
      isMeant: (each) => contacts.includes(each.name),
      valueOf: () => 'yes',
      otherwise: 'no',
      until: 'firstAt',
    }
  if (name === 'handledBy')
    return {
      isMeant: (each) => each.name === lifecycle.conversationEnded,
      valueOf: ({ data }) => written(ownValue(data, 'handledBy')),
      otherwise: null,
      until: 'firstAt',
    }
  return null
}

/**
 * Makes the facts.
 *
 * @param moments in the order of arrival
 */
export function createFactColumns(moments: readonly ColumnMoment[]): FactColumns {
  const made = new WeakMap<SurveyColumns, Map<string, { identities: number; fact: FactColumn | null }>>()
  return {
    columns(name, survey) {
      const rule = ruleOf(name)
      if (!rule) return undefined
      const known = made.get(survey) ?? new Map<string, { identities: number; fact: FactColumn | null }>()
      made.set(survey, known)
      const found = known.get(name)
      // Of who is new since, nothing was looked up.
      if (found?.identities === survey.identities.size()) return found.fact
      const fact = createFact(rule, moments, survey)
      known.set(name, { identities: survey.identities.size(), fact })
      return fact
    },
  }
}

function createFact(
  rule: Rule,
  moments: readonly ColumnMoment[],
  { identities }: SurveyColumns,
): FactColumn | null {
  const dictionary = createDictionary<string | null>(null)
  const numberOf = (text: string | null): number => (text === null ? 0 : dictionary.numberOf(text, text))
  const otherwise = numberOf(rule.otherwise)
  /** By identity: the first of its entries, plus one; then each leads to the next. */
  const heads = new Int32Array(identities.size())
  const nexts: number[] = []
  const values: number[] = []
  const ats: Millis[] = []
  const note = (who: number, value: number, at: Millis): void => {
    if (who < 0) return
    nexts.push(heads[who] ?? 0)
    values.push(value)
    ats.push(at)
    heads[who] = nexts.length
  }
  for (const each of moments) {
    if (!rule.isMeant(each)) continue
    const value = numberOf(rule.valueOf(each))
    note(identities.find(each.visitor), value, each.at)
    if (each.person) note(identities.find(each.person), value, each.at)
  }
  if (dictionary.isFull) return null

  /** The entry that was told last, of those of one time the one that arrived last; 0 for none. */
  const lastOf = (who: number, until: Millis): number => {
    let best = 0
    for (let entry = heads[who] ?? 0; entry > 0; entry = nexts[entry - 1] ?? 0) {
      const at = ats[entry - 1] ?? NaN
      if (at <= until && (best === 0 || at > (ats[best - 1] ?? NaN))) best = entry
    }
    return best
  }
  const numbers = new Uint32Array(chunkSize)
  const packed = new WeakMap<Chunk, Column>()
  const make = ({ size, who, visitor, [rule.until]: times }: Chunk): Column => {
    for (let index = 0; index < size; index++) {
      const person = who.values === null ? who.constant : (who.values[index] ?? 0)
      const own = visitor.values === null ? visitor.constant : (visitor.values[index] ?? 0)
      let found = 0
      if ((heads[person] ?? 0) > 0 || (heads[own] ?? 0) > 0) {
        const until = timeAt(times, index)
        found = lastOf(person, until)
        const other = person === own ? 0 : lastOf(own, until)
        // Of one time, what was told of the person counts.
        if (other > 0 && (found === 0 || (ats[other - 1] ?? 0) > (ats[found - 1] ?? 0))) found = other
      }
      numbers[index] = found === 0 ? otherwise : (values[found - 1] ?? 0)
    }
    return packColumn(numbers, size)
  }
  return {
    columnOf(chunk) {
      const known = packed.get(chunk)
      if (known) return known
      const column = make(chunk)
      packed.set(chunk, column)
      return column
    },
    texts: () => dictionary.values,
  }
}
