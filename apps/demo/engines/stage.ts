/** Browsers of the engines that are on this machine, each on a profile that can outlive it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import { expect, inject, vi } from 'vitest'
import { axeRules } from '../e2e/dashboardDoor.ts'
import type { EngineName, FoundEngine } from '../../../scripts/engines.ts'
import type { Looks, RunningEngine, Tab } from './engine.ts'
import { launchPuppet } from './puppet.ts'
import { launchWebkit, visitWebkit } from './webkit.ts'

/** A folder with what a browser keeps. */
export interface Profile {
  launch(looks?: Looks): Promise<RunningEngine>
  /** Ends what still runs, and removes the folder. */
  remove(): Promise<void>
}

/** Names of the engines that are there. */
export const engines: readonly EngineName[] = inject('engines').map(({ name }) => name)

/** Those that no other test tries. */
export const others = engines.filter((each) => each !== 'chromium')

function programsOf(name: EngineName): readonly string[] {
  const found = inject('engines').find((each): each is FoundEngine => each.name === name)
  if (!found?.programs) throw new Error(`There is no ${name}.`)
  return found.programs
}

/** A fresh one, in the temporary folder. */
export async function createProfile(name: EngineName): Promise<Profile> {
  const folder = await mkdtemp(join(tmpdir(), `earshot-${name}-`))
  const running: RunningEngine[] = []
  return {
    async launch(looks = {}) {
      const programs = programsOf(name)
      const browser =
        name === 'webkit'
          ? await launchWebkit(programs, folder, looks)
          : await launchPuppet(name, programs[0]!, folder, looks)
      running.push(browser)
      return browser
    },
    async remove() {
      for (const each of running) await each.kill()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/**
 * Has pages done by themselves in a WebKit that nobody drives, one after the other and each in a browser of its own,
 * since only such a one keeps what it has stored. Each ends when its promise does, by being killed.
 *
 * @returns what their consoles complained of, from before the first script
 */
export async function visitAlone(
  visits: readonly { url: string; until(): Promise<unknown> }[],
): Promise<string[]> {
  const complaints: string[] = []
  const folder = await mkdtemp(join(tmpdir(), 'earshot-webkit-'))
  try {
    for (const { url, until } of visits) {
      const end = await visitWebkit(programsOf('webkit'), folder, url)
      try {
        await until()
      } finally {
        complaints.push(...(await end()))
      }
    }
    return complaints
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Waits until something is on the page or on a card. */
export async function see(tab: Tab, selector: string): Promise<void> {
  await vi.waitFor(async () => {
    const isSeen = await tab.run((each) => seek(each)?.checkVisibility() ?? false, selector)
    if (!isSeen) throw new Error(`There is no "${selector}" to be seen.`)
  })
}

/** Waits until there is none. */
export async function miss(tab: Tab, selector: string): Promise<void> {
  await vi.waitFor(async () => expect(await tab.run((each) => seek(each) !== null, selector)).toBe(false))
}

/** The text of an element. */
export const textOf = (tab: Tab, selector: string): Promise<string> =>
  tab.run((each) => seek(each)?.textContent?.trim() ?? '', selector)

/** What axe finds on a page and its cards, by the rules of WCAG 2.2 AA and those of good practice, once nothing moves. */
export async function violationsOf(tab: Tab): Promise<string[]> {
  await tab.bring(axe.source)
  return tab.run(async (runOnly) => {
    const roots = [
      document,
      ...[...document.querySelectorAll('[data-earshot]')].map((each) => each.shadowRoot),
    ]
    const moving = roots.flatMap((each) => each?.getAnimations() ?? [])
    await Promise.allSettled(moving.map(({ finished }) => finished))
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly,
      resultTypes: ['violations'],
      preload: false,
      iframes: false,
    })
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' ')}`,
    )
  }, axeRules)
}

/** Keeps a picture where `EARSHOT_SHOTS` names a folder for them. */
export async function shoot(tab: Tab, name: string): Promise<void> {
  const { EARSHOT_SHOTS } = process.env
  if (!EARSHOT_SHOTS) return
  const { writeFile } = await import('node:fs/promises')
  await writeFile(join(EARSHOT_SHOTS, `${name}.png`), await tab.picture())
}
