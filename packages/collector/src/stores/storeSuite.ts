/** What every store must do, as cases for any test runner: each gets a fresh store and throws when it is let down. */
import { accessCases } from './accessSuite.ts'
import { anonymiseCases } from './anonymiseSuite.ts'
import { appendCases } from './appendSuite.ts'
import { caseCases } from './caseSuite.ts'
import { findingCases } from './findingSuite.ts'
import { followUpCases } from './followUpSuite.ts'
import { jobClaimCases } from './jobClaimSuite.ts'
import { jobEraseCases } from './jobEraseSuite.ts'
import { jobCases } from './jobSuite.ts'
import { mailCases } from './mailSuite.ts'
import { noteCases } from './noteSuite.ts'
import { peopleCases } from './peopleSuite.ts'
import { placeCases } from './placeSuite.ts'
import { reportCases } from './reportSuite.ts'
import type { StoreCase } from './storeSuite.fixtures.ts'
import { surveyCases } from './surveySuite.ts'

/**
 * The suite.
 *
 * @example
 * it.each(storeSuite)('$name', async ({ run }) => run(createSqliteStore(':memory:')))
 */
export const storeSuite: readonly StoreCase[] = [
  ...accessCases,
  ...surveyCases,
  ...appendCases,
  ...reportCases,
  ...placeCases,
  ...followUpCases,
  ...peopleCases,
  ...findingCases,
  ...jobCases,
  ...jobClaimCases,
  ...jobEraseCases,
  ...caseCases,
  ...mailCases,
  ...noteCases,
  ...anonymiseCases,
]
