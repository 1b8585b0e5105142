/** The basket with its one-press checkout, and the page after an order. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { readBasket, setCount, totalOf } from '../shop/basket.ts'
import { priceText } from '../shop/catalog.ts'
import { placeOrder, type Order } from '../shop/order.ts'
import { Link } from './link.tsx'
import { go } from './route.ts'
import { earshot } from './session.ts'

export interface BasketPageProps {
  onChange(): void
  onOrder(order: Order): void
}

export function BasketPage({ onChange, onOrder }: BasketPageProps): JSX.Element {
  const [lines, setLines] = useState(readBasket)
  const change = (id: string, count: number): void => {
    setCount(id, count)
    setLines(readBasket())
    onChange()
  }
  const place = (): void => {
    const order = placeOrder('post')
    onOrder(order)
    go({ page: 'order' })
    earshot.track('order_placed', { number: order.number, total: order.total, pieces: order.pieces })
  }
  if (lines.length === 0)
    return (
      <>
        <h1 tabIndex={-1}>Your basket</h1>
        <div class="empty">
          <p>It is empty. Nothing wrong with that.</p>
          <p>
            <Link class="button" to={{ page: 'tools' }}>
              Look at the tools
            </Link>
          </p>
        </div>
      </>
    )
  return (
    <>
      <h1 tabIndex={-1}>Your basket</h1>
      <ul class="lines">
        {lines.map(({ product: { id, name, price }, count }) => (
          <li key={id}>
            <img src={`/art/${id}.svg`} alt="" width={64} height={64} />
            <Link to={{ page: 'product', id }}>{name}</Link>
            <label>
              <input
                type="number"
                min={0}
                max={99}
                value={count}
                aria-label={`How many of ${name}`}
                onChange={({ currentTarget }) =>
                  change(id, Math.max(0, Math.round(Number(currentTarget.value)) || 0))
                }
              />
            </label>
            <button type="button" class="link" aria-label={`Remove ${name}`} onClick={() => change(id, 0)}>
              Remove
            </button>
            <span class="price">{priceText(price * count)}</span>
          </li>
        ))}
      </ul>
      <p class="total">
        <span>Total, with delivery</span> <strong>{priceText(totalOf(lines))}</strong>
      </p>
      <p class="next">
        <button type="button" class="main" onClick={place}>
          Place the order
        </button>
      </p>
    </>
  )
}

export function OrderPage({ order }: { order: Order | null }): JSX.Element {
  return (
    <>
      <h1 tabIndex={-1}>{order ? 'Thank you for your order' : 'No order yet'}</h1>
      <p class="lead">
        {order
          ? `Order ${order.number}: ${order.pieces === 1 ? 'one thing' : `${order.pieces} things`} for ${priceText(order.total)}. It is on its way to the packing table.`
          : 'Put something into the basket first.'}
      </p>
      <p class="next">
        <Link class="button" to={{ page: 'tools' }}>
          Back to the tools
        </Link>
      </p>
    </>
  )
}
