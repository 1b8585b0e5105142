/** The app: its header, and the page that the address names. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { piecesOf, readBasket } from '../shop/basket.ts'
import type { Order } from '../shop/order.ts'
import { Account } from './account.tsx'
import { BasketPage, OrderPage } from './basketPages.tsx'
import { Link } from './link.tsx'
import { useRoute, type Route } from './route.ts'
import { readMember, type Member } from './session.ts'
import { ProductPage, Tools } from './toolPages.tsx'

export function App(): JSX.Element {
  const route = useRoute()
  const [pieces, setPieces] = useState(() => piecesOf(readBasket()))
  const [order, setOrder] = useState<Order | null>(null)
  const [member, setMember] = useState<Member | null>(readMember)
  const main = useRef<HTMLElement>(null)
  const first = useRef(true)

  useEffect(() => {
    document.title = `${titleOf(route)} · Fernwood`
    // A new page begins at its heading, as it would with a real load; the first one was loaded.
    if (first.current) first.current = false
    else {
      scrollTo(0, 0)
      main.current?.querySelector('h1')?.focus()
    }
  }, [route])

  const recount = (): void => setPieces(piecesOf(readBasket()))
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <Link class="brand" to={{ page: 'tools' }}>
          <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 22V8" />
            <path d="M12 9c0-3.5 2-6 5.5-7-.2 4-2 6.5-5.5 7Z" />
            <path d="M12 14.5c-.5-3-2.6-5-6.5-5.5.6 3.6 2.8 5.6 6.5 5.5Z" />
            <path d="M12 18.5c.4-2.5 2.2-4.2 5.6-4.7-.5 3.1-2.4 4.8-5.6 4.7Z" />
          </svg>
          Fernwood
        </Link>
        <nav aria-label="Shop">
          <Link to={{ page: 'tools' }} current={route.page === 'tools'}>
            Shop
          </Link>
          <Link to={{ page: 'account' }} current={route.page === 'account'}>
            {member ? member.name : 'Sign in'}
          </Link>
          <Link to={{ page: 'basket' }} current={route.page === 'basket'}>
            Basket <span class="count">{pieces}</span>
          </Link>
        </nav>
      </header>
      <main id="main" ref={main} class={route.page === 'tools' || route.page === 'product' ? '' : 'narrow'}>
        {route.page === 'tools' && <Tools />}
        {route.page === 'product' && <ProductPage key={route.id} id={route.id} onAdd={recount} />}
        {route.page === 'basket' && (
          <BasketPage
            onChange={recount}
            onOrder={(placed) => {
              setOrder(placed)
              recount()
            }}
          />
        )}
        {route.page === 'order' && <OrderPage order={order} />}
        {route.page === 'account' && <Account member={member} onChange={setMember} />}
      </main>
    </>
  )
}

function titleOf({ page }: Route): string {
  return { tools: 'Tools', product: 'Tool', basket: 'Basket', order: 'Thank you', account: 'Account' }[page]
}
