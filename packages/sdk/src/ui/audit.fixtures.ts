/** What axe finds on a page with a card. For tests in a browser. */
import axe from 'axe-core'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

type Movable = HTMLElement & { moveBefore(node: Node, before: Node | null): void }

/**
 * What axe finds, each as its rule and the elements; give `'color-contrast'` to leave that rule out. Its rules for
 * contrast and for the size of targets look at nothing outside of the body, so a card that stands beside it is in the
 * body meanwhile. It is moved with all its state: what has the focus, and what is in the top layer. What is in motion comes to
 * its end first.
 */
export async function audit(without?: string): Promise<string[]> {
  const html = document.documentElement as Movable
  const card = html.querySelector('[data-earshot]')?.shadowRoot
  const moving = [document, card].flatMap((each) => each?.getAnimations() ?? [])
  await Promise.allSettled(moving.map(({ finished }) => finished))
  const host = html.querySelector(':scope > [data-earshot]')
  if (host) (document.body as unknown as Movable).moveBefore(host, null)
  const { violations } = await axe.run(document, {
    runOnly: rules,
    rules: without ? { [without]: { enabled: false } } : {},
    resultTypes: ['violations'],
    preload: false,
  })
  if (host?.isConnected) html.moveBefore(host, null)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}
