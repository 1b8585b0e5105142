/** Whether the card is in the way of something on the page. */

type Box = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>

const between = (from: number, to: number): number => Math.max(0, to - from)

/** Whether at least half of a box lies behind another one, or all of it if it has no size. */
export function covers(front: Box, { left, top, right, bottom }: Box): boolean {
  const width = between(Math.max(front.left, left), Math.min(front.right, right))
  const height = between(Math.max(front.top, top), Math.min(front.bottom, bottom))
  const whole = between(left, right) * between(top, bottom)
  if (whole > 0) return width * height >= whole / 2
  return front.left <= left && right <= front.right && front.top <= top && bottom <= front.bottom
}
