/** Simulates who would be asked what, with the very engine whose browser files the collector serves. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SiteSettings, Survey } from '@earshot/contract'
import { settingsSchema } from '@earshot/contract/schema'
import { describeIssues } from './core/issues.ts'
import { ownValue } from './core/text.ts'
import type { Totals } from './simulateText.ts'

/** What to simulate. */
export interface SimulationRequest {
  /** Sound ones. */
  surveys: Survey[]
  settings?: SiteSettings | undefined
  visitors: number
  days: number
  seed: number
}

/** The engine, as the SDK builds it. */
export interface Simulator {
  /** Of the SDK; undefined when its files do not say. */
  version: string | undefined
  simulate(request: SimulationRequest): Totals
}

/**
 * Loads the engine out of a directory of browser files.
 *
 * @throws Error with the mend when there is none, or none that can simulate
 */
export async function loadSimulator(directory: string): Promise<Simulator> {
  const mend =
    'Build the SDK (pnpm build), or name the directory of its browser files with --browser-files, as for "serve".'
  const code = await readFile(join(directory, 'simulate.js'), 'utf8').catch((error: unknown) => {
    throw new Error(`There is no simulate.js in ${directory}. ${mend}`, { cause: error })
  })
  // From the text and not from the file: a directory of browser files need not say that its scripts are modules.
  const address = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
  const loaded = (await import(address).catch((error: unknown) => {
    throw new Error(`simulate.js in ${directory} cannot be loaded: ${String(error)}. ${mend}`, {
      cause: error,
    })
  })) as { simulateVisitors?: (request: SimulationRequest) => Totals }
  const { simulateVisitors } = loaded
  if (typeof simulateVisitors !== 'function')
    throw new Error(`simulate.js in ${directory} is not the one of this version. ${mend}`)
  return { version: await versionIn(directory), simulate: (request) => simulateVisitors(request) }
}

async function versionIn(directory: string): Promise<string | undefined> {
  try {
    const version = ownValue(JSON.parse(await readFile(join(directory, 'version.json'), 'utf8')), 'version')
    return typeof version === 'string' ? version : undefined
  } catch {
    return undefined
  }
}

/**
 * Settings of a site, as they are put to `/v1/settings`.
 *
 * @throws Error that says where they are wrong
 */
export function readSettings(value: unknown, name: string): SiteSettings {
  const result = settingsSchema.safeParse(value)
  if (result.success) return result.data
  const errors = describeIssues(result.error, value).map(
    ({ path, message }) => `${path || 'the whole'}: ${message}`,
  )
  throw new Error(`${name} holds no settings of a site: ${errors.join('; ')}.`)
}
