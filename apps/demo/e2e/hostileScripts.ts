/** Hostile pages by their scripts: those that change the language, that do much while a card is open, and that are not alone. */
import { ourTag, script, style, type HostilePage } from './hostilePage.ts'

const freeze = `for (const each of [Object, Array, Function, Promise, String, Number, Date, Map, Set, RegExp, Error, Symbol]) { Object.freeze(each.prototype); Object.freeze(each) } Object.freeze(JSON); Object.freeze(Math); Object.freeze(Reflect)`

/** Scripts that change the language under us. */
export const languages: HostilePage[] = [
  { name: 'frozen intrinsics', head: script(freeze) },
  {
    name: 'Object.prototype with more properties',
    head: script(
      'Object.prototype.extra = "extra"; Object.prototype.each = function () {}; Object.prototype.forced = true',
    ),
  },
  {
    name: 'Object.prototype with the names of options',
    head: script(
      'for (const name of ["is", "force", "hidden", "locale", "variant", "touchpoint", "stage", "debug", "layout", "paged"]) Object.prototype[name] = "polluted"',
    ),
  },
  {
    name: 'Array.prototype with more properties',
    head: script(
      'Array.prototype.last = function () { return this[this.length - 1] }; Array.prototype.extra = 1; Array.prototype.each = Array.prototype.forEach',
    ),
  },
  {
    name: 'Prototype.js 1.6: toJSON',
    head: script(
      'Array.prototype.toJSON = function () { return "[" + Array.prototype.map.call(this, (each) => JSON.stringify(each)).join(", ") + "]" }; String.prototype.toJSON = function () { return JSON.stringify(String(this)) }; Number.prototype.toJSON = function () { return isFinite(this) ? this.toString() : "null" }; Date.prototype.toJSON = function () { return "a date" }',
    ),
  },
  {
    name: 'Object.prototype.toJSON',
    head: script('Object.prototype.toJSON = function () { return "an object" }'),
  },
  {
    name: 'natives replaced by wrappers',
    head: script(
      'for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"]) { const native = EventTarget.prototype[name]; EventTarget.prototype[name] = function (...input) { return native.apply(this, input) } } const { fetch: send, setTimeout: later, setInterval: often } = window; window.fetch = (...input) => send.apply(window, input); window.setTimeout = (...input) => later.apply(window, input); window.setInterval = (...input) => often.apply(window, input); const { append, appendChild, insertBefore } = Node.prototype; Node.prototype.appendChild = function (node) { return appendChild.call(this, node) }; Node.prototype.insertBefore = function (node, before) { return insertBefore.call(this, node, before) }',
    ),
  },
  {
    name: 'a Promise of the page’s own',
    head: script(
      'const Native = Promise; window.Promise = class extends Native { static own = true }; Promise.prototype.finally = function (work) { return this.then((value) => (work(), value), (error) => { work(); throw error }) }',
    ),
  },
]

/** Scripts, of the page or of its frameworks, that do much while the card is open. */
export const behaviours: HostilePage[] = [
  {
    name: 'an overlay of the greatest z-index, earlier and later',
    head: style('.overlay{position:fixed;inset:0;z-index:2147483647;background:#0003}'),
    body: '<div class="overlay"></div>',
    meanwhile: () => {
      const overlay = document.createElement('div')
      overlay.className = 'overlay'
      document.documentElement.append(overlay)
    },
  },
  {
    name: 'a focus trap that listens for focusin',
    body: script(
      'document.addEventListener("focusin", ({ target }) => { if (!document.querySelector("form").contains(target)) document.getElementById("search").focus() })',
    ),
  },
  {
    name: 'hot-keys on document and window',
    body: script(
      'window.hotKeys = 0; for (const target of [document, window]) for (const type of ["keydown", "keypress", "keyup", "input", "beforeinput"]) target.addEventListener(type, (event) => { window.hotKeys++; if (type !== "input") event.preventDefault() })',
    ),
    check: { of: () => (window as unknown as { hotKeys: number }).hotKeys, is: 0 },
  },
  {
    name: 'window.onerror and friends counting',
    body: script(
      'window.faults = 0; window.onerror = () => { window.faults++ }; window.onunhandledrejection = () => { window.faults++ }; document.addEventListener("error", () => { window.faults++ }, true)',
    ),
    check: { of: () => (window as unknown as { faults: number }).faults, is: 0 },
  },
  {
    name: 'menus as popover=auto stay open',
    // A click outside closes them, as it must. Nothing else may.
    body: `<div id="menu" popover="auto">Menu</div>${script('let clicked = false; window.closedByUs = 0; window.addEventListener("pointerdown", () => { clicked = true }, true); document.getElementById("menu").addEventListener("beforetoggle", ({ newState }) => { if (newState === "closed" && !clicked) window.closedByUs++ })')}`,
    arrive: () => document.getElementById('menu')?.showPopover(),
    check: { of: () => (window as unknown as { closedByUs: number }).closedByUs, is: 0 },
  },
  {
    name: 'MutationObserver storms',
    body: script(
      'let turns = 0; new MutationObserver(() => { if (turns++ < 500) document.documentElement.dataset.turns = "many" + turns }).observe(document, { childList: true, subtree: true, attributes: true, characterData: true })',
    ),
    excused: { document: 'the page counts by an attribute' },
  },
  {
    name: 'an observer that puts its own element last again',
    body: `<div id="last">last</div>${script('window.moves = 0; new MutationObserver(() => { const { documentElement } = document; const last = document.getElementById("last"); if (documentElement.lastElementChild !== last && window.moves++ < 100) documentElement.append(last) }).observe(document.documentElement, { childList: true })')}`,
    // Once for our coming; our going leaves it last.
    check: { of: () => (window as unknown as { moves: number }).moves <= 2, is: true },
    excused: { document: 'the page moves its own element' },
  },
  {
    name: 'history patched by the page and its router',
    head: script(
      'const native = history.pushState; history.pushState = function patched(...input) { return native.apply(this, input) }',
    ),
    body: script(
      'const before = history.pushState; history.pushState = function again(...input) { return before.apply(this, input) }; window.last = history.pushState; window.unwrap = before',
    ),
    meanwhile: () => {
      for (let turn = 0; turn < 50; turn++) history.pushState({}, '', location.href)
    },
    check: { of: () => history.pushState === (window as unknown as { last: unknown }).last, is: true },
  },
]

const otherTag = '<script async src="OTHER/earshot.js" data-key="KEY" data-collector="COLLECTOR"></script>'

const neighbour = 'what had it is gone, and its neighbour has it'

/** Frameworks, and several of us. */
export const companies: HostilePage[] = [
  {
    name: 'Zone.js: asked inside the zone of an app',
    excused: { globals: 'Zone.js keeps a list of listeners in properties of window' },
    head: '<script src="/npm/zone.js/bundles/zone.umd.js"></script>',
    body: script(
      'window.tasks = 0; window.app = Zone.current.fork({ name: "app", onScheduleTask(parent, current, target, task) { if (task.type === "macroTask") window.tasks++; return parent.scheduleTask(target, task) } })',
    ),
    ask: () => {
      const { app } = window as unknown as { app: { run(work: () => void): void } }
      app.run(() => window.earshot.show('nps'))
    },
    check: { of: () => (window as unknown as { tasks: number }).tasks, is: 0 },
  },
  {
    name: 'Turbo replaces the body',
    excused: { listeners: 'Turbo adds some of its own at each click', focus: neighbour },
    head: '<script src="/npm/@hotwired/turbo/dist/turbo.es2017-umd.js"></script>',
    meanwhile: () =>
      new Promise((done) => {
        document.addEventListener('turbo:load', done, { once: true })
        ;(window as unknown as { Turbo: { visit(to: string): void } }).Turbo.visit(
          `${location.pathname}?again`,
        )
      }),
  },
  {
    name: 'htmx replaces the content of the body',
    excused: { focus: neighbour },
    head: '<script src="/npm/htmx.org/dist/htmx.js"></script>',
    meanwhile: () =>
      (
        window as unknown as { htmx: { ajax(verb: string, path: string, how: object): Promise<void> } }
      ).htmx.ajax('GET', location.pathname, { target: 'body', swap: 'innerHTML' }),
  },
  {
    name: 'the page replaces body and head',
    excused: { focus: neighbour },
    meanwhile: () => {
      document.body.replaceWith(document.body.cloneNode(true))
      document.head.replaceWith(document.head.cloneNode(true))
    },
  },
  {
    name: 'the page removes our root, once',
    meanwhile: () => document.querySelector('[data-earshot]')?.remove(),
  },
  {
    name: 'the page opens a modal dialog and closes it again',
    body: '<dialog id="dialog">Dialog<button type="button">OK</button></dialog>',
    meanwhile: () => {
      const dialog = document.getElementById('dialog') as HTMLDialogElement
      dialog.showModal()
      dialog.close()
    },
  },
  {
    name: 'a translator wraps and replaces every text in the card',
    meanwhile: () => {
      const root = document.querySelector('[data-earshot]')?.shadowRoot
      if (!root) return
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
      const texts: Node[] = []
      while (walker.nextNode()) texts.push(walker.currentNode)
      for (const text of texts) {
        const outer = document.createElement('font')
        const inner = document.createElement('font')
        inner.textContent = text.textContent
        outer.append(inner)
        text.parentNode?.replaceChild(outer, text)
      }
    },
  },
  { name: 'two copies of the script', tag: ourTag + ourTag },
  { name: 'another version of the script before ours', tag: (otherTag + ourTag).replaceAll('async ', '') },
  { name: 'another version of the script after ours', tag: (ourTag + otherTag).replaceAll('async ', '') },
  {
    name: 'the script comes late, the page has asked by the queue',
    tag: `<script data-key="KEY" data-src="COLLECTOR/earshot.js">STUB; earshot("show", "nps")</script>`,
    ask: () => {
      const { key, src } = document.querySelector<HTMLElement>('script[data-key]')!.dataset as Record<
        'key' | 'src',
        string
      >
      document.head.append(Object.assign(document.createElement('script'), { src }))
      ;(document.head.lastElementChild as HTMLElement).dataset['key'] = key
    },
  },
  {
    name: 'timers that never come',
    head: script(
      'for (const name of ["setTimeout", "setInterval", "requestIdleCallback", "requestAnimationFrame"]) window[name] = () => 1',
    ),
    excused: { closes: 'the way out takes a timer' },
  },
]
