/** The lazy chunk of delivery as bundlers see it: a page that has nothing to send never loads it. Apart from the rest for the same reason as the card. */
import type { LoadOutbox } from '../ports/outbox.ts'

export const importOutbox: LoadOutbox = () => import('./outboxChunk.ts')
