/** `node scripts/buildBrowser.ts`: every set of files that vite.config.ts knows, one after the other in one process, which reads the configuration and starts the tools once. */
import { join } from 'node:path'
import { build } from 'vite'
import { builds } from '../vite.config.ts'

// As `vite build` has it.
process.env.NODE_ENV = 'production'
process.chdir(join(import.meta.dirname, '..'))
for (const [mode, config] of Object.entries(builds)) await build({ ...config, configFile: false, mode })
