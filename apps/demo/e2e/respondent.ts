/** What a respondent does on a page, and what a test waits for there. */
import type { Locator, Page } from 'playwright'

declare global {
  interface Window {
    earshot: {
      show(survey: string, options?: { force?: boolean }): void
      track(name: string, props?: Record<string, string>): void
      flush(): Promise<void>
      setConsent(consent: 'granted' | 'denied'): void
      on(name: string, handler: (detail: unknown) => void): () => void
      destroy(): void
    }
    /** Details heard on window, by event name. */
    heard: Record<string, unknown[]>
  }
}

const names = [
  'ready',
  'shown',
  'answered',
  'completed',
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
export async function hear(page: Page, name: string, times = 1): Promise<unknown[]> {
  await page.waitForFunction(([event, count]) => (window.heard[event]?.length ?? 0) >= count, [
    name,
    times,
  ] as const)
  return page.evaluate((event) => window.heard[event] ?? [], name)
}

export const card = (page: Page): Locator => page.locator('[data-earshot] .card')

export const score = (page: Page, value: number): Locator => card(page).locator(`input[value="${value}"]`)

/** Answers with score and comment, to the thanks. */
export async function answer(page: Page, value: number, comment: string): Promise<void> {
  await score(page, value).click()
  await card(page).getByRole('textbox').fill(comment)
  await card(page).getByRole('button', { name: 'Send' }).click()
  await card(page).getByRole('heading', { name: 'Thank you' }).waitFor()
}
