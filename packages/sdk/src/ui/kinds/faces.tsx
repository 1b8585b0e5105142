/** A scale of faces, whose mouths are turned down to up. */
import type { ScaleQuestion } from '@earshot/contract'
import type { Kind } from './page.ts'

export const kind: Kind<ScaleQuestion> = {
  draw: ({ scale, mark }) =>
    scale((share) => {
      const mood = share * 2 - 1
      const edge = 15.3 - 1.3 * mood
      const mouth = `M8.2 ${edge}Q12 ${15.3 + 3.2 * mood} 15.8 ${edge}`
      return mark(`M12 3a9 9 0 1 0 .01 0zM9 9.2v.6M15 9.2v.6${mouth}`)
    }),
}
