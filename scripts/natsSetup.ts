/** The nats-server of the tests that run on a log: one for all of them. */
import type { TestProject } from 'vitest/node'
import { findNats, natsHint, startNats } from './nats.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the server, which wants a name for each log; empty where there is none. */
    nats: string
  }
}

/** Starts the server; what it gives back ends it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (findNats() === null) {
    process.stderr.write(
      `\n  SKIPPED: all tests of the log, since there is no nats-server on this machine.\n  ${natsHint}\n\n`,
    )
    project.provide('nats', '')
    return () => Promise.resolve()
  }
  const running = await startNats(1)
  project.provide('nats', running.url('replicas=1'))
  return running.remove
}
