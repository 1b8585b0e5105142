/** What to give to Node, so that it is the command line of the collector. */
import { join } from 'node:path'

/** Where tests are told of one that is bound into few files; see `boundCommand.ts`. */
export const boundVariable = 'EARSHOT_BOUND_COMMAND'

const bound = process.env[boundVariable]

/** Arguments of Node, before those of the command: of the sources themselves. */
export const sourceCommand: readonly string[] = [
  '--conditions=@earshot/source',
  join(import.meta.dirname, '../packages/collector/src/cli.ts'),
]

/** Of what was bound from them before the tests, where there is such. */
export const collectorCommand: readonly string[] = bound ? [bound] : sourceCommand
