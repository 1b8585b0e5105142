/** What a test does with a browser, whichever engine it has. */
import type { EngineName } from '../../../scripts/engines.ts'

/** Keys by their names in the DOM. */
export type Key =
  | 'Tab'
  | 'ShiftTab'
  | 'Enter'
  | 'Escape'
  | 'Space'
  | 'ArrowLeft'
  | 'ArrowRight'
  | 'ArrowUp'
  | 'ArrowDown'
  | 'Home'

/** What the visitor's system wants. What an engine cannot be told is left out: WebKit knows no forced colours. */
export interface Looks {
  dark?: boolean
  reducedMotion?: boolean
  forcedColors?: boolean
  /** Whether it is a finger that points, for which targets are larger. Only Firefox can be told. */
  touch?: boolean
  /** BCP 47 tag of the browser's own language; default `en-US`. */
  locale?: string
}

/** One tab, in front of the others as soon as something is done in it. */
export interface Tab {
  go(url: string): Promise<void>
  reload(): Promise<void>
  back(): Promise<void>
  /** Runs a function on the page, and waits for what it promises. It sees nothing but its arguments, and `seek`. */
  run<Args extends unknown[], Result>(
    work: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result>
  /** Runs the text of a script on the page, whatever its policy. */
  bring(source: string): Promise<void>
  /** Waits until there is such an element, on the page or on a card, that stands still. Clicks on its middle with the mouse. */
  click(selector: string): Promise<void>
  /** Presses keys one after the other. */
  press(...keys: Key[]): Promise<void>
  /** Types as on a keyboard. */
  type(text: string): Promise<void>
  /** Has the page so large, in CSS pixels. */
  size(width: number, height: number): Promise<void>
  /** Names of the cookies that the page's site has here, also of those that no script may read. */
  cookies(): Promise<string[]>
  /** PNG of what is seen. */
  picture(): Promise<Buffer>
  close(): Promise<void>
}

/** A browser that runs. */
export interface RunningEngine {
  name: EngineName
  /** Such as `Firefox 140.12`. */
  version: string
  open(): Promise<Tab>
  /** Errors, warnings and violations of policies that the console had, in all tabs, since it was asked last. */
  complaints(): string[]
  /** Ends it as a user does. */
  close(): Promise<void>
  /** Ends it at once. */
  kill(): Promise<void>
}

declare global {
  /** Finds an element on the page or on a card. Only on pages of these tests. */
  function seek(selector: string): HTMLElement | null
}

/** `seek`, as text that is put before what runs on a page: policies of pages let no script of ours stay there. */
export const seekSource = `const seek = (selector) => [document, ...[...document.querySelectorAll('[data-earshot]')].map((each) => each.shadowRoot)].map((root) => root.querySelector(selector)).find(Boolean) ?? null;`

/** The middle of an element that stands still, brought into sight; null while it is not there. Runs on the page. */
export async function middleOf(selector: string): Promise<{ x: number; y: number } | null> {
  const frame = (): Promise<unknown> => new Promise((go) => requestAnimationFrame(go))
  const element = seek(selector)
  if (!element) return null
  const place = (): string => Object.values(element.getBoundingClientRect().toJSON() as object).join()
  const box = element.getBoundingClientRect()
  if (box.top < 0 || box.bottom > innerHeight)
    element.scrollIntoView({ block: 'center', behavior: 'instant' })
  for (let before = ''; before !== place(); await frame()) before = place()
  const { left, top, width, height } = element.getBoundingClientRect()
  return width && height ? { x: left + width / 2, y: top + height / 2 } : null
}
