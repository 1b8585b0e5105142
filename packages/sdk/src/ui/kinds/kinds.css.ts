/** Looks of paged surveys, beside those of the card. px and em only. */

export const css = `\
.card{--_flaw:var(--earshot-flaw,#b3261e)}\
@media(prefers-color-scheme:dark){.card{--_flaw:var(--earshot-flaw,#ffb4ab)}}\
.title:focus{outline:0}\
.meta{margin-bottom:4px;color:var(--_soft);font-size:.87em}\
.page>.meta{padding-inline-end:72px}\
.text{white-space:pre-line}\
.tile input{height:100%}\
.tile span{padding:4px;text-align:center}\
form svg{display:block;width:30px;fill:none;stroke:currentColor;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}\
.pair,.faces,.thumbs{gap:8px}\
.stars .tile input{border-color:transparent;background:0 0}\
.stars .tile span{padding:0;color:var(--_line)}\
.stars .on svg{color:var(--_accent);fill:currentColor}\
.row{display:flex;align-items:center;gap:12px;min-height:44px;padding:8px 12px;margin-top:8px;border:1px solid var(--_line);border-radius:calc(var(--_radius)*.67);cursor:pointer}\
.own{display:block;margin-top:12px}\
legend+.row{margin-top:16px}\
.row:hover{background:#7d86941f}\
.on.row{border-color:var(--_accent);box-shadow:inset 0 0 0 1px var(--_accent)}\
.row input:checked+span{color:inherit;font-weight:inherit;forced-color-adjust:auto}\
.row input{appearance:auto;forced-color-adjust:auto;flex:none;width:18px;height:18px;min-height:0;accent-color:var(--_accent)}\
.row :focus-visible{outline:0}\
.row:focus-within:has(:focus-visible){outline:2px solid var(--_accent);outline-offset:2px}\
.field{margin-top:8px;padding:10px 12px;cursor:text}\
.field:hover{background:0 0}\
.field:focus-visible{outline-offset:-1px}\
.field[aria-invalid]{border-color:var(--_flaw);outline-color:var(--_flaw)}\
.count{margin:4px 0 0;text-align:end}\
.count:empty{display:none}\
.flaw{display:flex;gap:6px;margin-top:8px;color:var(--_flaw);font-size:.93em}\
.flaw svg{flex:none;width:18px;height:20px}\
.acts{display:flex;flex-wrap:wrap;align-items:center;gap:4px;margin-top:16px}\
.acts .send{margin:0}\
.acts b{flex:1}\
.acts .soft{min-height:44px;padding:8px 12px}\
.acts .soft:first-child{margin-inline-start:-12px}\
.acts .soft:last-child{margin-inline-end:-12px}\
a.send{display:flex;align-items:center;justify-content:center;gap:8px;text-decoration:none;position:relative}\
a svg{width:16px;stroke-width:2}\
@media(max-width:359px){.stars.wide{grid-template-columns:repeat(5,1fr)}}\
@media(forced-colors:active){.stars .tile input{border:0}.stars .tile span{color:CanvasText}.stars .on svg{color:Highlight}}\
@media(prefers-reduced-motion:no-preference){.page>*{animation:in .16s ease-out}}`
