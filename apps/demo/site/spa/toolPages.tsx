/** The tools, and one tool. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { addToBasket } from '../shop/basket.ts'
import { priceText, productById, products } from '../shop/catalog.ts'
import { Link } from './link.tsx'

export function Tools(): JSX.Element {
  return (
    <>
      <h1 class="shelf-title" tabIndex={-1}>
        All tools
      </h1>
      <ul class="shelf">
        {products.map(({ id, name, price, line }) => (
          <li key={id}>
            <Link class="product" to={{ page: 'product', id }}>
              <span class="plate">
                <img src={`/art/${id}.svg`} alt="" width={240} height={240} />
              </span>
              <span class="name">{name}</span>
              <span class="price">{priceText(price)}</span>
              <span class="line">{line}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  )
}

export function ProductPage({ id, onAdd }: { id: string; onAdd: () => void }): JSX.Element {
  const [added, setAdded] = useState(false)
  const product = productById(id)
  if (!product)
    return (
      <>
        <h1 tabIndex={-1}>We do not sell that</h1>
        <p>
          <Link to={{ page: 'tools' }}>Look at the tools</Link>
        </p>
      </>
    )
  const { name, line, price, about, facts } = product
  const add = (): void => {
    addToBasket(id)
    setAdded(true)
    onAdd()
  }
  return (
    <>
      <p class="crumb">
        <Link to={{ page: 'tools' }}>All tools</Link>
      </p>
      <article class="detail">
        <div class="plate">
          <img src={`/art/${id}.svg`} alt="" width={240} height={240} />
        </div>
        <div class="words">
          <h1 tabIndex={-1}>{name}</h1>
          <p class="lead">{line}</p>
          <p class="price big">{priceText(price)}</p>
          <p>{about}</p>
          <div class="buy">
            <button type="button" class="main" onClick={add}>
              Put into the basket
            </button>
            {added && (
              <Link class="button" to={{ page: 'basket' }}>
                See the basket
              </Link>
            )}
          </div>
          <p class="said" role="status">
            {added && `${name} is in your basket.`}
          </p>
          <dl class="facts">
            {facts.map(([term, value]) => (
              <>
                <dt>{term}</dt>
                <dd>{value}</dd>
              </>
            ))}
          </dl>
        </div>
      </article>
    </>
  )
}
