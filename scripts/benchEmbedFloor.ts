/** The floor of the embed benchmark: the least that shows a survey that was served, is asked once, and is kept. Written by hand and for one page; its functions travel as text, so each knows nothing but its arguments. */
import type { ScaleQuestion, Survey } from '../packages/contract/src/index.ts'
import { css } from '../packages/sdk/src/ui/card.css.ts'

/** What the page has of it; the benchmark opens and closes by these. */
interface Floor {
  q?: ArrayLike<unknown>[]
  open(): void
  close(): void
}

type Card = { show(survey: Survey, css: string): () => void }

/**
 * Reads the tag, asks the browser for consent, opens a database, reads and writes who this is, fetches the surveys, and
 * then in one transaction stores what happened and claims the showing. No more: nothing is checked, nothing is tried
 * again, no rule is looked at, and nobody can call it off.
 */
function begin(file: string, rules: string): void {
  const tag = document.currentScript as HTMLScriptElement
  const base = tag.src.slice(0, tag.src.lastIndexOf('/') + 1)
  const key = tag.getAttribute('data-key')
  if ((navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl) return
  const page = window as unknown as { earshot?: Floor }
  const early = page.earshot?.q ?? []
  const floor: Floor = { open: () => {}, close: () => {} }
  page.earshot = floor
  const newId = (): string => {
    let id = ''
    crypto.getRandomValues(new Uint8Array(19)).forEach((byte) => (id += (byte & 15).toString(16)))
    return id
  }
  const opening = indexedDB.open('floor')
  opening.onupgradeneeded = () => opening.result.createObjectStore('kv')
  opening.onsuccess = () => {
    const transact = (): IDBObjectStore =>
      opening.result.transaction('kv', 'readwrite', { durability: 'strict' }).objectStore('kv')
    const rows = transact()
    const visitor = newId()
    const first = rows.get(`${key}:m`)
    first.onsuccess = () => rows.put({ visitor, session: newId(), asks: [], pages: 1 }, `${key}:m`)
    rows.transaction.oncomplete = async () => {
      const answer = await fetch(`${base}v1/config?key=${key}`, { credentials: 'omit', redirect: 'error' })
      const { surveys } = (await answer.json()) as { surveys: Survey[] }
      const survey = surveys[0]!
      const loading = import(base + file) as Promise<Card>
      const claim = transact()
      for (const call of early) {
        const id = newId()
        claim.put(
          { id, name: call[1], visitor, at: new Date().toISOString(), url: document.URL },
          `${key}:q:${id}`,
        )
      }
      const known = claim.get(`${key}:m`)
      known.onsuccess = () => {
        const memory = known.result as { asks: object[] }
        memory.asks.push({ survey: survey.id, response: newId(), at: Date.now() })
        claim.put(memory, `${key}:m`)
      }
      claim.transaction.oncomplete = async () => {
        const card = await loading
        floor.open = () => void (floor.close = card.show(survey, rules))
        floor.open()
      }
    }
  }
}

/** The elements of Earshot's card with their attributes, its style sheet, its shadow root and its place; nothing happens when it is used. Returns what takes it away. */
function show(survey: Survey, rules: string): () => void {
  const question = survey.questions[0] as ScaleQuestion
  const ignore = (): void => {}
  const add = (
    parent: Node,
    type: string,
    attributes: Record<string, string>,
    text?: string,
  ): HTMLElement => {
    const element = document.createElement(type)
    for (const name in attributes) element.setAttribute(name, attributes[name]!)
    if (text !== undefined) element.append(text)
    parent.appendChild(element)
    return element
  }
  const part = (name: string): Record<string, string> => ({ class: name, part: name })
  const host = document.createElement('div')
  host.setAttribute('data-floor', '')
  host.setAttribute('lang', document.documentElement.lang || navigator.language)
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(rules)
  root.adoptedStyleSheets = [sheet]
  const section = document.createElement('section')
  for (const name of ['class', 'part']) section.setAttribute(name, 'card')
  section.setAttribute('dir', 'ltr')
  section.setAttribute('aria-label', 'Survey')
  const form = add(section, 'form', {})
  const field = add(form, 'fieldset', {})
  form.onsubmit = field.onkeydown = ignore
  add(field, 'legend', part('title'), question.title)
  const scale = add(field, 'div', part('scale wide'))
  scale.onclick = ignore
  for (let score = question.min; score <= question.max; score++) {
    const label = add(scale, 'label', part('tile'))
    const value = String(score)
    add(label, 'input', { ...part('score'), type: 'radio', name: question.id, value, 'aria-label': value })
    add(label, 'span', {}, value)
  }
  const ends = add(field, 'div', { ...part('ends'), 'aria-hidden': 'true' })
  add(ends, 'span', {}, question.low)
  add(ends, 'span', {}, question.high)
  const foot = add(section, 'p', part('foot'))
  add(foot, 'button', part('soft later'), 'Ask me later').onclick = ignore
  add(foot, 'button', part('soft never'), 'Don’t ask again').onclick = ignore
  add(add(section, 'p', { ...part('quiet'), role: 'status' }), 'span', {}, '')
  const fold = add(section, 'button', { ...part('fold'), 'aria-label': 'Minimise survey' })
  add(fold, 'span', {}, '−')
  fold.onclick = ignore
  add(section, 'button', { ...part('close'), 'aria-label': 'Close survey' }, '×').onclick = ignore
  root.append(section)
  root.addEventListener('keydown', ignore)
  root.addEventListener('focusin', ignore)
  host.popover = 'manual'
  document.documentElement.append(host)
  host.showPopover()
  return () => host.remove()
}

/** As in Earshot's own files: the browser compiles all of it while it loads. */
const hint = '//# allFunctionsCalledOnLoad\n'

/** Its files, by their names. */
export const floorFiles: Readonly<Record<'floor.js' | 'floor-card.js', string>> = {
  'floor.js': `${hint}(${String(begin)})(${JSON.stringify('floor-card.js')}, ${JSON.stringify(css)})`,
  'floor-card.js': `${hint}export ${String(show)}`,
}
