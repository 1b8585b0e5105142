/** The order of test files: those that wait most come first, so that they wait while others compute, and no core is idle at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** They wait more than they compute: for a lease that runs out, for the next try. */
const waiting =
  /\/(outbound\/kill|outbound\/postgresKillRunner|stores\/natsKill|stores\/natsFaults|e2e\/(delivery|kill|postgres))\.test\.ts$/
/** The dearest of the others. */
const dear =
  /\/(e2e\/(dashboard|hostile|playground|triggers|looks)|sim\/sim|src\/cli|cli\/operate|stores\/sqlite|(gallery\.geometry|kinds)\.browser)\.test\.tsx?$/

const rankOf = ({ moduleId }: TestSpecification): number =>
  waiting.test(moduleId) ? 0 : dear.test(moduleId) ? 1 : 2

/** Among files of one rank all is as Vitest has it: by project, and the longest first. */
export class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rankOf(one) - rankOf(other))
  }
}
