/** The product page. */
import { addToBasket } from './basket.ts'
import { priceText, productById } from './catalog.ts'
import { showCount } from './count.ts'
import { byId } from './page.ts'

const product = productById(new URLSearchParams(location.search).get('id'))

if (!product) location.replace('/')
else {
  const { id, name, line, price, about, facts } = product
  document.title = `${name} · Fernwood`
  byId('picture').setAttribute('src', `/art/${id}.svg`)
  byId('name').textContent = name
  byId('line').textContent = line
  byId('price').textContent = priceText(price)
  byId('about').textContent = about
  for (const [term, value] of facts) {
    const dt = document.createElement('dt')
    const dd = document.createElement('dd')
    dt.textContent = term
    dd.textContent = value
    byId('facts').append(dt, dd)
  }
  byId('add').addEventListener('click', () => {
    addToBasket(id)
    showCount()
    byId('go').hidden = false
    byId('said').textContent = `${name} is in your basket.`
  })
}
