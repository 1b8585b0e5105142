/** The lazy chunk as bundlers see it. Apart from the view, so that the script tag, which has an address for it, carries none of it. */
import type { MountCard } from '../ports/card.ts'
import { importOutbox } from './importOutbox.ts'

/** The code for delivery comes along: without a line, the answer that is given then could not bring it. */
export const importCard = (): Promise<{ mountCard: MountCard }> => {
  importOutbox().catch(() => {})
  return import('../ui/mount.tsx')
}
