/** The basket page. */
import { readBasket, setCount, totalOf, type Line } from './basket.ts'
import { priceText } from './catalog.ts'
import { showCount } from './count.ts'
import { byId } from './page.ts'

function draw(): void {
  const lines = readBasket()
  byId('empty').hidden = lines.length > 0
  byId('filled').hidden = lines.length === 0
  byId('lines').replaceChildren(...lines.map(row))
  byId('total').textContent = priceText(totalOf(lines))
  showCount()
}

function row({ product, count }: Line): HTMLLIElement {
  const { id, name, price } = product
  const item = document.createElement('li')
  const picture = Object.assign(document.createElement('img'), {
    src: `/art/${id}.svg`,
    alt: '',
    width: 64,
    height: 64,
  })
  const link = Object.assign(document.createElement('a'), { href: `/product?id=${id}`, textContent: name })
  const label = document.createElement('label')
  const field = Object.assign(document.createElement('input'), {
    type: 'number',
    min: '0',
    max: '99',
    value: String(count),
  })
  field.setAttribute('aria-label', `How many of ${name}`)
  field.addEventListener('change', () => {
    setCount(id, Math.max(0, Math.round(Number(field.value)) || 0))
    draw()
  })
  label.append(field)
  const remove = Object.assign(document.createElement('button'), {
    type: 'button',
    className: 'link',
    textContent: 'Remove',
  })
  remove.setAttribute('aria-label', `Remove ${name}`)
  remove.addEventListener('click', () => {
    setCount(id, 0)
    draw()
  })
  const sum = Object.assign(document.createElement('span'), {
    className: 'price',
    textContent: priceText(price * count),
  })
  item.append(picture, link, label, remove, sum)
  return item
}

draw()
