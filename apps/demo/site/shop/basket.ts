/** The basket: kept in this browser, shared by the shop and the app. */
import { productById, type Product } from './catalog.ts'

export interface Line {
  product: Product
  count: number
}

const place = 'fernwood-basket'

/** What is in it, in the order in which it was put there. */
export function readBasket(): Line[] {
  return Object.entries(read()).flatMap(([id, count]) => {
    const product = productById(id)
    return product ? [{ product, count }] : []
  })
}

/** Changes how many of a product are in it; none takes the line away. */
export function setCount(id: string, count: number): void {
  const counts = read()
  if (count > 0) counts[id] = Math.min(count, 99)
  else delete counts[id]
  localStorage.setItem(place, JSON.stringify(counts))
}

export function addToBasket(id: string): void {
  setCount(id, (read()[id] ?? 0) + 1)
}

export function emptyBasket(): void {
  localStorage.removeItem(place)
}

/** Euro. */
export function totalOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { product, count }) => sum + product.price * count, 0)
}

/** How many things. */
export function piecesOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { count }) => sum + count, 0)
}

function read(): Record<string, number> {
  try {
    const counts: unknown = JSON.parse(localStorage.getItem(place) ?? '{}')
    return typeof counts === 'object' && counts !== null ? (counts as Record<string, number>) : {}
  } catch {
    return {}
  }
}
