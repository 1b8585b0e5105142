/** Cases as rows of a table. */
import type { Case } from '../core/cases.ts'

/** The columns besides site and id, in the order of `caseRow`. */
export const caseColumns = [
  'state',
  'role',
  'owner',
  'survey',
  'response',
  'visitor',
  'person',
  'due_at',
  'opened_at',
  'closed_at',
  'changed_at',
  'body',
] as const

/** The values of these columns. */
export function caseRow(
  stands: Case,
  text: (value: string) => string = (value) => value,
): (string | number | null)[] {
  const { state, role, owner, survey, response, visitor, person, dueAt, openedAt, closedAt, changedAt } =
    stands
  // Of what concerns nobody the column is empty, and no visitor is.
  const names = [role, owner, survey, response, visitor ?? '', person]
  const keys = names.map((each) => (each === null ? null : text(each)))
  return [state, ...keys, dueAt, openedAt, closedAt, changedAt, JSON.stringify(stands)]
}
