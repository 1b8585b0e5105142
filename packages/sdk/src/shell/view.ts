/** Brings the card's code when it may be needed, and the card when it is. */
import type { Showing } from '../core/model.ts'
import type { Card, CardHost, LoadKinds, MountCard, View } from '../ports/card.ts'
import { once } from './once.ts'

/**
 * @param load fetches the lazy chunk; tried again at the next need when it failed
 * @param onFail told when a card was due and could not be drawn
 * @param loadKinds fetches what a paged showing needs besides
 */
export function createView(
  load: () => Promise<{ mountCard: MountCard }>,
  host: CardHost,
  onFail: (showing: Showing, error: unknown) => void,
  loadKinds: LoadKinds,
): View {
  const fetchCard = once(load)
  let wanted: Showing | null = null
  let card: Card | null = null
  let offline = false

  return {
    warm() {
      const whenIdle = window.requestIdleCallback ?? setTimeout
      whenIdle(() => void fetchCard().catch(() => {}))
    },
    render(showing) {
      card?.destroy()
      card = null
      wanted = showing
      if (!showing) return
      Promise.all([fetchCard(), showing.paged === true ? loadKinds([showing.survey]) : undefined])
        .then(([{ mountCard }, kinds]) => {
          if (wanted === showing) return (card = mountCard(showing, offline, host, kinds)).ready
        })
        // One that is wanted no more has failed for nobody.
        .catch((error: unknown) => wanted === showing && onFail(showing, error))
    },
    tell(input) {
      if (input.type === 'line') offline = !input.up
      card?.tell(input)
    },
  }
}
