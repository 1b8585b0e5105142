/** The number at the basket. */
import { piecesOf, readBasket } from './basket.ts'

/** Shows how many things are in the basket. */
export function showCount(): void {
  const pieces = piecesOf(readBasket())
  for (const each of document.querySelectorAll('[data-basket-count]')) each.textContent = String(pieces)
}

showCount()
