/** An order: made from the basket, and handed to the page that says thanks. Nothing is sent anywhere. */
import { emptyBasket, piecesOf, readBasket, totalOf } from './basket.ts'

export interface Order {
  number: string
  total: number
  pieces: number
  delivery: string
}

const place = 'fernwood-order'

/** Makes an order of what is in the basket, and empties it. */
export function placeOrder(delivery: string): Order {
  const lines = readBasket()
  const number = `FW-${String(Date.now()).slice(-6)}`
  const order: Order = { number, total: totalOf(lines), pieces: piecesOf(lines), delivery }
  emptyBasket()
  return order
}

/** Keeps an order for the next page. */
export function keepOrder(order: Order): void {
  sessionStorage.setItem(place, JSON.stringify({ order, told: false }))
}

/** The order, and whether it is seen for the first time: a reload is no second order. */
export function takeOrder(): { order: Order; isNew: boolean } | null {
  const kept = sessionStorage.getItem(place)
  if (!kept) return null
  const { order, told } = JSON.parse(kept) as { order: Order; told: boolean }
  sessionStorage.setItem(place, JSON.stringify({ order, told: true }))
  return { order, isNew: !told }
}
