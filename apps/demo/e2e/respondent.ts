/** What a respondent does on a page, and what a test waits for there. */
import type { Earshot, EarshotEvents, Explanation } from '@earshot/sdk'
import type { Frame, Locator, Page } from 'playwright'

declare global {
  interface Window {
    earshot: Earshot
    /** Details heard on window, by event name. */
    heard: Record<string, unknown[]>
  }
}

const names: readonly (keyof EarshotEvents)[] = [
  'ready',
  'shown',
  'answered',
  'completed',
  'dismissed',
  'snoozed',
  'followUp',
  'queued',
  'delivered',
  'rejected',
  'suppressed',
  'error',
]

/** Collects what Earshot tells on window, from before the first script. */
export async function listen(page: Page): Promise<void> {
  await page.addInitScript((events) => {
    window.heard = {}
    for (const name of events) {
      window.heard[name] = []
      window.addEventListener(`earshot:${name}`, (event) =>
        window.heard[name]?.push((event as CustomEvent).detail),
      )
    }
  }, names)
}

/** Waits until an event was heard so many times. */
export async function hear<Name extends keyof EarshotEvents>(
  page: Page,
  name: Name,
  times = 1,
): Promise<EarshotEvents[Name][]> {
  await page.waitForFunction(([event, count]) => (window.heard[event]?.length ?? 0) >= count, [
    name,
    times,
  ] as const)
  return heard(page, name)
}

/** What was heard so far. */
export async function heard<Name extends keyof EarshotEvents>(
  page: Page,
  name: Name,
): Promise<EarshotEvents[Name][]> {
  return (await page.evaluate((event) => window.heard[event] ?? [], name)) as EarshotEvents[Name][]
}

/** Waits until nothing is being decided about the screen, and says what was decided about a survey. */
export async function explained(page: Page, survey: string): Promise<Explanation> {
  return page.evaluate(async (id) => {
    for (;;) {
      const found = await window.earshot.explain(id)
      const screen = found.rules.find((each) => each.rule === 'screen')
      if (screen?.pass || document.querySelector('[data-earshot]')) return found
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }, survey)
}

/** Waits until a rule of a survey has seen that. */
export async function seesRule(page: Page, survey: string, rule: string, seen: object): Promise<void> {
  await page.waitForFunction(
    async ([id, name, wanted]) => {
      const found = (await window.earshot.explain(id)).rules.find((each) => each.rule === name)
      const has = (found?.seen ?? {}) as Record<string, unknown>
      return Object.entries(wanted).every(([key, value]) => has[key] === value)
    },
    [survey, rule, seen] as const,
  )
}

/** What this device remembers of a site. Runs on the page. */
export async function storedMemory(key: string): Promise<Partial<Memory> | undefined> {
  if (!(await indexedDB.databases()).some((each) => each.name === 'earshot')) return undefined
  const open = indexedDB.open('earshot')
  await new Promise((resolve) => (open.onsuccess = resolve))
  const row = open.result.transaction('kv').objectStore('kv').get(`${key}:m:`)
  await new Promise((resolve) => (row.onsuccess = resolve))
  open.result.close()
  return row.result as Partial<Memory> | undefined
}

/** The same of a page that Playwright drives. */
export const memoryOf = (page: Page, key: string): Promise<Partial<Memory> | undefined> =>
  page.evaluate(storedMemory, key)

/** Keys of all that is stored on the device. Runs on the page. */
export async function storedKeys(): Promise<IDBValidKey[]> {
  const open = indexedDB.open('earshot')
  await new Promise((resolve) => (open.onsuccess = resolve))
  const keys = open.result.transaction('kv').objectStore('kv').getAllKeys()
  await new Promise((resolve) => (keys.onsuccess = resolve))
  open.result.close()
  return keys.result
}

/** How many of them are events that wait to be sent. */
export const queuedOf = (keys: readonly IDBValidKey[]): number =>
  keys.filter((key) => typeof key === 'string' && key.includes(':q:')).length

/** As far as tests look at it. */
export interface Memory {
  visitor: string
  person: string | null
  consent: string | null
  erase: string
  plans: Record<string, { response: string; cause: string; due: number; expires: number }>
  asks: { followUp?: string; unseen?: true }[]
  surveys: Record<string, { answered?: number }>
}

export const card = (page: Page | Frame): Locator => page.locator('[data-earshot] .card')

export const score = (page: Page | Frame, value: number): Locator =>
  card(page).locator(`input[value="${value}"]`)

/** Answers with score and comment, to the thanks. */
export async function answer(page: Page | Frame, value: number, comment: string): Promise<void> {
  await score(page, value).click()
  await card(page).getByRole('textbox').fill(comment)
  await card(page).getByRole('button', { name: 'Send' }).click()
  await card(page).getByRole('heading', { name: 'Thank you' }).waitFor()
}
