/** The order of test files: those that wait or compute long come first, so that no core is idle while the last of them ends. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Each by the end of its path: the dearest, and those that wait more than they compute, for a lease that runs out or for the next
 * try. By turns, so that somebody always computes while others wait.
 */
export const first: readonly string[] = [
  'ui/gallery.geometry.browser',
  'kinds/kinds.browser',
  'ui/frame.browser',
  'ui/gallery.axe.browser',
  'ui/gallery.a11y.browser',
  'ui/card.browser',
  'shell/sensors.browser',
  'simulate/agreement.browser',
  'http/badRequests',
  'e2e/delivery',
  'sim/sim',
  'e2e/dashboard',
  'e2e/hostile',
  'outbound/kill',
  'src/cli',
  'outbound/postgresKillRunner',
  'e2e/triggers',
  'stores/natsKill',
  'cli/operate',
  'e2e/postgres',
  'e2e/playground',
  'e2e/kill',
  'stores/sqlite',
  'stores/natsFaults',
  'e2e/looks',
  'cli/import',
  'http/overload',
  'outbound/runner',
  'cli/access',
]

function rankOf({ moduleId }: TestSpecification): number {
  const rank = first.findIndex((each) => moduleId.replace(/x$/, '').endsWith(`/${each}.test.ts`))
  return rank === -1 ? first.length : rank
}

/** All that is not named is in the order of Vitest: by project, and the longest first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rankOf(one) - rankOf(other))
  }
}
