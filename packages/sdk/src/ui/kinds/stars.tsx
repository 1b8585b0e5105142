/** A scale of stars: those up to the answer are full. */
import type { ScaleQuestion } from '@earshot/contract'
import type { Kind } from './page.ts'

export const kind: Kind<ScaleQuestion> = {
  css: `\
.stars .tile input{border-color:transparent;background:0 0}\
.stars .tile span{padding:0;color:var(--_line)}\
.stars .on svg{color:var(--_accent);fill:currentColor}\
@media(max-width:359px){.stars.wide{grid-template-columns:repeat(5,1fr)}}\
@media(forced-colors:active){.stars .tile input{border:0}.stars .tile span{color:CanvasText}.stars .on svg{color:Highlight}}`,
  draw: ({ scale, mark, value }) =>
    scale(
      () => mark('M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8z'),
      (score) => typeof value === 'number' && score <= value,
    ),
}
