/** Pictures of a page, and how far two of them are from each other. */
import { setTimeout } from 'node:timers/promises'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'
import type { CDPSession } from 'playwright'

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** What is in view now. */
export const picture = async (session: CDPSession): Promise<PNG> => unpacked(await packed(session))

/** The pixels of a picture. */
export const unpacked = (data: string): PNG => PNG.sync.read(Buffer.from(data, 'base64'))

/** What is in view now, as the browser packs it: equal texts are equal pixels. Taken by the browser itself, so that nothing is put into the page for it. */
export async function packed(session: CDPSession): Promise<string> {
  await session.send('Page.bringToFront')
  for (let attempt = 1; ; attempt++)
    try {
      const { data } = await session.send('Page.captureScreenshot', {
        format: 'png',
        optimizeForSpeed: true,
      })
      return data
    } catch (error) {
      // A page that has not drawn its first frame cannot be pictured yet, and where the processor is busy that takes a while.
      if (attempt === 100) throw error
      await setTimeout(100)
    }
}

/** A part of a picture, as far as it is in view. */
export function part(from: PNG, { x, y, width, height }: Box): PNG {
  const [left, top] = [Math.max(0, Math.round(x)), Math.max(0, Math.round(y))]
  const cut = new PNG({
    width: Math.min(Math.floor(width), from.width - left),
    height: Math.min(Math.floor(height), from.height - top),
  })
  PNG.bitblt(from, cut, left, top, cut.width, cut.height, 0, 0)
  return cut
}

/** Fills the corners, through which one sees the page. */
export function withoutCorners(card: PNG, radius: number): PNG {
  for (const x of [0, card.width - radius])
    for (const y of [0, card.height - radius]) blank(card, { x, y, width: radius, height: radius })
  return card
}

/** Makes a part of a picture black. */
export function blank(in_: PNG, { x, y, width, height }: Box): void {
  const [left, top] = [Math.max(0, Math.floor(x)), Math.max(0, Math.floor(y))]
  const [right, bottom] = [
    Math.min(in_.width, Math.ceil(x + width)),
    Math.min(in_.height, Math.ceil(y + height)),
  ]
  for (let row = top; row < bottom; row++)
    in_.data.fill(0, (row * in_.width + left) * 4, (row * in_.width + right) * 4)
}

/** Share of pixels that differ by more than what font rendering may do; 1 where the sizes differ. */
export function difference(one: PNG, other: PNG): number {
  if (one.width !== other.width || one.height !== other.height) return 1
  const { width, height } = one
  return (
    pixelmatch(one.data, other.data, undefined, width, height, { threshold: 0.05, includeAA: true }) /
    (width * height)
  )
}
