/** Looks of the card. px and em only: a host page may set rem to anything, even zero. */

/**
 * The rules on `:host` are important, because otherwise even `* { all: unset }` of the page wins over them. What is
 * inside no rule of the page can reach; its colours and sizes come from custom properties, which a page may set as
 * `--earshot-…`. `position: fixed` makes a block of the host, which itself is never in the way of a pointer.
 */
export const css = `\
:host{all:initial!important;direction:inherit!important;display:flex!important;justify-content:end!important;position:fixed!important;inset-block:auto calc(12px + var(--earshot-lift,0px))!important;inset-inline:auto 12px!important;z-index:99999999!important;width:min(452px,100% - 24px)!important;max-height:calc(100% - 24px - var(--earshot-lift,0px))!important;pointer-events:none!important}\
:host::before,:host::after,:host::backdrop{display:none!important}\
*{box-sizing:border-box;margin:0;padding:0;border:0;background:0 0;font:inherit;color:inherit}\
.card{--_bg:var(--earshot-bg,#fff);--_ink:var(--earshot-ink,#191d24);--_soft:var(--earshot-soft,#59626f);--_line:var(--earshot-line,#7d8694);--_accent:var(--earshot-accent,#1d4ed8);--_on-accent:var(--earshot-on-accent,#fff);--_radius:var(--earshot-radius,12px);--_font:var(--earshot-font,system-ui,sans-serif);--_size:var(--earshot-size,15px);--_gap:var(--earshot-gap,16px);width:100%;position:relative;overflow:auto;padding:var(--_gap);border:1px solid #7d869440;border-radius:var(--_radius);background:var(--_bg);color:var(--_ink);box-shadow:0 8px 30px #0003;font:var(--_size)/1.4 var(--_font);overflow-wrap:anywhere;pointer-events:auto}\
@media(prefers-color-scheme:dark){.card{color-scheme:dark;--_bg:var(--earshot-bg,#1c2027);--_ink:var(--earshot-ink,#eef1f5);--_soft:var(--earshot-soft,#a9b2bf);--_accent:var(--earshot-accent,#93b4ff);--_on-accent:var(--earshot-on-accent,#1c2027)}}\
@media(prefers-contrast:more){.card{--_soft:var(--_ink);--_line:var(--_ink);border-color:var(--_ink)}}\
.title{display:block;width:100%;font-size:1.13em;font-weight:600}\
.title::before{content:"";float:inline-end;width:72px;height:20px}\
.scale{display:grid;grid-auto-flow:column;grid-auto-columns:1fr;gap:3px}\
.scale,.more,.send,.note{margin-top:var(--_gap)}\
.ends,.text,textarea,.foot{margin-top:8px}\
.tile,.fold,.close{display:grid;place-items:center}\
.tile>*{grid-area:1/1}\
input,textarea,.send{border:1px solid var(--_line);min-height:44px}\
input,textarea,button,.send,.note{border-radius:calc(var(--_radius)*.67)}\
input{appearance:none;width:100%}\
.tile span{pointer-events:none}\
input:hover,button:hover,.note{background:#7d86941f}\
input:checked,.send,.send:hover{background:var(--_accent);border-color:var(--_accent)}\
input:checked+span,.send{color:var(--_on-accent);font-weight:600}\
.ends{display:flex;justify-content:space-between;gap:16px}\
.ends,.foot{font-size:.87em}\
.ends,.text,.fold,.close,.soft{color:var(--_soft)}\
.ends span+span{text-align:end}\
.more label{font-weight:600}\
textarea{display:block;width:100%;resize:vertical}\
textarea,.note{padding:10px 12px}\
button,input{cursor:pointer}\
.send{display:block;margin-inline-start:auto;padding:8px 22px}\
.foot{margin-inline-start:-8px}\
.foot button{padding:4px 8px;min-height:28px}\
.fold,.close{position:absolute;inset-block:4px auto;inset-inline:auto 4px;width:44px;min-height:44px;font-size:22px}\
.fold{inset-inline-end:46px}\
:focus-visible{outline:2px solid var(--_accent);outline-offset:2px}\
.quiet{position:absolute;inset:0;overflow:hidden;clip-path:inset(50%)}\
.mini{width:auto;padding:0}\
.mini>:not(.fold){display:none}\
.mini .fold{position:static;width:auto;padding:0 16px;color:inherit;font-size:1em}\
@media(pointer:coarse){.foot button{min-height:44px;min-width:44px}textarea{font-size:16px}}\
@media(max-width:480px){:host{inset-block:auto var(--earshot-lift,0px)!important;inset-inline:0!important;width:auto!important}.card{border-radius:16px 16px 0 0;padding-bottom:max(var(--_gap),env(safe-area-inset-bottom))}.mini{margin-inline:12px;padding:0}}\
@media(max-width:359px){.wide{grid-auto-flow:row;grid-template-columns:repeat(6,1fr)}}\
@media(forced-colors:active){input:checked,input:checked+span{forced-color-adjust:none;color:HighlightText}input:checked{background:Highlight}}\
@media(prefers-reduced-motion:no-preference){.card,.more{animation:in .16s ease-out}.out{opacity:0;transition:.16s}@keyframes in{0%{opacity:0;translate:0 8px}}}\
@media print{:host{display:none!important}}`
