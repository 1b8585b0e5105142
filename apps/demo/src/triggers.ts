/** Every trigger and every rule of targeting as a tryout: the page shows them, and the tests go all their ways. */
import { limitTryouts } from './limitTryouts.ts'
import { targetingTryouts } from './targetingTryouts.ts'
import { triggerTryouts } from './triggerTryouts.ts'
import type { Tryout } from './tryout.ts'

export const groups: readonly { title: string; text: string; tryouts: readonly Tryout[] }[] = [
  {
    title: 'What makes a survey appear',
    text: 'Events, addresses, time, and what a visitor does.',
    tryouts: triggerTryouts,
  },
  {
    title: 'Who is asked',
    text: 'Facts about the visitor, the page and the moment. What is not known speaks against.',
    tryouts: targetingTryouts,
  },
  { title: 'How often, and how many', text: 'Shares, caps, periods and places.', tryouts: limitTryouts },
]

export const tryouts: readonly Tryout[] = groups.flatMap((each) => each.tryouts)
