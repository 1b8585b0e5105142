/** What few cards need: other places, other words, other looks, and pages that open dialogs or redraw all of themselves. A lazy chunk. */
import type { Place } from '../place.ts'
import { speaksEnglish } from '../speaksEnglish.ts'
import { giveBack } from './giveBack.ts'
import { keep } from './keep.ts'
import { cornerCss, inlineCss, modalCss, pageCss, tabCss } from './places.css.ts'

export { keep }

/** So long a card waits for its words; then it is shown as it is written. */
const wordsWait = 3000

/**
 * All that must be there before the card is shown.
 *
 * @throws Error when the page has no element for it
 */
export async function prepare(place: Place, layout: string): Promise<void> {
  const { cardHost, showing } = place
  await Promise.all([
    speaksEnglish(showing.survey, cardHost.locales()) || word(place),
    themed(place).then((css) => place.sheets.push(css)),
  ])
  place.isThemed = true
  if (layout.includes('-')) place.sheets.unshift(cornerCss)
  layouts[layout]?.(place)
}

const ignore = (): void => {}

/** The rules of the theme; without its code the card looks as it always does. */
async function themed({ cardHost }: Place): Promise<string> {
  const theme = cardHost.theme?.()
  return (theme && (await import('../theme/main.ts').catch(ignore))?.themeCss(theme)) ?? ''
}

/** Other words, or other looks, on a card that is shown. */
export async function dress(place: Place): Promise<void> {
  const { root } = place
  const [css] = await Promise.all([themed(place), word(place)])
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  const others = [...root.adoptedStyleSheets]
  if (place.isThemed) others.pop()
  place.isThemed = true
  root.adoptedStyleSheets = [...others, sheet]
}

/** Finds the words that are wanted now. */
export async function word(place: Place): Promise<void> {
  const { cardHost, showing } = place
  const wanted = cardHost.locales()
  const worded = await Promise.race([
    import('../../words/main.ts').then((chunk) => chunk.wordSurvey(showing.survey, wanted)).catch(ignore),
    new Promise<void>((resolve) => setTimeout(resolve, wordsWait)),
  ])
  // Others may be wanted by now.
  if (worded && wanted[0] === cardHost.locales()[0]) place.speak(worded)
}

const layouts: Readonly<Record<string, (place: Place) => void>> = { inline, modal, tab, page }

/** In the flow of the page, so that its own rules for space hold. */
function inline(place: Place): void {
  const { host, showing } = place
  const into = showing.wish?.into ?? showing.survey.into
  // Going on after a reload, with a place that only the page knew: in the corner it can be answered too.
  if (!into) return void (host.dataset['earshot'] = '')
  place.sheets.unshift(inlineCss)
  place.stays = true
  let isKept = false
  place.attach = () => {
    const home = document.querySelector(into)
    if (!home) throw new Error(`there is no element "${into}" on this page to put the survey into`)
    home.append(host)
    // Nobody else looks so deep into the page.
    if (!isKept) keep(place)
    isKept = true
  }
}

/** A dialog of the platform: it keeps the focus inside and gives it back, and the page behind it rests. */
function modal(place: Place): void {
  const { host, root } = place
  const dialog = document.createElement('dialog')
  dialog.setAttribute('part', 'dialog')
  // Escape outside of any field comes as this event. What was typed stays.
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault()
    place.escape()
  })
  root.append(dialog)
  place.sheets.unshift(modalCss)
  place.target = dialog
  place.stays = true
  place.attach = () => {
    dialog.ariaLabel = dialog.querySelector('.card')?.getAttribute('aria-label') ?? null
    document.documentElement.append(host)
    // A dialog that was removed still calls itself open.
    dialog.open = false
    dialog.showModal()
    // A card that scrolls would have the focus itself.
    dialog.querySelector<HTMLElement>('.to,input,textarea')?.focus()
  }
  place.detach = () => {
    dialog.close()
    giveBack(place)
  }
}

/** At the edge, where it stays when it is closed. */
function tab(place: Place): void {
  const { root } = place
  place.sheets.unshift(tabCss)
  place.isTab = true
  place.folded = (isFolded) => {
    // Whoever was on the card stays on it; whoever was elsewhere, stays there.
    if (isFolded && root.activeElement) root.querySelector<HTMLElement>('.fold')?.focus()
  }
}

function page(place: Place): void {
  place.sheets.unshift(pageCss)
  place.stays = true
}
