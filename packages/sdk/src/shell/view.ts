/** Brings the card's code when it may be needed, and the card when it is. */
import type { Showing } from '../core/model.ts'
import type { Card, CardHost, MountCard, View } from '../ports.ts'

/**
 * @param load fetches the lazy chunk; tried again at the next need when it failed
 * @param onFail told when a card was due and could not be drawn
 */
export function createView(
  load: () => Promise<{ mountCard: MountCard }>,
  host: CardHost,
  onFail: (message: string) => void,
): View {
  let chunk: Promise<{ mountCard: MountCard }> | undefined
  let wanted: Showing | null = null
  let card: Card | null = null
  let offline = false

  const fetchChunk = (): Promise<{ mountCard: MountCard }> => {
    chunk ??= load()
    chunk.catch(() => (chunk = undefined))
    return chunk
  }

  return {
    warm() {
      if (chunk) return
      const whenIdle = window.requestIdleCallback ?? setTimeout
      whenIdle(() => void fetchChunk().catch(() => {}))
    },
    render(showing) {
      card?.destroy()
      card = null
      wanted = showing
      if (!showing) return
      fetchChunk()
        .then(({ mountCard }) => {
          if (wanted === showing) card = mountCard(showing, offline, host)
        })
        .catch((error: unknown) => onFail(String(error)))
    },
    tell(input) {
      if (input.type === 'line') offline = !input.up
      card?.tell(input)
    },
  }
}
