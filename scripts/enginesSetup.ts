/** Finds the browsers for the tests in several engines once, and says loudly which of them are missing. */
import type { TestProject } from 'vitest/node'
import { findEngines } from './engines.ts'

/** Gives the tests what was found. */
export async function setup(project: TestProject): Promise<void> {
  const found = await findEngines(process.env.EARSHOT_ENGINES)
  for (const { name, hint } of found)
    if (hint)
      process.stderr.write(
        `\n  SKIPPED: all tests in ${name}, since it is not on this machine.\n  ${hint}\n\n`,
      )
  project.provide(
    'engines',
    found.filter(({ programs }) => programs),
  )
}
