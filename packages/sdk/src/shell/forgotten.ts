/** What stays on the device once the collector has forgotten whom it was to forget. */
import { denial, resume } from '../core/memory.ts'
import type { Memory } from '../core/remembered.ts'
import type { RuntimeTools } from '../ports/rules.ts'

/** @param asked visitors whom the collector has forgotten; others may have withdrawn meanwhile */
export async function forgotten(
  { store, state, clock, random }: RuntimeTools,
  asked: readonly string[],
): Promise<void> {
  const left = ({ erase }: Partial<Memory>): string | undefined =>
    erase
      ?.split(' ')
      .filter((each) => !asked.includes(each))
      .join(' ') || undefined
  // In one transaction, for another tab may hear of consent while this one waits for the disk.
  let isOver = state().memory?.consent === 'denied'
  if (isOver)
    await store.change(async (rows, at) => {
      const known = await rows.get<Partial<Memory>>(at('m'))
      isOver = !known || known.consent === 'denied'
      if (known && isOver) rows.put(at('m'), { ...denial, erase: left(known) })
    })
  if (isOver) return
  // Consent was given again: then there is a new visitor, whose memory stays until that one withdraws as well.
  await store.changeMemory((known) => {
    const fresh = resume(known, clock.now(), random.id)
    return { ...fresh, erase: left(fresh) }
  })
}
