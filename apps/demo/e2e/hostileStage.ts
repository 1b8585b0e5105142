/** One page under test: what it says, what it is, what is asked of it. Looks from outside wherever the page may have changed the language. */
import type { BrowserContext, CDPSession, Page } from 'playwright'
import { card } from './respondent.ts'

declare global {
  interface Window {
    /** What the page itself saw of violations. */
    violations: string[]
  }
}

/** What must not differ between a page with and without us. */
export interface Traits {
  document: string
  globals: Record<string, string>
  listeners: string[]
  storage: string
  focus: string
  scroll: string
}

export interface Stage {
  page: Page
  session: CDPSession
  /** Everything that the console got. */
  console: string[]
  errors: string[]
  violations(): Promise<string[]>
  traits(): Promise<Traits>
  /** Runs in the page's own world, on natives of the inspector. */
  run<Result, Input extends readonly unknown[]>(
    work: (...input: Input) => Result,
    ...input: Input
  ): Promise<Awaited<Result>>
}

export async function openStage(context: BrowserContext, url: string): Promise<Stage> {
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  const said: string[] = []
  const errors: string[] = []
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
  await page.addInitScript(() => {
    window.violations = []
    document.addEventListener('securitypolicyviolation', (event) => {
      window.violations[window.violations.length] = `${event.violatedDirective} ${event.blockedURI}`
    })
  })
  const stage: Stage = {
    page,
    session,
    console: said,
    errors,
    violations: () => stage.run(() => window.violations),
    async run(work, ...input) {
      const expression = `(${work.toString()})(${input.map((each) => JSON.stringify(each)).join()})`
      const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
        expression,
        returnByValue: true,
        awaitPromise: true,
      })
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
      return result.value
    },
    async traits() {
      return { ...(await stage.run(readTraits)), listeners: await readListeners(session) }
    },
  }
  await page.goto(url)
  return stage
}

/** Where a page may be listened to. */
const targets = [
  'window',
  'document',
  'document.documentElement',
  'document.body',
  'navigation',
  'visualViewport',
  'screen',
  'history',
]

/** What listens where, however it came there. */
export async function readListeners(session: CDPSession): Promise<string[]> {
  const found = await Promise.all(
    targets.map(async (target) => {
      const { result } = await session.send('Runtime.evaluate', {
        expression: target,
        objectGroup: 'listeners',
      })
      if (!result.objectId) return []
      const { listeners } = await session.send('DOMDebugger.getEventListeners', {
        objectId: result.objectId,
      })
      return listeners.map(({ type, useCapture }) => `${target} ${type}${useCapture ? ' (capture)' : ''}`)
    }),
  )
  await session.send('Runtime.releaseObjectGroup', { objectGroup: 'listeners' })
  return found.flat().sort()
}

/** Runs in the page, maybe on frozen or polluted prototypes: nothing but loops and texts. */
function readTraits(): Omit<Traits, 'listeners'> {
  // A global of an id, and not a property, would be found by its name alone.
  const root = document.documentElement.cloneNode(true) as Element
  const own = root.querySelectorAll('[data-earshot], script[data-key]')
  for (let at = 0; at < own.length; at++) own[at]!.remove()
  const globals: Record<string, string> = Object.create(null)
  const describe = (owner: object): string => {
    const names = Reflect.ownKeys(owner)
    let text = ''
    for (let at = 0; at < names.length; at++) {
      const name = names[at]!
      if (name === 'earshot') continue
      text += String(name)
      const property = Reflect.getOwnPropertyDescriptor(owner, name)!
      const value = property.value ?? property.get
      // Of natives the name is enough; the page's own are told apart by their text.
      if (typeof value === 'function') {
        const code = Function.prototype.toString.call(value)
        if (!code.includes('[native code]')) text += ` = ${code.slice(0, 60)}`
      } else text += ` ${typeof value}`
      text += '; '
    }
    return text
  }
  const names = Object.getOwnPropertyNames(window)
  globals['window'] = describe(window)
  for (let at = 0; at < names.length; at++) {
    const name = names[at]!
    const { value } = Object.getOwnPropertyDescriptor(window, name)!
    if (name === 'earshot' || !/^[A-Z]/.test(name) || typeof value !== 'function') continue
    globals[name] = describe(value as object)
    const { prototype } = value as { prototype?: object }
    if (prototype) globals[`${name}.prototype`] = describe(prototype)
  }
  const active = document.activeElement
  const field = document.getElementById('search') as HTMLInputElement | null
  let kept = 'refused'
  try {
    kept = `${document.cookie} ${Object.keys(localStorage).join()} ${Object.keys(sessionStorage).join()}`
  } catch {
    // A page of its own origin has none of the three.
  }
  return {
    document: root.outerHTML,
    globals,
    storage: kept,
    focus: `${active?.tagName} ${active?.id} ${field?.selectionStart}-${field?.selectionEnd}`,
    scroll: `${scrollX},${scrollY}`,
  }
}

/** Where the card is, in whole pixels of the screen. */
export async function placeOf(
  stage: Stage,
): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await card(stage.page).boundingBox()
  if (!box) throw new Error('The card is not there.')
  return box
}
