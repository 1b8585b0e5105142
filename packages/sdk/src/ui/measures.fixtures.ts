/** What is measured of a card on the page: whether it can be read and be hit. For tests in any engine. */
import type { Shown } from './gallery.fixtures.ts'

export { audit } from './audit.fixtures.ts'

/** A line as high as its letters: the box of a font may be much higher, and then reaches into the lines beside it. */
function lettersIn({ x, y, width, height }: DOMRect, element: Element): DOMRect {
  const high = Math.min(height, Number.parseFloat(getComputedStyle(element).fontSize) * 1.2)
  return new DOMRect(x, y + (height - high) / 2, width, high)
}

/** The lines of an element's own text, as boxes. */
function linesOf(element: Element): DOMRect[] {
  return [...element.childNodes].flatMap((node) => {
    if (node.nodeType !== Node.TEXT_NODE || !node.textContent?.trim()) return []
    const range = document.createRange()
    range.selectNodeContents(node)
    const lines = [...range.getClientRects()].filter(({ width }) => width > 0)
    return lines.map((each) => lettersIn(each, element))
  })
}

/** How wide an element's own text is. */
export const widthOf = (element: Element): number =>
  linesOf(element).reduce((sum, { width }) => sum + width, 0)

const isWithin = (inner: DOMRect, outer: DOMRect): boolean =>
  inner.left >= outer.left - 1 &&
  inner.right <= outer.right + 1 &&
  inner.top >= outer.top - 1 &&
  inner.bottom <= outer.bottom + 1

const meet = (a: DOMRect, b: DOMRect): boolean =>
  Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
  Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1

/** What cannot be read: cut off, on top of one another, or to be scrolled sideways. */
export function unreadable({ host, root, find }: Shown): string[] {
  const card = find('.card')
  const found: string[] = []
  const say = (isWrong: boolean, words: string): void => {
    if (isWrong) found.push(words)
  }
  say(card.scrollWidth > card.clientWidth, 'the card scrolls sideways')
  say(document.documentElement.scrollWidth > innerWidth, 'the page scrolls sideways')
  const box = card.getBoundingClientRect()
  // In the flow of the page it is the page that scrolls.
  const isFixed = getComputedStyle(host).position === 'fixed' || getComputedStyle(host).display === 'contents'
  const isOut = box.top < -1 || box.bottom > innerHeight + 1 || box.left < -1 || box.right > innerWidth + 1
  say(isFixed && isOut, 'the card is out of the window')
  const texts = [...root.querySelectorAll('.card *')]
    .filter((each) => !each.closest('.quiet') && each.checkVisibility())
    .map((element) => ({ element, lines: linesOf(element) }))
    .filter(({ lines }) => lines.length > 0)
  for (const { element, lines } of texts) {
    const name = `"${element.textContent}"`
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element
    // Downwards it is seen all the same where nothing hides it; whether it then lies on something is asked below.
    const isHidden = getComputedStyle(element).overflowY !== 'visible' && scrollHeight > clientHeight + 1
    // The box of a font may be higher than its line, and a line that runs downwards has its height sideways.
    const height = getComputedStyle(element).writingMode.startsWith('vertical') ? 1 : 0
    if (clientWidth > 0) say(scrollWidth > clientWidth + height || isHidden, `${name} is cut off`)
    const control = element.closest('button,a,.tile,.row')
    if (!control) continue
    const around = control.getBoundingClientRect()
    say(!lines.every((each) => isWithin(each, around)), `${name} reaches out of its control`)
    const isButton = control.matches('button,a')
    say(isButton && new Set(lines.map((each) => Math.round(each.top))).size > 2, `${name} has three lines`)
  }
  texts.forEach((one, index) => {
    // There are hundreds of pairs on a card, and thousands of cards: only what is found gets words.
    for (const other of texts.slice(index + 1))
      if (one.lines.some((a) => other.lines.some((b) => meet(a, b))))
        found.push(`"${one.element.textContent}" lies on "${other.element.textContent}"`)
  })
  return found
}

/** Whether not all of the card is seen at once. */
export const isScrolled = ({ find }: Shown): boolean =>
  find('.card').scrollHeight > find('.card').clientHeight

/**
 * What is too small to be hit: lower than `least`, or narrower, where the numbers of a scale may be 24 wide. The ways out
 * below a question are as small where a mouse is at hand, and have a `least` of their own.
 */
export function tooSmall({ root }: Shown, least: number, leastWayOut = least): string[] {
  return [...root.querySelectorAll('button,a,.tile,.row,.field,textarea')].flatMap((each) => {
    if (!each.checkVisibility()) return []
    const { width, height } = each.getBoundingClientRect()
    const wanted = each.matches('.foot *') ? leastWayOut : least
    const isLarge = height >= wanted && width >= (each.matches('.tile') ? 24 : wanted)
    return isLarge ? [] : [`${each.className} is ${width} by ${height}`]
  })
}

/** How the answers of a scale stand. */
export interface Scale {
  /** How many are in each row, from above. */
  rows: number[]
  /** Width of the narrowest, height of the lowest. */
  width: number
  height: number
}

/** Measures the scale of a card. */
export function scaleOf({ root }: Pick<Shown, 'root'>): Scale {
  const boxes = [...root.querySelectorAll('.scale input')].map((each) => each.getBoundingClientRect())
  const tops = boxes.map(({ top }) => Math.round(top))
  return {
    rows: [...new Set(tops)].map((top) => tops.filter((each) => each === top).length),
    width: Math.min(...boxes.map(({ width }) => width)),
    height: Math.min(...boxes.map(({ height }) => height)),
  }
}
