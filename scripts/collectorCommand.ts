/** What to give to Node, so that it is the command line of the collector. */
import { join } from 'node:path'

/** Where tests are told of one that is bound into few files; see `boundCommand.ts`. */
export const boundVariable = 'EARSHOT_BOUND_COMMAND'

const bound = process.env[boundVariable]
const source = join(import.meta.dirname, '../packages/collector/src/cli.ts')

/** Arguments of Node, before those of the command: of the sources, or of what was bound from them before the tests. */
export const collectorCommand: readonly string[] = bound ? [bound] : ['--conditions=@earshot/source', source]
