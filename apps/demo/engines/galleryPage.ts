/** A page on which tests show every card of the gallery, one after the other, and measure it. */
import { galleryTypes, showCard, type Shown, statesOf } from '@earshot/sdk/gallery'
import { audit, isScrolled, type Scale, scaleOf, tooSmall, unreadable } from '@earshot/sdk/measures'

/** What is wanted of a card. */
interface Wanted {
  /** Whether axe looks at contrasts: of forced colours it does not know those that are seen. */
  hasContrast: boolean
  /** Height and width of the smallest target, in pixels; and of the ways out below a question. */
  targets: readonly [all: number, waysOut: number]
}

/** What tests ask the page for. */
export interface Gallery {
  /** Types, each with the states that it can be in. */
  types: readonly { id: string; states: readonly string[] }[]
  /** Shows a card, and leaves it there until the next one. */
  show(type: string, state: string, language: string): Promise<void>
  /** How the answers of the card that is shown stand. */
  scale(): Scale
  /** What is wrong with the card that is shown. */
  judge(wanted: Wanted): Promise<string[]>
  /** What is wrong with a card in any of its states; how many there were. */
  flaws(type: string, language: string, wanted: Wanted): Promise<{ found: string[]; count: number }>
}

declare global {
  interface Window {
    gallery: Gallery
  }
}

let shown: Shown | undefined

async function show(id: string, stateId: string, language: string): Promise<Shown> {
  shown?.remove()
  document.documentElement.lang = language
  document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr'
  const type = galleryTypes.find((each) => each.id === id)
  const state = type && statesOf(type).find((each) => each.id === stateId)
  if (!type || !state) throw new Error(`There is no "${id}" that is "${stateId}".`)
  return (shown = await showCard(type, state, { locales: [language], into: '#slot' }))
}

async function judge({ hasContrast, targets }: Wanted): Promise<string[]> {
  const seen = [...unreadable(shown!), ...tooSmall(shown!, ...targets)]
  return [...seen, ...(await audit(hasContrast ? undefined : 'color-contrast'))]
}

window.gallery = {
  types: galleryTypes.map((type) => ({ id: type.id, states: statesOf(type).map(({ id }) => id) })),
  async show(...wanted) {
    await show(...wanted)
  },
  scale: () => scaleOf(shown!),
  judge,
  async flaws(id, language, wanted) {
    const states = statesOf(galleryTypes.find((each) => each.id === id)!)
    const found: string[] = []
    for (const state of states) {
      const card = await show(id, state.id, language)
      const flaws = await judge(wanted)
      if (state.id === 'asked' && isScrolled(card)) flaws.push('must be scrolled')
      found.push(...flaws.map((each) => `${id}, ${state.id}: ${each}`))
    }
    return { found, count: states.length }
  },
}
