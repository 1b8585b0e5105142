import { expect, it } from 'vitest'
import { isOfTheHouse, measureHouse } from './house.ts'

it('counts lines without blanks and comments, and every exported name', () => {
  const files = [
    { path: 'a.ts', text: '/** A. */\n\nexport const a = 1\nexport { b, type C } from "./b.ts"\n' },
    { path: 'b.ts', text: 'export const b = 1\nexport interface C {\n  d: 1\n}\n' },
    { path: 'c.ts', text: 'export * from "./a.ts"\n' },
  ]
  expect(measureHouse(files)).toEqual({ files: 3, lines: 7, largest: 4, median: 2, exports: 6 })
  expect(measureHouse([])).toEqual({ files: 0, lines: 0, largest: 0, median: 0, exports: 0 })
})
it('looks at what is shipped or shown, and at no test', () => {
  const paths = [
    'packages/sdk/src/index.ts',
    'apps/demo/site/shop/page.ts',
    'packages/sdk/src/index.test.ts',
    'packages/collector/src/stores/storeSuite.ts',
    'apps/demo/e2e/line.ts',
    'scripts/house.ts',
  ]
  expect(paths.filter(isOfTheHouse)).toEqual(paths.slice(0, 2))
})
