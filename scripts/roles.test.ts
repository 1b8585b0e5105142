import { expect, it } from 'vitest'
import { may, type Permission } from '../apps/dashboard/src/shell/session.ts'
import { permissions, roles } from '../packages/collector/src/core/roles.ts'

it('the dashboard shuts the doors that the collector would shut, and no others', () => {
  // Keeping a record is for programs; nothing on a page does it.
  const { record: _record, ...asked } = permissions
  for (const [need, allowed] of Object.entries(asked))
    expect([need, roles.filter((role) => may(role, need as Permission))]).toEqual([need, [...allowed]])
})
