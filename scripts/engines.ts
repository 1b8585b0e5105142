/** Finds the browsers of the tests in several engines: Chromium, Firefox, and WebKit as WebKitGTK has it. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findChromium } from './chromium.ts'

/** The engines that there are tests for. */
export const engineNames = ['chromium', 'firefox', 'webkit'] as const

/** An engine by its name. */
export type EngineName = (typeof engineNames)[number]

/** Programs of an engine, or how to get them. */
export type FoundEngine =
  | { name: EngineName; programs: readonly string[]; hint?: undefined }
  | { name: EngineName; programs?: undefined; hint: string }

declare module 'vitest' {
  interface ProvidedContext {
    /** Programs of the engines that are there. */
    engines: FoundEngine[]
  }
}

const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin']

/** The program that a variable names, else the first that is there; null when there is none. */
function findProgram(variable: string, places: readonly string[]): string | null {
  const wanted = process.env[variable]
  if (!wanted) return places.find((each) => existsSync(each)) ?? null
  if (existsSync(wanted)) return wanted
  throw new Error(`${variable} names "${wanted}", which is not there. Unset it, or name an executable.`)
}

const inPath = (name: string): string[] => folders.map((each) => join(each, name))
/** Where Debian, Fedora and Arch have the small browser that comes with WebKitGTK. */
const libraries = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/usr/libexec',
]

const finders: Readonly<Record<EngineName, () => Promise<FoundEngine>>> = {
  chromium: async () => ({ name: 'chromium', programs: [await findChromium()] }),
  async firefox() {
    const program = findProgram('EARSHOT_FIREFOX', [
      ...inPath('firefox'),
      ...inPath('firefox-esr'),
      '/Applications/Firefox.app/Contents/MacOS/firefox',
    ])
    if (program) return { name: 'firefox', programs: [program] }
    const hint =
      'Install it with: apt-get install firefox-esr (or from https://www.mozilla.org/firefox), or name one with EARSHOT_FIREFOX.'
    return { name: 'firefox', hint }
  },
  async webkit() {
    const driver = findProgram('EARSHOT_WEBKIT_DRIVER', inPath('WebKitWebDriver'))
    const browser = findProgram(
      'EARSHOT_WEBKIT',
      libraries.flatMap((each) =>
        ['6.0', '4.1', '4.0'].map((api) => join(each, `webkit2gtk-${api}`, 'MiniBrowser')),
      ),
    )
    const screen = findProgram('EARSHOT_XVFB', inPath('Xvfb'))
    if (driver && browser && screen) return { name: 'webkit', programs: [driver, browser, screen] }
    const missing = Object.entries({ WebKitWebDriver: driver, MiniBrowser: browser, Xvfb: screen })
    const names = missing.flatMap(([name, program]) => (program ? [] : [name])).join(', ')
    const hint = `There is no ${names}. Install them with: apt-get install webkit2gtk-driver xvfb, or name them with EARSHOT_WEBKIT_DRIVER, EARSHOT_WEBKIT and EARSHOT_XVFB.`
    return { name: 'webkit', hint }
  },
}

/**
 * The engines that are wanted, each with its programs or with how to get them.
 *
 * @param wanted `all`, or names with commas between them
 * @throws when a name is none of an engine
 */
export async function findEngines(wanted = 'all'): Promise<FoundEngine[]> {
  const names = wanted === 'all' ? engineNames : wanted.split(',')
  const unknown = names.filter((each) => !(each in finders))
  if (unknown.length)
    throw new Error(`EARSHOT_ENGINES names "${unknown.join()}". There are: all, ${engineNames.join(', ')}.`)
  return Promise.all(names.map((each) => finders[each as EngineName]()))
}
