/** The lazy chunk for what goes wrong in delivery, as bundlers see it. Apart from the rest for the same reason as the card. */
import type { LoadKeeper } from '../ports/keeper.ts'

export const importKeeper: LoadKeeper = () => import('../keeper/main.ts')
