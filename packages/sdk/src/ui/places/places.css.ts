/** Looks of the other places, beside those of the card. */

/** Wins over the rules above it, which put the card back on paper. */
const unprinted = `@media print{:host{display:none!important}}`

/** The other corners. On a phone all of them are at the lower edge. */
export const cornerCss: string = `\
@media(min-width:481px){:host([data-earshot^=top]){inset-block:12px auto!important}:host([data-earshot$=start]){inset-inline:12px auto!important}}\
:host([data-earshot$=start]){justify-content:start!important}`

const wide = `.fold{display:none}.card{max-height:none;animation:none}`

export const inlineCss: string = `\
:host{position:static!important;display:block!important;width:auto!important;max-width:560px!important;max-height:none!important;pointer-events:auto!important}\
.card{border-radius:var(--_radius);padding-bottom:var(--_gap);box-shadow:none}\
.title::before{width:36px}\
${wide}${unprinted}`

export const modalCss: string = `\
:host{display:contents!important}\
dialog{position:fixed;inset:0;width:min(520px,100% - 24px);max-height:calc(100% - 24px);margin:auto;overflow:visible;pointer-events:auto}\
dialog[open]{display:flex}\
.card{border-radius:var(--_radius);padding:calc(var(--_gap)*1.5)}\
.fold{display:none}\
.title::before{width:28px}\
dialog::backdrop{background:#10131899}\
@media(prefers-reduced-motion:no-preference){dialog::backdrop{animation:shade .16s ease-out}@keyframes shade{0%{opacity:0}}}\
@media print{dialog{display:none!important}}`

/** Not every engine turns a button, but what is inside. */
export const tabCss: string = `\
:host{display:grid!important;align-items:center!important;inset-block:12px calc(12px + var(--earshot-lift,0px))!important;inset-inline:auto 0!important;width:min(464px,100%)!important;max-height:none!important}\
.card{width:auto;margin-inline:12px;max-height:100%}\
.mini{direction:inherit;margin-inline:auto 0;border-inline-end:0;border-start-end-radius:0;border-end-end-radius:0;background:var(--_accent);color:var(--_on-accent)}\
.mini .fold{padding:16px 4px;height:auto;min-height:44px;width:auto;min-width:44px;color:inherit;font-weight:600}\
.mini .fold span{writing-mode:vertical-rl}\
@media(max-width:480px){:host{align-items:end!important;inset-block:0 var(--earshot-lift,0px)!important}.card:not(.mini){margin:0}.mini{margin-block-end:20vh}}\
${unprinted}`

export const pageCss: string = `\
:host{inset:0!important;width:auto!important;max-height:none!important}\
.card{--_size:var(--earshot-size,18px);--_gap:var(--earshot-gap,24px);height:100%;border:0;border-radius:0;box-shadow:none;padding:max(48px,12vh) max(20px,50% - 320px) 48px}\
.title{font-size:1.5em;line-height:1.25}\
.title::before,.fold,.close,.foot{display:none}\
.tile input{min-height:56px}\
.send{min-height:52px;padding-inline:32px}`
