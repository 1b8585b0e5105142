/** Whether the card is in the way of something on the page. */

type Box = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>

/** Whether the middle of a box lies behind another one, as it does when most of the box does. */
export function covers(front: Box, { left, top, right, bottom }: Box): boolean {
  const x = (left + right) / 2
  const y = (top + bottom) / 2
  return front.left < x && x < front.right && front.top < y && y < front.bottom
}
