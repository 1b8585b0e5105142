/** Looks of the card. px and em only: a host page may set rem to anything, even zero. */

/**
 * The rules on `:host` are important, because otherwise even `* { all: unset }` of the page wins over them. What is
 * inside no rule of the page can reach.
 */
export const css = `
:host{all:initial!important;position:fixed!important;inset:auto!important;inset-block-end:20px!important;inset-inline-end:20px!important;z-index:2147483647!important;display:block!important;box-sizing:border-box!important;width:452px!important;max-width:calc(100vw - 40px)!important;max-height:calc(100vh - 40px)!important;max-height:calc(100dvh - 40px)!important;overflow:visible!important;color-scheme:light dark!important;
--bg:#fff;--ink:#191d24;--soft:#59626f;--line:#878f9c;--hair:#dfe3e9;--tile:#fff;--hover:#eef2fb;--accent:#1d4ed8;--on:#fff;--shadow:0 8px 30px #0f172a29,0 1px 4px #0f172a14}
@media(prefers-color-scheme:dark){:host{--bg:#1c2027;--ink:#eef1f5;--soft:#a9b2bf;--line:#77818f;--hair:#363c46;--tile:#242932;--hover:#2e3542;--accent:#93b4ff;--on:#0c1730;--shadow:0 8px 30px #0009,0 1px 4px #0006}}
*{box-sizing:border-box}
.card{position:relative;max-height:inherit;overflow:auto;padding:20px;border:1px solid var(--hair);border-radius:12px;background:var(--bg);color:var(--ink);box-shadow:var(--shadow);font:15px/1.4 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;text-align:start;animation:in .16s ease-out}
.out{opacity:0;translate:0 8px;transition:opacity .16s ease-out,translate .16s ease-out}
@keyframes in{from{opacity:0;translate:0 8px}}
form,fieldset,legend,p,h2{margin:0;padding:0;border:0;min-width:0}
legend,h2{display:block;width:100%;padding-inline-end:36px;font-size:17px;font-weight:600;line-height:1.35;overflow-wrap:break-word}
.scale{display:grid;grid-auto-flow:column;grid-auto-columns:minmax(0,1fr);gap:4px;margin-top:16px}
.tile{position:relative;display:grid}
.tile>*{grid-area:1/1}
input{appearance:none;margin:0;width:100%;height:44px;border:1px solid var(--line);border-radius:8px;background:var(--tile);cursor:pointer;transition:background .12s}
.tile span{place-self:center;pointer-events:none;font-weight:500;font-variant-numeric:tabular-nums}
input:hover{background:var(--hover);border-color:var(--accent)}
input:checked{background:var(--accent);border-color:var(--accent)}
input:checked+span{color:var(--on)}
.ends{display:flex;justify-content:space-between;gap:16px;margin-top:8px;font-size:13px;color:var(--soft)}
.ends span:last-child{text-align:end}
.more{margin-top:16px;animation:in .16s ease-out}
.more label{display:block;font-weight:600}
textarea{display:block;width:100%;min-height:76px;margin:8px 0 0;padding:10px 12px;border:1px solid var(--line);border-radius:8px;background:var(--tile);color:inherit;font:inherit;resize:vertical}
button{font:inherit;color:inherit;cursor:pointer}
.send{display:block;min-height:44px;margin-top:16px;margin-inline-start:auto;padding:8px 22px;border:1px solid var(--accent);border-radius:8px;background:var(--accent);color:var(--on);font-weight:600}
.send:hover{filter:brightness(1.08)}
.close{position:absolute;inset-block-start:4px;inset-inline-end:4px;display:grid;place-items:center;width:44px;height:44px;padding:0;border:0;border-radius:10px;background:none;color:var(--soft)}
.close:hover{background:var(--hover);color:var(--ink)}
svg{width:16px;height:16px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
h2:focus-visible{outline-offset:4px}
.text{margin-top:6px;color:var(--soft)}
.note{margin-top:12px;padding:10px 12px;border-radius:8px;background:var(--hover);font-size:14px}
.quiet{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(max-width:520px){:host{inset-block-end:8px!important;inset-inline-end:8px!important;width:calc(100vw - 16px)!important;max-width:none!important;max-height:calc(100vh - 16px)!important;max-height:calc(100dvh - 16px)!important}.card{padding:16px}.wide{gap:2px}.wide input{border-radius:6px}}
@media(max-width:359px){.wide{grid-auto-flow:row;grid-template-columns:repeat(6,minmax(0,1fr));gap:4px}}
@media(forced-colors:active){.card{border-color:CanvasText}input:checked{forced-color-adjust:none;background:Highlight;border-color:Highlight}input:checked+span{forced-color-adjust:none;color:HighlightText}:focus-visible{outline-color:Highlight}}
@media(prefers-reduced-motion:reduce){.card,.more,.out{animation:none;transition:none;translate:none}}
@media print{:host{display:none!important}}
`
