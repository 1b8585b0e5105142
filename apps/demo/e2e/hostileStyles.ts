/** Hostile pages by their styles: whole sheets of others, and rules that are aimed at us. */
import { sheet, style, type HostilePage } from './hostilePage.ts'

/** Whole sheets of others. */
export const sheets: HostilePage[] = [
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
export const rules: HostilePage[] = [
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
