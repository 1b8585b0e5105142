/** Looks of every page, beside those of the card; those of one type of question are with its file. px and em only. */

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
.field{margin-top:8px;padding:10px 12px;cursor:text}\
.field:hover{background:0 0}\
.field:focus-visible{outline-offset:-1px}\
.field[aria-invalid]{border-color:var(--_flaw);outline-color:var(--_flaw)}\
.flaw{display:flex;gap:6px;margin-top:8px;color:var(--_flaw);font-size:.93em}\
.flaw svg{flex:none;width:18px;height:20px}\
.acts{display:flex;flex-wrap:wrap;align-items:center;gap:4px;margin-top:16px}\
.acts .send{margin:0}\
.acts b{flex:1}\
.acts .soft{min-height:44px;padding:8px 12px}\
.acts .soft:first-child{margin-inline-start:-12px}\
.acts .soft:last-child{margin-inline-end:-12px}\
@media(prefers-reduced-motion:no-preference){.page>*{animation:in .16s ease-out}}`
