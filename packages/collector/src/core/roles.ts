/** Who may do what: the roles of tokens, and what each route needs. */

/** What a token is for. */
export type Role = 'admin' | 'analyst' | 'agent' | 'viewer'

/** What a route lets somebody do. */
export type Permission =
  | 'numbers'
  | 'responses'
  | 'people'
  | 'cases'
  | 'export'
  | 'define'
  | 'configure'
  | 'manage'
  | 'record'

/** All roles, the strongest first. */
export const roles: readonly Role[] = ['admin', 'analyst', 'agent', 'viewer']

/**
 * Which roles have which permission. A viewer sees numbers and no answer of a single person; an agent looks after people; an
 * analyst works with all answers and the surveys; what cuts off pages, opens doors or deletes is the admin's.
 */
export const permissions: Readonly<Record<Permission, readonly Role[]>> = {
  /** Reports, definitions, counters. */
  numbers: ['admin', 'analyst', 'agent', 'viewer'],
  /** Single responses, with what was written. */
  responses: ['admin', 'analyst', 'agent'],
  /** All that is known of one person. */
  people: ['admin', 'agent'],
  /** Cases; which of them, `cases.ts` says. */
  cases: ['admin', 'analyst', 'agent'],
  /** All responses at once. */
  export: ['admin', 'analyst'],
  /** Surveys are put and removed. */
  define: ['admin', 'analyst'],
  /** What holds for all surveys is put. */
  configure: ['admin'],
  /** What servers tell about customers is stored. */
  record: ['admin', 'agent'],
  /** Sites, keys, tokens, the log of what admins did, and erasure. */
  manage: ['admin'],
}

/**
 * Whether a role has a permission.
 *
 * @example
 * may('viewer', 'responses') // false
 */
export function may(role: Role, permission: Permission): boolean {
  return permissions[permission].includes(role)
}
