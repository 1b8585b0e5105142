/** Earshot on the page: the real card is answered by clicks on its scores, and each answer counts when the page is told that it is stored. */
import { drive, later } from './drive.ts'

/** The collector takes so many events for one response that this is far below. */
const clicksPerShowing = 100
const pointer = { bubbles: true, cancelable: true, composed: true, detail: 1 }
let clicks = 0
let scores: HTMLInputElement[] = []

const scoresShown = (): HTMLInputElement[] => [
  ...(document
    .querySelector('[data-earshot]')
    ?.shadowRoot?.querySelectorAll<HTMLInputElement>('input[type="radio"]') ?? []),
]

async function show(survey: string): Promise<void> {
  window.earshot.dismiss()
  while (scoresShown().length) await new Promise((resolve) => setTimeout(resolve, 5))
  window.earshot.show(survey, { force: true })
  while (scoresShown().length < 11) await new Promise((resolve) => setTimeout(resolve, 5))
  scores = scoresShown()
}

drive({
  async start(line) {
    const script = document.createElement('script')
    script.src = `${line}/earshot.js`
    script.dataset['key'] = 'pk_e2e'
    const ready = new Promise((resolve) => window.addEventListener('earshot:ready', resolve, { once: true }))
    window.addEventListener('earshot:answered', (event) => {
      const { id, durable } = (event as CustomEvent<{ id: string; durable: boolean }>).detail
      if (durable) window.told(id)
    })
    document.head.append(script)
    await ready
  },
  capture(marker) {
    if (marker === 'boot') return
    // A click of a pointer: by the keyboard a score would have to be confirmed.
    scores[clicks++ % 11]?.dispatchEvent(new MouseEvent('click', pointer))
    return later
  },
})

const { captureMany } = window
// What a respondent has before them when the line goes.
window.prepare = show
window.captureMany = async (survey, count, gap) => {
  for (let left = count; left > 0; left -= clicksPerShowing) {
    if (left < count) await show(survey)
    await captureMany(survey, Math.min(left, clicksPerShowing), gap)
  }
}
