/** Before each file of tests: threads of the collector that it starts come out of the few files that `boundSetup.ts` has made. A test of a store starts hundreds, and each would find and link 150 files of sources. */
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'
import { boundVariable } from './collectorCommand.ts'

const bound = process.env[boundVariable]
const thread = /\/packages\/collector\/src\/stores\/((?:sqlite|postgres)Thread)\.ts$/

/** A worker as any other, but for where its first file is. */
class BoundWorker extends Worker {
  constructor(file: string | URL, options?: WorkerOptions) {
    const name = thread.exec(String(file))?.[1]
    if (bound && name) super(pathToFileURL(join(dirname(bound), `${name}.js`)), { ...options, execArgv: [] })
    else super(file, options)
  }
}

// Files of tests may share a process.
if (bound && Worker.name !== BoundWorker.name) {
  const threads = createRequire(import.meta.url)('node:worker_threads') as { Worker: typeof Worker }
  threads.Worker = BoundWorker
  syncBuiltinESMExports()
}
