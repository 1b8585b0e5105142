/** The lazy chunk of paged surveys as bundlers see it. Apart from the view for the same reason as the card. */
import type { LoadKinds } from '../ports.ts'

export const importKinds: LoadKinds = () => import('../ui/kinds/main.tsx')
