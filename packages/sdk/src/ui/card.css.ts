/** Looks of the card. px and em only: a host page may set rem to anything, even zero. */

/**
 * The rules on `:host` are important, because otherwise even `* { all: unset }` of the page wins over them. What is
 * inside no rule of the page can reach. `position: fixed` makes a block of it.
 */
export const css = `\
:host{all:initial!important;position:fixed!important;inset-block:auto 12px!important;inset-inline:auto 12px!important;z-index:99999999!important;width:min(452px,100vw - 24px)!important;max-height:calc(100dvh - 24px)!important}\
:host([data-earshot^=top]){inset-block:12px auto!important}\
:host([data-earshot$=start]){inset-inline:12px auto!important}\
*{box-sizing:border-box;margin:0;padding:0;border:0;background:0 0;font:inherit;color:inherit}\
.card{--bg:#fff;--ink:#191d24;--soft:#59626f;--accent:#1d4ed8;position:relative;max-height:inherit;overflow:auto;padding:16px;border:1px solid #7d869440;border-radius:12px;background:var(--bg);color:var(--ink);box-shadow:0 8px 30px #0003;font:15px/1.4 system-ui,sans-serif;overflow-wrap:anywhere}\
@media(prefers-color-scheme:dark){.card{color-scheme:dark;--bg:#1c2027;--ink:#eef1f5;--soft:#a9b2bf;--accent:#93b4ff}}\
legend,h2{padding-inline-end:36px;font-size:17px;font-weight:600}\
.scale{display:grid;grid-auto-flow:column;grid-auto-columns:1fr;gap:3px}\
.scale,.more,.send,.note{margin-top:16px}\
.ends,.text,textarea{margin-top:8px}\
.tile{display:grid;place-items:center}\
.tile>*{grid-area:1/1}\
input,textarea,.send{border:1px solid #7d8694;min-height:44px}\
input,textarea,.send,.close,.note{border-radius:8px}\
input{appearance:none;width:100%}\
.tile span{pointer-events:none}\
input:hover,.close:hover,.note{background:#7d86941f}\
input:checked,.send{background:var(--accent);border-color:var(--accent)}\
input:checked+span,.send{color:var(--bg);font-weight:600}\
.ends{display:flex;justify-content:space-between;gap:16px;font-size:13px}\
.ends,.text,.close{color:var(--soft)}\
.ends span+span{text-align:end}\
.more label{font-weight:600}\
textarea{display:block;width:100%;resize:vertical}\
textarea,.note{padding:10px 12px}\
button,input{cursor:pointer}\
.send{display:block;margin-inline-start:auto;padding:8px 22px}\
.close{position:absolute;inset-block:4px auto;inset-inline:auto 4px;width:44px;height:44px;font-size:24px}\
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}\
.quiet{position:absolute;inset:0;overflow:hidden;clip-path:inset(50%)}\
@media(max-width:359px){.wide{grid-auto-flow:row;grid-template-columns:repeat(6,1fr)}}\
@media(forced-colors:active){input:checked,input:checked+span{forced-color-adjust:none;color:HighlightText}input:checked{background:Highlight}}\
@media(prefers-reduced-motion:no-preference){.card,.more{animation:in .16s ease-out}.out{opacity:0;transition:.16s}@keyframes in{0%{opacity:0;translate:0 8px}}}\
@media print{:host{display:none!important}}`
