/** Shows one card in one state, and shows it again when somebody has closed it. */
import { galleryTypes, showCard, type Shown, statesOf } from '@earshot/sdk/gallery'
import { directionOf, readChoice } from './choice.ts'

const choice = readChoice(location.search)
const type = galleryTypes.find((each) => each.id === choice.type) ?? galleryTypes[0]!
const states = statesOf(type)
const state = states.find((each) => each.id === choice.state) ?? states[0]!
const page = document.documentElement

page.lang = 'en'
page.dir = choice.dir || directionOf(choice.language)
page.dataset['scheme'] = choice.scheme
document.title = `${type.title}: ${state.title}`

let shown: Shown | undefined

async function show(): Promise<void> {
  shown?.remove()
  shown = await showCard(type, state, {
    locales: [choice.language],
    scheme: choice.scheme || undefined,
    into: '#slot',
    closed: () => void show(),
  })
  page.dataset['ready'] = ''
  fit(shown)
}

/** The frame is as high as what stands in it, where that is not the window itself. */
function fit({ root }: Shown): void {
  const frame = window.frameElement as HTMLIFrameElement | null
  const card = root.querySelector('.card')
  if (!frame || !card || state.layout === 'tab') return
  // These fill the window, or are centred in it.
  if (state.layout === 'modal' || state.layout === 'page')
    return void (frame.style.height = `${Math.max(480, card.scrollHeight + 40)}px`)
  const follow = (): void => {
    const inside = [...card.children].map((each) => each.getBoundingClientRect().bottom)
    const height = Math.max(...inside) - card.getBoundingClientRect().top + card.scrollTop
    frame.style.height = `${Math.max(200, Math.ceil(height) + 72)}px`
  }
  new ResizeObserver(follow).observe(card)
  follow()
}

void show()
