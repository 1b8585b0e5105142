/** The table of hostile pages: what each one does to those who come to it. */
import { behaviours, companies, languages } from './hostileScripts.ts'
import { documents, policies } from './hostileDocuments.ts'
import { csp, type HostilePage, ourTag, script, sheet } from './hostilePage.ts'
import { rules, sheets } from './hostileStyles.ts'

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
