/** The order of test files: those that wait most come first, so that they wait while others compute, and no core is idle at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Each by the end of its path. */
export const first: readonly string[] = [
  // They wait more than they compute: for a lease that runs out, for the next try. Tests in a browser run beside them.
  'e2e/delivery',
  'outbound/kill',
  'outbound/postgresKillRunner',
  'stores/natsKill',
  'e2e/postgres',
  'e2e/kill',
  'stores/natsFaults',
  // The dearest of the others: what talks with a browser all the time, by turns with what computes all the time.
  'e2e/dashboard',
  'sim/sim',
  'e2e/hostile',
  'src/cli',
  'e2e/triggers',
  'cli/operate',
  'e2e/playground',
  'stores/sqlite',
  'e2e/looks',
  'cli/import',
  'outbound/runner',
  'cli/access',
]

function rankOf({ moduleId }: TestSpecification): number {
  const rank = first.findIndex((each) => moduleId.endsWith(`/${each}.test.ts`))
  return rank === -1 ? first.length : rank
}

/** All that is not named is in the order of Vitest: by project, and the longest first. */
export class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rankOf(one) - rankOf(other))
  }
}
