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

/** A node of the tree that screen readers get. */
export interface Spoken {
  role: string
  name: string
  description: string
  properties: Readonly<Record<string, unknown>>
}

interface AxNode {
  ignored: boolean
  role?: { value: string }
  name?: { value: string }
  description?: { value: string }
  properties?: { name: string; value: { value: unknown } }[]
}

interface FrameTree {
  frame: { id: string; url: string }
  childFrames?: FrameTree[]
}

/** What screen readers get of the tests' page. */
export async function spoken(): Promise<Spoken[]> {
  const { frameTree } = await browser().send<{ frameTree: FrameTree }>('Page.getFrameTree')
  const all = (tree: FrameTree): FrameTree[] => [tree, ...(tree.childFrames ?? []).flatMap(all)]
  const frame = all(frameTree).find((each) => each.frame.url === location.href) ?? frameTree
  const { nodes } = await browser().send<{ nodes: AxNode[] }>('Accessibility.getFullAXTree', {
    frameId: frame.frame.id,
  })
  return nodes
    .filter((each) => !each.ignored)
    .map(({ role, name, description, properties = [] }) => ({
      role: role?.value ?? '',
      name: name?.value ?? '',
      description: description?.value ?? '',
      properties: Object.fromEntries(properties.map((each) => [each.name, each.value.value])),
    }))
}

export type Rgb = readonly [number, number, number]

/** What is seen now: the colour of any point of the tests' page, in its own pixels. */
export async function picture(): Promise<(x: number, y: number) => Rgb> {
  const { x, y, scale } = offset()
  const { data } = await browser().send<{ data: string }>('Page.captureScreenshot', {
    clip: { x, y, width: innerWidth * scale, height: innerHeight * scale, scale: 1 / scale },
  })
  const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0))
  const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
  const canvas = new OffscreenCanvas(image.width, image.height)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('there is no canvas to look at pictures with')
  context.drawImage(image, 0, 0)
  const pixels = context.getImageData(0, 0, image.width, image.height).data
  return (atX, atY) => {
    const from = (Math.floor(atY) * image.width + Math.floor(atX)) * 4
    return [pixels[from] ?? 0, pixels[from + 1] ?? 0, pixels[from + 2] ?? 0]
  }
}

function luminance(color: Rgb): number {
  const [r = 0, g = 0, b = 0] = color.map((each) => {
    const share = each / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Contrast of two colours by WCAG 2, 1 to 21. It knows lightness alone, so it is that of a picture without colours too. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((one, other) => other - one)
  return (light + 0.05) / (dark + 0.05)
}
