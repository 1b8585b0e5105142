/** WebKit as WebKitGTK has it: its small browser, on a screen that nobody sees, by classic WebDriver. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Builder, Key as Codes, Origin, type WebDriver } from 'selenium-webdriver'
import { vi } from 'vitest'
import { freePort } from '../../../scripts/postgres.ts'
import { type Key, type Looks, middleOf, type RunningEngine, seekSource, type Tab } from './engine.ts'
import { end, type Screen, screenSize, startScreen } from './screen.ts'

const codes: Readonly<Record<Exclude<Key, 'ShiftTab'>, string>> = {
  Tab: Codes.TAB,
  Enter: Codes.ENTER,
  Escape: Codes.ESCAPE,
  Space: Codes.SPACE,
  ArrowLeft: Codes.ARROW_LEFT,
  ArrowRight: Codes.ARROW_RIGHT,
  ArrowUp: Codes.ARROW_UP,
  ArrowDown: Codes.ARROW_DOWN,
  Home: Codes.HOME,
}

/** What the console of a browser that nobody drives writes to standard output. */
const complaint = /^.*CONSOLE.*(?:ERROR|WARN).*$/gm

/**
 * Notes what a page complains of, from when the driver first comes to it: it has no way to be there before, and what
 * it drives writes nothing to standard output.
 */
const listening = `if (!window.complained) {
  const complained = (window.complained = []);
  addEventListener('error', ({ message }) => complained.push(message));
  addEventListener('unhandledrejection', ({ reason }) => complained.push(String(reason)));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => complained.push('Content Security Policy: ' + violatedDirective + ' ' + blockedURI));
  for (const level of ['error', 'warn']) {
    const say = console[level];
    console[level] = (...words) => { complained.push(words.join(' ')); say.apply(console, words) };
  }
}`

/** What programs of GTK are told by their surroundings. */
async function surroundings(profile: string, display: string, looks: Looks): Promise<NodeJS.ProcessEnv> {
  const settings = join(profile, 'config', 'gtk-3.0')
  await mkdir(settings, { recursive: true })
  const lines = [
    '[Settings]',
    `gtk-application-prefer-dark-theme=${Number(looks.dark === true)}`,
    `gtk-enable-animations=${Number(!looks.reducedMotion)}`,
  ]
  await writeFile(join(settings, 'settings.ini'), lines.join('\n'))
  // With its buttons in their full size its window cannot be as narrow as a phone.
  const style =
    'window * { min-width: 0; padding: 0; margin: 0; border: 0 } image { -gtk-icon-transform: scale(0) }'
  await writeFile(join(settings, 'gtk.css'), style)
  return {
    ...process.env,
    DISPLAY: display,
    GDK_BACKEND: 'x11',
    GTK_THEME: looks.dark ? 'Adwaita:dark' : 'Adwaita',
    LANGUAGE: (looks.locale ?? 'en-US').replace('-', '_'),
    NO_AT_BRIDGE: '1',
    LIBGL_ALWAYS_SOFTWARE: '1',
    WEBKIT_DISABLE_DMABUF_RENDERER: '1',
    HOME: profile,
    XDG_CONFIG_HOME: join(profile, 'config'),
    XDG_DATA_HOME: join(profile, 'data'),
    XDG_CACHE_HOME: join(profile, 'cache'),
  }
}

/** Starts one. What is driven keeps nothing after its end, whatever the folder: for that there is `visitWebkit`. */
export async function launchWebkit(
  [driver, browser, xvfb]: readonly string[],
  profile: string,
  looks: Looks,
): Promise<RunningEngine> {
  const screen = await startScreen(xvfb!, profile)
  const port = await freePort()
  const found: string[] = []
  const child = spawn(driver!, ['--host=127.0.0.1', `--port=${port}`], {
    env: await surroundings(profile, screen.display, looks),
    stdio: 'ignore',
  })
  const url = `http://127.0.0.1:${port}`
  await vi.waitFor(async () => fetch(`${url}/status`))
  const session = await new Builder()
    .usingServer(url)
    .withCapabilities({
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] },
    })
    .build()
  await session.manage().setTimeouts({ script: 30_000 })
  const capabilities = await session.getCapabilities()
  // Each command goes to the tab that was in front last, so one is done after the other.
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = turn.then(work, work)
    turn = next.catch(() => {})
    return next
  }
  let isFirst = true
  const stop = async (): Promise<void> => {
    await end(child, 'SIGTERM')
    await screen.end()
  }
  return {
    name: 'webkit',
    version: `WebKitGTK ${capabilities.getBrowserVersion()}`,
    open: () =>
      inTurn(async () => {
        if (!isFirst) await session.switchTo().newWindow('window')
        isFirst = false
        return createTab(session, await session.getWindowHandle(), screen, inTurn, found)
      }),
    complaints: () => found.splice(0),
    async close() {
      await session.quit().catch(() => {})
      await stop()
    },
    kill: stop,
  }
}

function createTab(
  session: WebDriver,
  handle: string,
  screen: Screen,
  inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>,
  found: string[],
): Tab {
  const here = <Result>(work: () => Promise<Result>): Promise<Result> =>
    inTurn(async () => {
      if ((await session.getWindowHandle().catch(() => '')) !== handle)
        await session.switchTo().window(handle)
      return work()
    })
  const run: Tab['run'] = async (work, ...args) => {
    const source = `${listening} const [done, args] = [arguments[arguments.length - 1], ${JSON.stringify(args)}]; ${seekSource} const end = (result) => done({ ...result, complaints: window.complained.splice(0) }); (async () => (${String(work)})(...args))().then((value) => end({ value }), (error) => end({ error: String(error) }))`
    const { value, error, complaints } = await here(() =>
      session.executeAsyncScript<{ value: never; error?: string; complaints: string[] }>(source),
    )
    found.push(...complaints)
    if (error) throw new Error(error)
    return value
  }
  const keys = (text: string): Promise<void> =>
    here(() => session.actions({ async: true }).sendKeys(text).perform())
  return {
    run,
    async go(url) {
      await here(() => session.get(url))
      await run(() => {})
    },
    reload: () => here(() => session.navigate().refresh()),
    back: () => here(() => session.navigate().back()),
    async click(selector) {
      const at = await vi.waitFor(async () => {
        const middle = await run(middleOf, selector)
        if (!middle) throw new Error(`There is no "${selector}".`)
        return middle
      })
      const [x, y] = [Math.round(at.x), Math.round(at.y)]
      await here(() =>
        session
          .actions({ async: true })
          .move({ x, y, origin: Origin.VIEWPORT, duration: 0 })
          .click()
          .perform(),
      )
    },
    async press(...names) {
      for (const name of names) {
        if (name !== 'ShiftTab') await keys(codes[name])
        else
          await here(() =>
            session
              .actions({ async: true })
              .keyDown(Codes.SHIFT)
              .sendKeys(Codes.TAB)
              .keyUp(Codes.SHIFT)
              .perform(),
          )
      }
    },
    type: keys,
    async size(width, height) {
      const window = session.manage().window()
      const { wide, high } = await run(() => ({
        wide: outerWidth - innerWidth,
        high: outerHeight - innerHeight,
      }))
      // Where nothing manages windows, that one has the focus that the pointer is in: this one, at its upper edge.
      const x = Math.round((screenSize.width - width) / 2)
      const y = screenSize.height / 2 - 4
      await here(() => window.setRect({ x, y, width: width + wide, height: height + high }))
      await vi.waitFor(async () => {
        const [w, h, hasFocus] = await run(() => [innerWidth, innerHeight, document.hasFocus()] as const)
        if (w !== width || h !== height || !hasFocus)
          throw new Error(
            `The window is ${w} by ${h}, not ${width} by ${height}, and ${hasFocus ? 'has' : 'lacks'} the focus.`,
          )
      })
    },
    bring: (source) => here(() => session.executeScript(source)),
    cookies: () => here(async () => (await session.manage().getCookies()).map((each) => each.name)),
    async picture() {
      // Once what is seen is the same two frames later.
      for (let before: Buffer | undefined; ;) {
        const area = await run(async () => {
          for (let frames = 0; frames < 2; frames++) await new Promise((go) => requestAnimationFrame(go))
          const top = screenY + outerHeight - innerHeight
          return { left: screenX, top, width: innerWidth, height: innerHeight }
        })
        const now = await screen.picture(area)
        if (before?.equals(now)) return now
        before = now
      }
    },
    close: () => here(() => session.close()),
  }
}

/**
 * Opens an address in a browser that nobody drives, whose storage stays in the folder; what it gives back kills it, and says
 * what its console had to complain of.
 * The page has to do by itself what is to be done.
 */
export async function visitWebkit(
  [, browser, xvfb]: readonly string[],
  profile: string,
  url: string,
): Promise<() => Promise<string[]>> {
  const screen = await startScreen(xvfb!, profile)
  const child = spawn(browser!, ['--enable-write-console-messages-to-stdout=true', url], {
    env: await surroundings(profile, screen.display, {}),
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += String(chunk)))
  return async () => {
    const ended = once(child, 'exit')
    // All of its processes, which are a group of their own.
    if (child.exitCode === null && child.pid) {
      process.kill(-child.pid, 'SIGKILL')
      await ended
    }
    await screen.end()
    return said.match(complaint) ?? []
  }
}
