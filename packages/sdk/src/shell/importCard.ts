/** The lazy chunk as bundlers see it. Apart from the view, so that the script tag, which has an address for it, carries none of it. */
import type { MountCard } from '../ports.ts'

export const importCard = (): Promise<{ mountCard: MountCard }> => import('../ui/mount.tsx')
