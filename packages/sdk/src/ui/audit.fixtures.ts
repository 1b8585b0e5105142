/** What axe finds on a page with a card. For tests in a browser. */
import axe from 'axe-core'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

type Movable = HTMLElement & { moveBefore?(node: Node, before: Node | null): void }

/** Moves a card with all its state, also where the engine has no way to: what has the focus, and what is in the top layer. */
function move(host: HTMLElement, home: Movable): void {
  if (home.moveBefore) return home.moveBefore(host, null)
  const focused = host.shadowRoot?.activeElement
  const isRing = focused?.matches(':focus-visible') === true
  const isPopover = host.matches(':popover-open')
  const modals = [...(host.shadowRoot?.querySelectorAll<HTMLDialogElement>('dialog:modal') ?? [])]
  home.append(host)
  if (isPopover) host.showPopover()
  for (const each of modals) {
    each.removeAttribute('open')
    each.showModal()
  }
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true, focusVisible: isRing })
}

/**
 * What axe finds, each as its rule and the elements; give `'color-contrast'` to leave that rule out. Its rules for
 * contrast and for the size of targets look at nothing outside of the body, so a card that stands beside it is in the
 * body meanwhile. What is in motion comes to its end first.
 */
export async function audit(without?: string): Promise<string[]> {
  const html = document.documentElement as Movable
  const card = html.querySelector('[data-earshot]')?.shadowRoot
  const moving = [document, card].flatMap((each) => each?.getAnimations() ?? [])
  await Promise.allSettled(moving.map(({ finished }) => finished))
  const host = html.querySelector<HTMLElement>(':scope > [data-earshot]')
  if (host) move(host, document.body)
  const { violations } = await axe.run(document, {
    runOnly: rules,
    rules: without ? { [without]: { enabled: false } } : {},
    resultTypes: ['violations'],
    preload: false,
  })
  if (host?.isConnected) move(host, html)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}
