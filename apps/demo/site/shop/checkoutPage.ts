/** The checkout page. */
import { readBasket, totalOf } from './basket.ts'
import { priceText } from './catalog.ts'
import { fieldText } from './fieldText.ts'
import { keepOrder, placeOrder } from './order.ts'
import { byId } from './page.ts'

const lines = readBasket()
const form = byId('checkout') as HTMLFormElement

if (lines.length === 0) location.replace('/basket')
byId('total').textContent = priceText(totalOf(lines))
form.addEventListener('submit', (event) => {
  event.preventDefault()
  keepOrder(placeOrder(fieldText(form, 'delivery')))
  location.assign('/order')
})
