/** Whether something is an element that a selector means, on pages with fields named `matches` and selectors that are none. */

export function matches(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && Element.prototype.matches.call(target, selector)
}

export function isSelector(text: string): boolean {
  try {
    document.createDocumentFragment().querySelector(text)
    return true
  } catch {
    return false
  }
}
