/** A scale of two thumbs, down and up. */
import type { ScaleQuestion } from '@earshot/contract'
import type { Kind } from './page.ts'

export const kind: Kind<ScaleQuestion> = {
  draw: ({ scale, mark }) =>
    scale((share) =>
      mark(
        'M7 11v9H4v-9zl4-8c1.6 0 2.5 1 2.5 2.5V9H18a2 2 0 0 1 2 2.3l-1.2 7a2 2 0 0 1-2 1.7H7',
        share < 0.5 ? 'matrix(1 0 0 -1 0 24)' : undefined,
      ),
    ),
}
