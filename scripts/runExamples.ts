/** Runs examples in a process of their own, and prints what is wrong with the surveys and settings that they make. */
import { readFileSync, writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createElement, type FunctionComponent } from 'react'
import { renderToString } from 'react-dom/server'
import { transformWithOxc } from 'vite'
import type { Finding } from './exampleModules.ts'
import { given, standIn } from './standIn.ts'
import { flawsOf, settingsFlaws } from './surveyFlaws.ts'

const { folder, entries, names } = JSON.parse(process.argv[2] ?? '') as {
  folder: string
  entries: Record<string, string>
  /** Files in the folder: the index of the example, and how it is written. */
  names: string[]
}
const home = pathToFileURL(`${folder}/`).href
/** Entries that start a client where they are called. */
const clientEntries = ['@earshot/sdk', '@earshot/sdk/headless']

registerHooks({
  resolve(specifier, context, next) {
    if (!context.parentURL?.startsWith(home)) return next(specifier, context)
    if (clientEntries.includes(specifier)) return next(new URL('standIn.ts', import.meta.url).href, context)
    const entry = entries[specifier]
    return next(entry ? pathToFileURL(entry).href : specifier, context)
  },
})

// Where the script tag puts it.
Object.assign(globalThis, { earshot: Object.assign(() => {}, standIn) })
console.log = () => {}

/** A module as Node takes it. */
async function runnable(name: string): Promise<string> {
  const path = join(folder, name)
  if (!name.endsWith('.tsx')) return path
  const { code } = await transformWithOxc(readFileSync(path, 'utf8'), path, { jsx: { runtime: 'automatic' } })
  const plain = path.replace(/tsx$/, 'mjs')
  writeFileSync(plain, code)
  return plain
}

const findings: Finding[] = []
for (const name of names) {
  given.length = 0
  const index = parseInt(name)
  const tell = (problem: string): number => findings.push({ index, problem })
  try {
    const made = (await import(pathToFileURL(await runnable(name)).href)) as Record<string, unknown>
    for (const [each, value] of Object.entries(made)) {
      const flaws = each === 'settings' ? settingsFlaws(value) : flawsOf(value)
      for (const flaw of flaws) tell(`in ${each}, ${flaw}`)
    }
    // A page of a server, with the example as all of it.
    if (name.endsWith('.tsx') && typeof made['App'] === 'function')
      renderToString(createElement(made['App'] as FunctionComponent))
    for (const { surveys = [], settings = {} } of given)
      for (const flaw of [...flawsOf(surveys), ...settingsFlaws(settings)]) tell(`in createEarshot, ${flaw}`)
  } catch (error) {
    tell(`throws ${String(error)}`)
  }
}
process.stdout.write(JSON.stringify(findings))
// An example may have left something that would keep the process alive.
process.exit()
