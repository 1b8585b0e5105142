/** Before tests that start the command line of the collector: has it bound into few files, which start in half the time. */
import { bindCommand } from './boundCommand.ts'
import { boundVariable } from './collectorCommand.ts'

/** A nightly run starts the sources themselves. */
export async function setup(): Promise<void> {
  if (process.env.EARSHOT_KILLS) return
  process.env[boundVariable] ??= await bindCommand()
}
