/** Looks of the card. px and em only: a host page may set rem to anything, even zero. */

/**
 * The rules on `:host` are important, because otherwise even `* { all: unset }` of the page wins over them. What is
 * inside no rule of the page can reach.
 */
export const css = `
:host{all:initial!important;position:fixed!important;inset:auto!important;inset-block-end:12px!important;inset-inline-end:12px!important;z-index:2147483647!important;display:block!important;width:min(452px,100vw - 24px)!important;max-height:calc(100dvh - 24px)!important;overflow:visible!important;
--bg:#fff!important;--ink:#191d24!important;--soft:#59626f!important;--line:#878f9c!important;--hair:#dfe3e9!important;--hover:#eef2fb!important;--accent:#1d4ed8!important;--shade:#0f172a2b!important}
@media(prefers-color-scheme:dark){:host{color-scheme:dark!important;--bg:#1c2027!important;--ink:#eef1f5!important;--soft:#a9b2bf!important;--line:#77818f!important;--hair:#363c46!important;--hover:#2e3542!important;--accent:#93b4ff!important;--shade:#0009!important}}
*{box-sizing:border-box;margin:0;padding:0;border:0;font:inherit;color:inherit}
.card{position:relative;max-height:inherit;overflow:auto;padding:16px;border:1px solid var(--hair);border-radius:12px;background:var(--bg);color:var(--ink);box-shadow:0 8px 30px var(--shade);font:15px/1.4 system-ui,sans-serif;text-align:start}
fieldset{min-width:0}
legend,h2{width:100%;padding-inline-end:36px;font-size:17px;font-weight:600;overflow-wrap:break-word}
.scale{display:grid;grid-auto-flow:column;grid-auto-columns:minmax(0,1fr);gap:min(4px,.6vw);margin-top:16px}
.tile{display:grid}
.tile>*{grid-area:1/1}
input,textarea,.send{border:1px solid var(--line);border-radius:8px;background:var(--bg);min-height:44px}
input{appearance:none;width:100%;cursor:pointer}
.tile span{place-self:center;pointer-events:none;font-variant-numeric:tabular-nums}
input:hover,.close:hover,.note{background:var(--hover)}
input:checked,.send{background:var(--accent);border-color:var(--accent)}
input:checked+span,.send{color:var(--bg);font-weight:600}
.ends{display:flex;justify-content:space-between;gap:16px;margin-top:8px;font-size:13px}
.ends,.text,.close{color:var(--soft)}
.ends span+span{text-align:end}
.more{margin-top:16px}
.more label{font-weight:600}
textarea{display:block;width:100%;margin-top:8px;padding:10px 12px;resize:vertical}
button{cursor:pointer}
.send{display:block;margin-top:16px;margin-inline-start:auto;padding:8px 22px}
.close{position:absolute;inset-block-start:4px;inset-inline-end:4px;display:grid;place-items:center;width:44px;height:44px;border-radius:8px;background:0 0}
svg{width:16px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.text{margin-top:6px}
.note{margin-top:12px;padding:10px 12px;border-radius:8px}
.quiet{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media(max-width:359px){.wide{grid-auto-flow:row;grid-template-columns:repeat(6,minmax(0,1fr));gap:4px}}
@media(forced-colors:active){input:checked{forced-color-adjust:none;background:Highlight}input:checked+span{color:HighlightText;forced-color-adjust:none}}
@media(prefers-reduced-motion:no-preference){.card,.more{animation:in .16s ease-out}.out{opacity:0;transition:.16s}@keyframes in{0%{opacity:0;translate:0 8px}}}
@media print{:host{display:none!important}}
`
