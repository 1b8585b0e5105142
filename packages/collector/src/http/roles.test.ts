import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { may, permissions, roles } from '../core/roles.ts'
import type { Deps } from './route.ts'
import { createRoutes } from './routes.ts'

const table = createRoutes({ hash: { sha256: () => new Uint8Array() } } as unknown as Deps)

it('the table in docs/operate.md says of every admin route which roles may call it, and of no other', () => {
  const text = readFileSync(new URL('../../../../docs/operate.md', import.meta.url), 'utf8')
  const [, section = ''] = /\n## Who may do what\n([^]*?)\n## /.exec(text) ?? []
  const said = [...section.matchAll(/^\| `(\w+ \/\S+)` +\|(.*)\|$/gm)].map(([, route, cells = '']) => [
    route,
    roles.filter((_, column) => cells.split('|')[column]?.trim() === 'yes'),
  ])
  const made = table.flatMap((route) =>
    route.access === 'admin'
      ? [[`${route.method} ${route.path}`, roles.filter((role) => may(role, route.need))]]
      : [],
  )
  expect(Object.fromEntries(said)).toEqual(Object.fromEntries(made))
  const [head = ''] = /^\| Route.*$/m.exec(section) ?? []
  expect(
    head
      .split('|')
      .map((cell) => cell.trim())
      .slice(2, -1),
  ).toEqual(roles)
})

it('the admin may do everything, and nobody else may manage', () => {
  for (const allowed of Object.values(permissions)) expect(allowed).toContain('admin')
  expect([permissions.manage, permissions.configure]).toEqual([['admin'], ['admin']])
})

it('no route about people has their ids for the log of what admins did', () => {
  const people = table.filter((each) => each.path.startsWith('/v1/people/'))
  expect(people.length).toBeGreaterThan(2)
  for (const route of people) {
    const about = route.access === 'admin' ? route.about?.({ id: 'ada@example.com' }) : undefined
    expect([route.path, about]).toEqual([route.path, expect.stringMatching(/^person /)])
  }
})
