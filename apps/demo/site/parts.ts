/** Parts that several pages share, put in when the site is built. */
import { priceText, products } from './shop/catalog.ts'

/** The leaf of the shop's name. */
const mark = `<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 22V8"/><path d="M12 9c0-3.5 2-6 5.5-7-.2 4-2 6.5-5.5 7Z"/><path d="M12 14.5c-.5-3-2.6-5-6.5-5.5.6 3.6 2.8 5.6 6.5 5.5Z"/><path d="M12 18.5c.4-2.5 2.2-4.2 5.6-4.7-.5 3.1-2.4 4.8-5.6 4.7Z"/></svg>`

/** Name, address, title, and how it is called where there is little room. */
const demoPages = [
  ['shop', '/', 'The shop', 'Shop'],
  ['spa', '/spa', 'The shop as an app', 'App'],
  ['verify', '/verify', 'Follow one answer', 'Follow one answer'],
  ['triggers', '/triggers', 'Try every rule', 'Try every rule'],
  ['gallery', '/gallery', 'See every card', 'See every card'],
  ['playground', '/playground', 'The playground', 'Playground'],
  ['csp', '/csp', 'The strict page', 'Strict page'],
] as const

const link = (href: string, text: string, current: boolean): string =>
  `<a href="${href}"${current ? ' aria-current="page"' : ''}>${text}</a>`

function demoLinks(current: string): string {
  return demoPages.map(([name, href, text]) => `<li>${link(href, text, name === current)}</li>`).join('')
}

const skip = `<a class="skip" href="#main">Skip to the content</a>`

/** By name; each takes the word that follows the name in the comment. */
export const parts: Readonly<Record<string, (argument: string) => string>> = {
  head: (style) => `<meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="/art/mark.svg" type="image/svg+xml">
    ${(style === 'shop' ? ['base', 'shop', 'forms'] : ['base', style]).map((name) => `<link rel="stylesheet" href="/styles/${name}.css">`).join('\n    ')}`,

  addresses: () => `<meta name="earshot-collector" content="%COLLECTOR%">
    <meta name="earshot-key" content="%KEY%">
    <meta name="earshot-line" content="%LINE%">`,

  tag: () => `<script vite-ignore async src="%COLLECTOR%/earshot.js" data-key="%KEY%"></script>`,

  /** Of the shop's pages. */
  header: (current) => `${skip}
    <header class="top">
      <a class="brand" href="/">${mark}Fernwood</a>
      <nav aria-label="Shop">
        ${link('/', 'Shop', current === 'tools')}
        ${link('/help', 'Help', current === 'help')}
        <a class="basket" href="/basket"${current === 'basket' ? ' aria-current="page"' : ''}>Basket <span class="count" data-basket-count>0</span></a>
      </nav>
    </header>`,

  /** Of the pages that are about Earshot and not of the shop. */
  demoHeader: (current) => `${skip}
    <header class="top demo">
      <a class="brand" href="/">${mark}Earshot <span>demo</span></a>
      <nav aria-label="Demonstration">
        ${demoPages.map(([name, href, , short]) => link(href, short, name === current)).join('\n        ')}
      </nav>
    </header>`,

  footer: (current) => `<footer class="foot">
      <div>
        <p>Fernwood is a made-up shop that shows Earshot at work. Nothing is sold, and nothing leaves this computer.</p>
        <nav aria-label="All of the demonstration"><ul>${demoLinks(current)}</ul></nav>
      </div>
      <div class="actions" data-actions hidden>
        <button type="button" class="quiet" data-feedback>Feedback</button>
        <button type="button" class="link" data-renew>Begin as a new visitor</button>
      </div>
    </footer>`,

  links: (current) => `<ul>${demoLinks(current)}</ul>`,

  products: () =>
    products
      .map(
        ({ id, name, price, line }) => `<li>
          <a class="product" href="/product?id=${id}">
            <span class="plate"><img src="/art/${id}.svg" alt="" width="240" height="240"></span>
            <span class="name">${name}</span>
            <span class="price">${priceText(price)}</span>
            <span class="line">${line}</span>
          </a>
        </li>`,
      )
      .join('\n'),
}
