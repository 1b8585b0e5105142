/** The table of hostile pages: what each one does to those who come to it. */

/** What must hold on every page. The names stand in the findings of a test. */
export type Promised =
  /** The card appears when it is asked for, and is wholly in view. */
  | 'visible'
  /** It looks as it does on a clean page, pixel by pixel, before and after the score. */
  | 'look'
  /** It is as large, and where it is on a clean page. */
  | 'place'
  /** Score and comment can be given by mouse and keyboard. */
  | 'answer'
  /** One response is stored, with the same events as from a clean page. */
  | 'stored'
  /** It goes away when it is closed. */
  | 'closes'
  /** The document outside of our root is what it is without us. */
  | 'document'
  /** So are the page's globals and all prototypes, our own name aside. */
  | 'globals'
  /** So are the listeners of window, document, html, body and navigation, once we are destroyed. */
  | 'listeners'
  /** So are cookies and storage. */
  | 'storage'
  /** Focus stays when the card appears, and is given back when it goes. */
  | 'focus'
  /** Nothing scrolls. */
  | 'scroll'
  /** No uncaught error, no rejection that nobody handles. */
  | 'errors'
  /** Not a word on the console. */
  | 'console'
  /** No report of a Content Security Policy. */
  | 'policy'
  /** The page looks as it does without us: equal bytes, outside of an open card. */
  | 'page'
  /** What the page itself watches for, by `check`. */
  | 'own'

export interface HostilePage {
  name: string
  doctype?: string
  /** Attributes. */
  html?: string
  bodyAttributes?: string
  head?: string
  /** After the sample. */
  body?: string
  /** The whole text instead, with `TAG` where Earshot's is. */
  whole?: string
  type?: string
  headers?: Readonly<Record<string, string>>
  /** More attributes of the script tag, or the whole tag, with `COLLECTOR`, `KEY`, `OTHER` (another version) and `STUB` (the queue) to be filled in. */
  tag?: string
  tagAt?: 'head' | 'body'
  /** What happens on the page when it is loaded, before anything is asked. */
  arrive?: () => unknown
  /** How the page asks for the survey, if not plainly. */
  ask?: () => void
  /** What happens while the comment is half written. */
  meanwhile?: () => unknown
  /** A value that the page computes in the end, and what it must be. */
  check?: { of: () => unknown; is: unknown }
  /** Whether the page runs from right to left, so that the card stands in the other corner. */
  mirrored?: boolean
  /** Why the look cannot be that of the clean page. */
  otherLook?: string
  /** Why the page itself is not as it is without us. */
  excused?: Partial<Record<Promised, string>>
  /** Why the page is not compared by pixel as well. */
  unpictured?: string
  survey?: 'nps' | 'nps-ar'
  /** What the card calls its buttons, where it does not speak English. */
  names?: { send: string; close: string }
  /** Why nothing has the focus when the card comes. */
  unfocused?: string
}

const sheet = (file: string): string => `<link rel="stylesheet" href="/npm/${file}" />`
const style = (css: string): string => `<style>${css}</style>`
/** Inline, and valid as XML too. */
const script = (code: string): string => `<script>/*<![CDATA[*/${code}/*]]>*/</script>`

/** Whole sheets of others. */
const sheets: HostilePage[] = [
  { name: 'bootstrap', head: sheet('bootstrap/dist/css/bootstrap.css') },
  {
    name: 'bootstrap in the dark',
    html: 'data-bs-theme="dark"',
    head: sheet('bootstrap/dist/css/bootstrap.css'),
  },
  {
    name: 'bootstrap from right to left',
    html: 'dir="rtl"',
    head: sheet('bootstrap/dist/css/bootstrap.rtl.css'),
    mirrored: true,
  },
  { name: 'tailwindcss preflight', head: sheet('tailwindcss/preflight.css') },
  { name: 'bulma', head: sheet('bulma/css/bulma.css') },
  { name: 'foundation-sites', head: sheet('foundation-sites/dist/css/foundation.css') },
  { name: 'materialize-css', head: sheet('materialize-css/dist/css/materialize.css') },
  { name: 'semantic-ui-css', head: sheet('semantic-ui-css/semantic.css') },
  { name: 'normalize.css', head: sheet('normalize.css/normalize.css') },
  {
    name: 'reset of everything with !important',
    head: style(
      '*,*::before,*::after{margin:0!important;padding:0!important;border:0!important;font:12px/1 monospace!important;color:#333!important;background:none!important;box-shadow:none!important;border-radius:0!important;box-sizing:content-box!important;transition:all 9s!important;position:static!important;width:auto!important;height:auto!important;max-height:none!important}',
    ),
  },
  { name: 'all: unset on everything, !important', head: style('*{all:unset!important}') },
  {
    name: 'layers, scopes and containers',
    head: style(
      '@layer a{*{color:red!important;display:inline!important}}@scope (html){:scope>div{position:static!important;opacity:0!important}}html{container:page/size;height:100vh}',
    ),
  },
]

/** By all that a page could tell our element by. */
const ours = '[data-earshot],[popover],html>div,body~*'
const inherited: Readonly<Record<string, string>> = {
  'letter-spacing': '9px',
  'word-spacing': '2em',
  'line-height': '0',
  'text-transform': 'uppercase',
  'text-indent': '-999px',
  'text-align': 'justify',
  'text-shadow': '0 0 9px red',
  'font-size': '0',
  'font-weight': '900',
  'font-variant': 'small-caps',
  'font-style': 'italic',
  'font-stretch': '50%',
  'font-feature-settings': '"c2sc"',
  'white-space': 'pre',
  'word-break': 'break-all',
  visibility: 'hidden',
  'pointer-events': 'none',
  'user-select': 'none',
  cursor: 'none',
  color: 'transparent',
  '-webkit-text-fill-color': 'transparent',
  '-webkit-text-stroke': '3px red',
  quotes: 'none',
  'list-style': 'none',
  'caret-color': 'transparent',
  'accent-color': 'red',
  'color-scheme': 'dark',
  'writing-mode': 'vertical-rl',
  'text-orientation': 'upright',
  'border-collapse': 'collapse',
  'tab-size': '0',
  zoom: '1',
}
const nasty = Object.entries(inherited)
  .map(([name, value]) => `${name}:${value}`)
  .join(';')

/** Single rules that are aimed at us, or hit us as they hit all. */
const rules: HostilePage[] = [
  {
    name: 'display: none on our tag, !important',
    head: style(`html>div,[data-earshot]{display:none!important}`),
  },
  {
    name: 'hidden, moved away, faded, scaled, clipped and filtered, !important',
    head: style(
      `${ours}{visibility:hidden!important;opacity:0!important;transform:scale(0)!important;scale:0!important;translate:-999px!important;rotate:9deg!important;clip-path:inset(50%)!important;filter:blur(9px)!important;mix-blend-mode:multiply!important;position:absolute!important;inset:-999px auto auto -999px!important;width:0!important;height:0!important;max-width:0!important;max-height:0!important;overflow:hidden!important;z-index:-1!important;margin:99px!important;contain:strict!important;content-visibility:hidden!important;animation:none!important;mask:linear-gradient(#0000,#0000)!important;zoom:3!important;float:left!important}`,
    ),
  },
  { name: 'all that is inherited, nasty', head: style(`html,body{${nasty}}`) },
  {
    name: 'the same on every element, !important',
    head: style(`*{${nasty.replaceAll(';', '!important;')}!important}`),
  },
  {
    name: 'direction rtl on every element, !important',
    head: style('*{direction:rtl!important;unicode-bidi:bidi-override!important}'),
    mirrored: true,
  },
  {
    name: 'generated content everywhere',
    head: style('*::before,*::after{content:"!!"!important;display:block!important;background:red}'),
  },
  {
    name: 'dim backdrops',
    head: style('::backdrop{background:rgba(0,0,0,.6)!important;backdrop-filter:blur(9px)}'),
  },
  {
    name: 'registered custom properties with our names',
    head: style(
      ['bg', 'ink', 'soft', 'accent', 'line', 'radius', 'font', 'gap']
        .map((name) => `@property --${name}{syntax:"<length>";inherits:false;initial-value:0px}`)
        .join(''),
    ),
  },
  {
    name: 'custom properties with our names, !important',
    head: style('*{--_bg:red!important;--_ink:red!important;--_soft:red!important;--_accent:red!important}'),
  },
  {
    name: 'keyframes and fonts with our names',
    head: style(
      '@keyframes in{to{opacity:0}}@font-face{font-family:sans-serif;src:local("Courier New")}@font-face{font-family:system-ui;src:local("Courier New")}',
    ),
  },
  { name: 'html font-size 62.5 %', head: style('html{font-size:62.5%}') },
  {
    name: 'html font-size 0',
    head: style('html{font:0/0 a}'),
  },
  {
    name: 'html zoom 2',
    head: style('html{zoom:2}'),
    otherLook: 'all is twice as large',
    unpictured: 'so is the shadow of the card',
    unfocused: 'whatever is in view lies behind the card, which would make room for it',
  },
  {
    name: 'html with transform, filter, opacity and perspective',
    head: style('html{transform:translateX(50px) scale(.5);filter:blur(2px);opacity:.2;perspective:9px}'),
  },
  {
    name: 'body with transform, filter, contain and overflow hidden',
    head: style(
      'body{transform:scale(.2);filter:grayscale(1);contain:strict;overflow:hidden;will-change:transform;height:50px}html{overflow:hidden}',
    ),
  },
  { name: 'body of opacity 0', head: style('body{opacity:0!important}') },
  {
    name: 'body display: none',
    head: style('body{display:none!important}'),
    excused: { focus: 'nothing on the page can have it' },
  },
  {
    name: 'body visibility: hidden',
    head: style('html,body{visibility:hidden!important}'),
    excused: { focus: 'nothing on the page can have it' },
  },
  {
    name: 'html scroll-snap, smooth scrolling, scroll-padding',
    head: style(
      'html{scroll-behavior:smooth;scroll-snap-type:y mandatory;scroll-padding:200px}body *{scroll-snap-align:start}',
    ),
  },
]

const arabic = { send: 'إرسال', close: 'إغلاق الاستبيان' }

/** Documents that are unlike others. */
const documents: HostilePage[] = [
  {
    name: 'inert and aria-hidden body',
    bodyAttributes: 'inert="" aria-hidden="true"',
    excused: { focus: 'nothing on the page can have it' },
  },
  { name: 'quirks mode', doctype: '' },
  {
    name: 'limited quirks',
    doctype:
      '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
  },
  {
    name: 'XHTML',
    doctype: '<!DOCTYPE html>',
    type: 'application/xhtml+xml',
    html: 'xmlns="http://www.w3.org/1999/xhtml" lang="en"',
  },
  {
    name: 'right to left, with a survey from left to right',
    html: 'dir="rtl" lang="ar"',
    tag: 'data-locale="en"',
    mirrored: true,
  },
  {
    name: 'left to right, with a survey from right to left',
    survey: 'nps-ar',
    tag: 'data-locale="ar"',
    names: arabic,
    otherLook: 'the survey is Arabic',
  },
  {
    name: 'script in the head, without async',
    tagAt: 'head',
    tag: '<script src="COLLECTOR/earshot.js" data-key="KEY"></script>',
  },
  { name: 'no html, head or body tags', whole: '<title>Host</title><input id="search" />TAG' },
  {
    name: 'base address and target elsewhere',
    head: '<base href="https://elsewhere.invalid/deep/" target="_blank" />',
  },
  {
    name: 'names of forms and fields that cover document',
    body: '<img name="activeElement" alt="" /><form name="hidden"></form><form name="visibilityState"></form><form name="body"></form><img id="earshot" alt="" /><form id="navigation"></form>',
  },
]

const csp = (policy: string): Readonly<Record<string, string>> => ({ 'content-security-policy': policy })
/** The least that lets Earshot work. */
const least = "default-src 'none'; script-src COLLECTOR; connect-src COLLECTOR"

/** Response headers. */
const policies: HostilePage[] = [
  { name: 'CSP: nothing but our script and our requests', headers: csp(least) },
  {
    name: 'CSP: all directives, each as narrow as it can be',
    headers: csp(
      `${least}; style-src 'none'; style-src-attr 'none'; style-src-elem 'none'; script-src-attr 'none'; img-src 'none'; font-src 'none'; media-src 'none'; object-src 'none'; frame-src 'none'; worker-src 'none'; manifest-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    ),
  },
  {
    name: 'CSP: nonce only',
    headers: csp("default-src 'none'; script-src 'nonce-n'; connect-src COLLECTOR"),
    tag: 'nonce="n"',
  },
  {
    name: 'CSP: strict-dynamic',
    headers: csp(
      "default-src 'none'; script-src 'nonce-n' 'strict-dynamic'; connect-src COLLECTOR; base-uri 'none'; object-src 'none'",
    ),
    tag: 'nonce="n"',
  },
  {
    name: 'CSP: Trusted Types, none allowed',
    headers: csp(`${least}; require-trusted-types-for 'script'; trusted-types 'none'`),
  },
  {
    name: 'CSP: sandbox with scripts alone',
    headers: csp('sandbox allow-scripts'),
  },
  {
    name: 'COOP and COEP',
    headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
  },
  {
    name: 'Permissions-Policy that denies all',
    headers: {
      'permissions-policy':
        'geolocation=(), camera=(), microphone=(), fullscreen=(), storage-access=(), clipboard-write=(), unload=(), sync-xhr=(), focus-without-user-activation=(), web-share=(), idle-detection=(), autoplay=()',
    },
  },
  {
    name: 'Document-Policy and Referrer-Policy',
    headers: { 'referrer-policy': 'no-referrer', 'document-policy': 'force-load-at-top' },
  },
]

const freeze = `for (const each of [Object, Array, Function, Promise, String, Number, Date, Map, Set, RegExp, Error, Symbol]) { Object.freeze(each.prototype); Object.freeze(each) } Object.freeze(JSON); Object.freeze(Math); Object.freeze(Reflect)`

/** Scripts that change the language under us. */
const languages: HostilePage[] = [
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
const behaviours: HostilePage[] = [
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

const ourTag = '<script async src="COLLECTOR/earshot.js" data-key="KEY"></script>'
const otherTag = '<script async src="OTHER/earshot.js" data-key="KEY" data-collector="COLLECTOR"></script>'

const neighbour = 'what had it is gone, and its neighbour has it'

/** Frameworks, and several of us. */
const companies: HostilePage[] = [
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

/** Pages on which no card can be had. Nothing of ours may hurt them. */
export const harmless: (HostilePage & {
  /** What the browser itself says of the page’s own fault. */
  says?: RegExp
})[] = [
  { name: 'CSP without our script-src', headers: csp("script-src 'self'"), says: /Content Security Policy/ },
  {
    name: 'CSP without our connect-src',
    headers: csp("default-src 'none'; script-src COLLECTOR"),
    says: /Content Security Policy|Fetch API cannot load/,
  },
  { name: 'fetch that throws', head: script('window.fetch = () => { throw new Error("no fetch") }') },
  { name: 'fetch that never answers', head: script('window.fetch = () => new Promise(() => {})') },
  {
    name: 'fetch that answers with a page',
    head: script('window.fetch = async () => new Response("<html>Sign in</html>")'),
  },
  {
    name: 'JSON that throws',
    head: script('JSON.stringify = JSON.parse = () => { throw new Error("no JSON") }'),
  },
  {
    name: 'setTimeout that throws',
    head: script('window.setTimeout = window.setInterval = () => { throw new Error("no timers") }'),
  },
  {
    name: 'Promise that throws',
    head: script('window.Promise = function () { throw new Error("no Promise") }'),
  },
  {
    name: 'Promise without its methods',
    head: script('window.Promise = function () {}'),
  },
  {
    name: 'attachShadow that throws',
    head: script('Element.prototype.attachShadow = () => { throw new Error("no shadow") }'),
  },
  {
    name: 'no constructable style sheets',
    head: script('window.CSSStyleSheet = function () { throw new TypeError("Illegal constructor") }'),
  },
  { name: 'no crypto', head: script('Object.defineProperty(window, "crypto", { value: undefined })') },
]

/** Pages that only the longer stories below need. */
export const others: HostilePage[] = [
  { name: 'dialog', body: '<dialog id="dialog">Dialog<button type="button">OK</button></dialog>' },
  { name: 'sandbox', headers: csp('sandbox allow-scripts') },
  {
    name: 'queue',
    tag: `<script>STUB; earshot("show", "nps", { force: true }); earshot("track", "x")</script>${ourTag}`,
  },
  ...['', 'sandbox="allow-scripts"'].map((sandbox) => ({
    name: sandbox ? 'frame without an origin' : 'frame of the same origin',
    whole: `<!doctype html><html lang="en"><title>Host</title><iframe name="frame" width="600" height="600" ${sandbox} src="/with/inside?${sandbox && 'sandboxed'}"></iframe>`,
  })),
  { name: 'inside' },
  ...['look', 'style', 'manners'].map((what) => ({
    name: `faulty ${what}`,
    head: sheet('bootstrap/dist/css/bootstrap.css'),
  })),
]

export const hostile: HostilePage[] = [
  { name: 'clean' },
  ...sheets,
  ...rules,
  ...documents,
  ...policies,
  ...languages,
  ...behaviours,
  ...companies,
]
