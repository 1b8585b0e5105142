/** The lazy chunk of the rules as bundlers see it. Apart from the rest for the same reason as the card. */
import type { LoadRules } from '../ports/rules.ts'

export const importRules: LoadRules = () => import('./rulesChunk.ts')
