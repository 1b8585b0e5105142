/** Takes of a response what reports count by, as columns keep it. */
import { responseFields, written } from './attributes.ts'
import type { ColumnRow } from './columns.ts'
import type { Identity } from './identities.ts'
import type { StoredResponse } from './project.ts'
import { parseMoment } from './time.ts'

/** What is known of a response beside itself, and how identities are made. */
export interface RowMarks {
  row: number
  isOverQuota: boolean
  isDoubted: boolean
  visitorIdentity(visitor: string): Identity
  personIdentity(person: string): Identity
}

/** Makes the row of a response. */
export function columnRowOf(response: StoredResponse, marks: RowMarks): ColumnRow {
  const { row, isOverQuota, isDoubted, visitorIdentity, personIdentity } = marks
  const attributes: string[] = []
  const note = (name: string, value: unknown): void => {
    const text = written(value)
    if (text !== null) attributes.push(name, text)
  }
  for (const name of responseFields) note(name, response[name])
  for (const [name, value] of Object.entries(response.hidden ?? {})) note(`hidden.${name}`, value)
  return {
    row,
    visitor: visitorIdentity(response.visitor),
    person: response.person === null ? null : personIdentity(response.person),
    attributes,
    answers: Object.entries(response.answers).map(([question, { value, at }]) => ({
      question,
      value,
      at: parseMoment(at) ?? NaN,
    })),
    isOverQuota,
    isDoubted,
    isCompleted: response.status === 'completed',
    isClosed: response.dismissedAt !== null && response.completedAt === null,
    firstAt: parseMoment(response.firstAt) ?? NaN,
    lastAt: parseMoment(response.lastAt) ?? NaN,
  }
}
