/** The console, for those who asked for it. */
import type { Log } from '../ports/world.ts'

/** Says nothing unless `debug` is on: a host page's console is not ours. */
export function createLog(debug: boolean): Log {
  return debug ? (...message) => console.info('[earshot]', ...message) : () => {}
}
