/** What the tests of the dashboard's pages share: signing in, waiting for what was asked for, and the violations of axe. */
import axe from 'axe-core'
import type { Page } from 'playwright'

/** Signs in at a page of the dashboard, and waits until all of it is drawn. */
export async function signIn(page: Page, collectorUrl: string, token: string, place = ''): Promise<void> {
  await page.goto(`${collectorUrl}/dashboard${place}`)
  await page.getByLabel('Token').fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign in' }).waitFor({ state: 'detached' })
  await settled(page)
}

/** Waits until everything that was asked for is drawn. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').waitFor()
  await page.waitForFunction(() => !document.querySelector('.waiting'))
}

/** Has every colour arrived where it goes: on the way it is neither the one nor the other. */
export const arrived = (page: Page): Promise<void> =>
  page.evaluate(() => document.getAnimations().forEach((each) => each.finish()))

/** Rules of axe: WCAG 2.2, levels A and AA, and good practice. */
export const axeRules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds on a page by the rules of WCAG 2.2 AA and those of good practice. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  await arrived(page)
  const { violations: found } = await page.evaluate(
    (runOnly) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, { runOnly }),
    axeRules,
  )
  return found.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`)
}
