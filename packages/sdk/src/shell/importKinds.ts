/** The lazy chunk of paged surveys as bundlers see it. Apart from the view for the same reason as the card. */
import type { LoadKinds } from '../ports/card.ts'

export const importKinds: LoadKinds = async (surveys) =>
  (await import('../ui/kinds/files.ts')).loadKinds(surveys)
