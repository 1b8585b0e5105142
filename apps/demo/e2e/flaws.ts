/** What is wrong with the looks of a page of the demo. Runs on the page, and sees nothing but that. */

/** What is cut off, too small to be hit, or beside the page. */
export function flaws(): string[] {
  const found: string[] = []
  const name = (each: Element): string => `${each.tagName} "${(each.textContent || each.id).slice(0, 40)}"`
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways')
  const pen = document.createElement('canvas').getContext('2d')!
  for (const each of document.querySelectorAll<HTMLElement>('body *')) {
    if (!each.checkVisibility() || each.closest('[data-earshot],.gutter,.editor,.unseen,.skip,.screen'))
      continue
    const { overflowX, font, paddingLeft, paddingRight } = getComputedStyle(each)
    if (each instanceof HTMLSelectElement) {
      pen.font = font
      const room = each.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight)
      // The arrow has its place too.
      if (pen.measureText(each.selectedOptions[0]?.text ?? '').width + 16 > room)
        found.push(`"${each.selectedOptions[0]?.text}" is cut off`)
    } else if (each instanceof HTMLInputElement) {
      if (each.scrollWidth > each.clientWidth) found.push(`"${each.value}" is cut off`)
    } else if (/hidden|clip/.test(overflowX) && each.scrollWidth > each.clientWidth)
      found.push(`${name(each)} is cut off`)
    if (!each.matches('button,select,summary,input,.button,nav a')) continue
    const { width, height } = (each.closest('label') ?? each).getBoundingClientRect()
    if (width < 24 || height < 24) found.push(`${name(each)} is ${width} by ${height}`)
  }
  return found
}
