/** Runs examples in a process of their own, and prints what is wrong with the surveys and settings that they make. */
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Finding } from './exampleModules.ts'
import { given, standIn } from './standIn.ts'
import { flawsOf, settingsFlaws } from './surveyFlaws.ts'

const { folder, entries, indexes } = JSON.parse(process.argv[2] ?? '') as {
  folder: string
  entries: Record<string, string>
  indexes: number[]
}
const home = pathToFileURL(`${folder}/`).href
const clientEntry = '@earshot/sdk'

registerHooks({
  resolve(specifier, context, next) {
    if (!context.parentURL?.startsWith(home)) return next(specifier, context)
    if (specifier === clientEntry) return next(new URL('standIn.ts', import.meta.url).href, context)
    const entry = entries[specifier]
    return next(entry ? pathToFileURL(entry).href : specifier, context)
  },
})

// Where the script tag puts it.
Object.assign(globalThis, { earshot: Object.assign(() => {}, standIn) })
console.log = () => {}

const findings: Finding[] = []
for (const index of indexes) {
  given.length = 0
  const tell = (problem: string): number => findings.push({ index, problem })
  try {
    const made = (await import(pathToFileURL(join(folder, `${index}.ts`)).href)) as Record<string, unknown>
    for (const [name, value] of Object.entries(made)) {
      const flaws = name === 'settings' ? settingsFlaws(value) : flawsOf(value)
      for (const flaw of flaws) tell(`in ${name}, ${flaw}`)
    }
    for (const { surveys = [], settings = {} } of given)
      for (const flaw of [...flawsOf(surveys), ...settingsFlaws(settings)]) tell(`in createEarshot, ${flaw}`)
  } catch (error) {
    tell(`throws ${String(error)}`)
  }
}
process.stdout.write(JSON.stringify(findings))
// An example may have left something that would keep the process alive.
process.exit()
