import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

it('the workspace holds engines against the Node that it brings along', () => {
  const workspace = parse(readFileSync('pnpm-workspace.yaml', 'utf8')) as {
    nodeVersion: string
    catalog: Record<string, string>
  }
  expect(workspace.nodeVersion).toBe(workspace.catalog['node'])
})
