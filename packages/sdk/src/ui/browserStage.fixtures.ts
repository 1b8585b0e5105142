/** A page to show cards on, and the media that a browser pretends to. For tests in a browser. */
import { expect } from 'vitest'
import { cdp } from 'vitest/browser'

type Session = { send<Answer = unknown>(method: string, params?: object): Promise<Answer> }

/** Speaks to the browser itself. */
export const browser = (): Session => cdp() as unknown as Session

export const medias = {
  light: { 'prefers-color-scheme': 'light', 'forced-colors': 'none' },
  dark: { 'prefers-color-scheme': 'dark', 'forced-colors': 'none' },
  forced: { 'prefers-color-scheme': 'light', 'forced-colors': 'active' },
} as const
export type Media = keyof typeof medias

/** Pretends to a medium, with nothing in motion; without a name everything is as it was. */
export async function emulate(media?: Media, more: Record<string, string> = {}): Promise<void> {
  const features: Record<string, string> = media
    ? { ...medias[media], 'prefers-reduced-motion': 'reduce', ...more }
    : {}
  await browser().send('Emulation.setEmulatedMedia', {
    features: Object.entries(features).map(([name, value]) => ({ name, value })),
  })
  for (const [name, value] of Object.entries(features))
    expect(matchMedia(`(${name}:${value})`).matches, `${name} is ${value}`).toBe(true)
}

/** Lays an empty page with a heading, a button before the card, and a place for a card in the page. */
export function layPage(language = 'en', dir = 'ltr'): void {
  const page = document.documentElement
  page.lang = language
  page.dir = dir
  document.title = 'Host'
  const main = document.createElement('main')
  const heading = document.createElement('h1')
  heading.textContent = 'Host'
  const before = document.createElement('button')
  before.id = 'before'
  before.textContent = 'Before'
  const slot = document.createElement('div')
  slot.id = 'slot'
  main.append(heading, before, slot)
  document.body.replaceChildren(main)
}

/** Where the tests' frame is in the browser's window, for what speaks of the window: pictures and fingers. */
export function offset(): { x: number; y: number; scale: number } {
  const frame = window.frameElement
  if (!frame) return { x: 0, y: 0, scale: 1 }
  const { left, top, width } = frame.getBoundingClientRect()
  return { x: left, y: top, scale: width / innerWidth }
}
