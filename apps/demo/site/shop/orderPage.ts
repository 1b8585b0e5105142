/** The page after an order: the moment at which the shop wants to know how it went. */
import { priceText } from './catalog.ts'
import { earshot } from './earshot.ts'
import { takeOrder } from './order.ts'
import { byId } from './page.ts'

const taken = takeOrder()

if (!taken) {
  byId('title').textContent = 'No order yet'
  byId('sum').textContent = 'Put something into the basket first.'
  byId('course').hidden = true
} else {
  const { number, total, pieces, delivery } = taken.order
  byId('sum').textContent =
    `Order ${number}: ${pieces === 1 ? 'one thing' : `${pieces} things`} for ${priceText(total)}. ${delivery === 'pickup' ? 'We keep it ready at the shop.' : 'It is on its way to the packing table.'}`
  if (taken.isNew) earshot('track', 'order_placed', { number, total, pieces, delivery })
}
