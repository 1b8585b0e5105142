/** The file of the card: what a respondent sees, and what sends the answer. Together, for without a line the answer could not bring the latter. */
export { startOutbox } from '../shell/outboxChunk.ts'
export { mountCard } from '../ui/mount.tsx'
