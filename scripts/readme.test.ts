import { describe, expect, it } from 'vitest'
import { findViolations, versionsFrom } from './readme.ts'

const files = [
  'docs/guide.md',
  'docs/decisions/0001-sqlite.md',
  'packages/sdk/src/index.ts',
  'packages/sdk',
  'README.md',
]
const facts = {
  scripts: ['demo', 'test'],
  versions: { node: ['22.13', '24.21.0'], pnpm: ['12'], preact: ['11.2.0'], '@earshot/sdk': ['0.1.0'] },
  exists: (path: string) => files.includes(path) || path === 'packages/*/src',
  read: (path: string) =>
    path === 'docs/guide.md' ? '# A guide\n\n## `one()` or [two](b.md)\n\n## Part\n\n## Part\n' : null,
}
const told = (text: string, path = 'README.md'): string[] =>
  findViolations([{ path, text }], facts).map(({ file, problem }) => `${file} ${problem}`)

describe('documents', () => {
  it.each([
    ['a script', '```sh\npnpm demo\nnpx -y pnpm@12 test --project unit\n```'],
    ['a command of pnpm', '```sh\n$ pnpm install && pnpm exec vitest\npnpm add @earshot/sdk\n```'],
    ['a command with settings', '```sh\nEARSHOT_CHROMIUM=/usr/bin/chromium pnpm test # all\n```'],
    ['any command in another language', '```ts\npnpm nothing\n```'],
    [
      'links',
      '[a](docs/guide.md#part) ![b](./docs/guide.md "title") [c](https://a.b/c.md) [d](#here) [e](mailto:a@b.c)',
    ],
    ['links to headings', '[a](docs/guide.md#one-or-two) [b](docs/guide.md#part) [c](docs/guide.md#part-1)'],
    ['a link by reference', '[a]: docs/guide.md\n[b]: https://a.b/c'],
    ['a link in code', '`[a](gone.md)`\n\n```md\n[a](gone.md)\n```'],
    ['paths', '`packages/sdk/src/index.ts` `packages/sdk/` `packages/sdk/src/index.ts:12` `packages/*/src`'],
    [
      'paths of build results, and placeholders',
      '`packages/sdk/dist/a.js` `docs/decisions/<number>-title.md`',
    ],
    [
      'versions',
      'Node 22.13, Node.js 24, node@24, pnpm 12, `npx -y pnpm@12 demo`, Preact 11, @earshot/sdk 0.1.0',
    ],
    ['numbers that are no versions', 'in 18 languages, at 320 px, HTTP 200, `/sdk/0.1.0/card.js`, Figure 3'],
  ])('may have %s', (_what, text) => {
    expect(told(text)).toStrictEqual([])
  })

  it.each([
    ['a script that is gone', '# A\n\n```sh\npnpm start\n```', 'README.md:4 says "pnpm start"'],
    ['one after another command', '```sh\ncd x && npx -y pnpm@12 start\n```', 'says "pnpm start"'],
    ['one by run', '```sh\npnpm run start\n```', 'says "pnpm start"'],
    ['a dead link', 'See\n[a](docs/gone.md).', 'README.md:2 links to docs/gone.md'],
    ['a dead image', '![a](gone.png)', 'links to gone.png'],
    ['a dead link by reference', '[a]: gone.md', 'links to gone.md'],
    ['a dead heading', '[a](docs/guide.md#gone)', 'links to #gone of docs/guide.md'],
    ['a heading too many', '[a](docs/guide.md#part-2)', 'links to #part-2'],
    ['a dead path', 'In `packages/sdk/src/gone.ts`.', 'names packages/sdk/src/gone.ts'],
    ['an old Node', 'Node 20 or later', 'says Node 20, which is 22.13 or 24.21.0'],
    ['another pnpm', '```sh\nnpx -y pnpm@11 demo\n```', 'says pnpm 11'],
    ['another library', 'built on Preact 10', 'says Preact 10'],
    ['an old SDK', 'npm i @earshot/sdk@0.0.9', 'says @earshot/sdk 0.0.9'],
    ['an old address', 'src="/sdk/0.0.9/card.js"', 'says sdk 0.0.9'],
  ])('may not have %s', (_what, text, problem) => {
    const found = told(text)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(problem)
  })

  it('resolve links from where they stand', () => {
    expect(
      told('[a](0001-sqlite.md) [b](../guide.md) [c](/docs/guide.md)', 'docs/decisions/a.md'),
    ).toStrictEqual([])
    expect(told('[a](docs/guide.md)', 'docs/decisions/a.md')).toHaveLength(1)
  })
  it('link to their own headings', () => {
    expect(told('[a](#part)', 'docs/guide.md')).toStrictEqual([])
    expect(told('[a](#gone)', 'docs/guide.md')).toHaveLength(1)
  })
  it('may quote old versions in a decision', () => {
    expect(told('Node 18', 'docs/decisions/0001-sqlite.md')).toStrictEqual([])
  })
})

describe('versionsFrom', () => {
  it('reads the catalog, the packages and the engines', () => {
    const workspace =
      "packages:\n  - packages/*\n\ncatalog:\n  '@types/node': 24.1.0\n  node: 24.21.0\n  zod: 4.6.7\n"
    const sdk = { name: '@earshot/sdk', version: '0.1.0', engines: { node: '>=22.13' } }
    expect(versionsFrom(workspace, { engines: { pnpm: '>=12' } }, [sdk])).toStrictEqual({
      '@types/node': ['24.1.0'],
      node: ['24.21.0', '22.13'],
      zod: ['4.6.7'],
      '@earshot/sdk': ['0.1.0'],
      pnpm: ['12'],
    })
  })
})
