/** Real browser processes that a test can close, kill and start again on the same profile. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium } from 'playwright'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'

export interface RunningBrowser {
  /** The context of the profile. */
  context: BrowserContext
  /** Ends it as a user does. */
  close(): Promise<void>
  /** SIGKILL to every process of it. */
  kill(): Promise<void>
}

/** A profile in a directory of its own, for any number of browsers one after the other. */
export async function createProfile(): Promise<{
  launch(): Promise<RunningBrowser>
  remove(): Promise<void>
}> {
  const directory = await mkdtemp(join(tmpdir(), 'earshot-profile-'))
  const running = new Set<RunningBrowser>()
  return {
    async launch() {
      const browser = await launch(directory, () => running.delete(browser))
      running.add(browser)
      return browser
    },
    async remove() {
      for (const browser of running) await browser.kill()
      await rm(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function launch(profile: string, onEnd: () => void): Promise<RunningBrowser> {
  const options = [
    ...chromiumFlags,
    '--headless',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    'about:blank',
  ]
  // A process group of its own, so that one signal reaches all of its processes and no other.
  const child = spawn(await findChromium(), options, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
  const browser = await chromium.connectOverCDP(await addressOf(child))
  const context = browser.contexts()[0]
  if (!context) throw new Error('The browser has no context.')
  const ended = once(child, 'exit').then(onEnd)
  return {
    context,
    async close() {
      await closeGracefully(browser)
      await ended
    },
    async kill() {
      if (child.exitCode === null && child.signalCode === null)
        process.kill(-(child.pid as number), 'SIGKILL')
      await ended
      await browser.close().catch(() => {})
    },
  }
}

/** The browser says on standard error where it listens. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const address = /ws:\/\/\S+/.exec(said)?.[0]
      if (address) resolve(address)
    })
    child.once('exit', () => reject(new Error(`The browser ended at once:\n${said}`)))
  })
}

/** `browser.close()` over CDP only disconnects; this ends the process as its window's close button does. */
async function closeGracefully(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession()
  await session.send('Browser.close')
}
