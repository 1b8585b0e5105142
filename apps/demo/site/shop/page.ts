/** What every page of the shop does: the number at the basket, the feedback button, and a way to begin again. */
import './count.ts'
import { earshot } from './earshot.ts'

/** The element with this id; the page has it. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`The page has no element "${id}".`)
  return found
}

for (const each of document.querySelectorAll<HTMLElement>('[data-actions]')) each.hidden = false
document
  .querySelector('[data-feedback]')
  ?.addEventListener('click', () => earshot('show', 'page-csat', { force: true }))
for (const each of document.querySelectorAll<HTMLButtonElement>('[data-renew]'))
  each.addEventListener('click', () => {
    // Nobody is asked the same twice, so whoever shows the shop again needs a new visitor.
    earshot('reset')
    each.textContent = 'You are a new visitor now'
    setTimeout(() => (each.textContent = 'Begin as a new visitor'), 3000)
  })
