/** Finds a Chromium for the tests, so that a machine without any browser passes them too. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'

/** Flags for headless runs as root, in containers and without a network. */
export const chromiumFlags: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const installed = [
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/**
 * Path of the executable: `EARSHOT_CHROMIUM`, an installed Chrome or Chromium, Playwright's own if it was
 * downloaded, else the one inside the npm package `@sparticuz/chromium`, unpacked into the temporary folder.
 */
export async function findChromium(): Promise<string> {
  const wanted = process.env.EARSHOT_CHROMIUM
  if (wanted) {
    if (existsSync(wanted)) return wanted
    throw new Error(
      `EARSHOT_CHROMIUM names "${wanted}", and no file is there. Unset it, or name an executable.`,
    )
  }
  const found = [...installed, chromium.executablePath()].find((path) => existsSync(path))
  if (found) return found
  const { default: packed } = await import('@sparticuz/chromium')
  return packed.executablePath()
}
