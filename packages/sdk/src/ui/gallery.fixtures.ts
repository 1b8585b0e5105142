/** Every state that a card can be in, and how it gets there. Tests and the gallery of the demo show the same. */
import { languages, type AnswerValue, type Question, type Survey } from '@earshot/contract'
import type { FlowEffect, FlowInput } from '../core/flow.ts'
import type { Showing } from '../core/model.ts'
import { isPaged } from '../core/rules/dress.ts'
import type { Instant } from '../core/time.ts'
import type { Card } from '../ports/card.ts'
import { galleryTypes, type GalleryType } from './galleryTypes.fixtures.ts'
import { loadKinds } from './kinds/files.ts'
import { mountCard } from './mount.tsx'

export { galleryTypes, type GalleryType }
export { languages as galleryLanguages }

/** A card on the page. */
export interface Shown {
  type: GalleryType
  survey: Survey
  card: Card
  host: HTMLElement
  root: ShadowRoot
  effects: readonly FlowEffect[]
  find(selector: string): HTMLElement
  tell(input: FlowInput): void
  /** Takes it away at once, without the way out. */
  remove(): void
}

export interface GalleryState {
  id: string
  title: string
  /** Which types can be in it; default all. */
  fits?(type: GalleryType): boolean
  /** Where the card is; default in the corner, which is a sheet on a screen of up to 480 pixels. */
  layout?: NonNullable<Survey['layout']>
  /** Whether no answer can be delivered. */
  offline?: boolean
  /** Whether the store never says that it has an answer. */
  unstored?: boolean
  /** Brings a card that has just been asked into the state. */
  reach?(shown: Shown): void
}

export interface ShowOptions {
  /** Languages that are wanted; default English. */
  locales?: readonly string[]
  scheme?: 'light' | 'dark' | undefined
  /** CSS selector of the element that an inline card is put into. */
  into?: string
  /** The respondent has closed it. */
  closed?(): void
  /** What the flow orders. */
  perform?(effect: FlowEffect): void
}

const at = 1 as Instant
function first({ survey }: { survey: Survey }): Question {
  const [question] = survey.questions
  if (!question) throw new Error(`"${survey.id}" asks nothing`)
  return question
}
const isText = (type: GalleryType): boolean => first(type).kind === 'text'
const isChosen = (type: GalleryType): boolean => /scale|choice|yesno/.test(first(type).kind)
const isScored = (type: GalleryType): boolean => first(type).kind === 'scale'
const isOffered = (type: GalleryType): boolean => ['nps', 'csat-stars', 'choice'].includes(type.id)

/** An answer that fits. */
function answerTo(question: Question): AnswerValue | undefined {
  if (question.kind === 'scale') return question.max - 1
  if (question.kind === 'yesno') return true
  if (question.kind === 'choice') return question.options.slice(0, question.least ?? 1).map((each) => each.id)
  if (question.kind !== 'text') return undefined
  const texts = {
    email: 'ada@example.com',
    number: 120,
    short: 'Ada',
    long: 'The blade could be a little longer.',
  }
  return texts[question.input ?? 'long']
}

/** Writes into a field as somebody does. */
function write(shown: Shown, selector: string, text: string): void {
  const field = shown.find(selector) as HTMLInputElement
  field.value = text
  field.dispatchEvent(new InputEvent('input', { bubbles: true }))
}

/** Chooses as keys do: nothing goes on by itself. */
function choose(shown: Shown): void {
  const question = first(shown)
  if (question.kind === 'text') return write(shown, '.field', String(answerTo(question)))
  const given = answerTo(question)
  for (const value of Array.isArray(given) ? given : [given])
    shown.find(`input[value="${String(value)}"]`).click()
}

/** Goes on by the button of the card. */
const submit = ({ root }: Shown): void => root.querySelector('form')?.requestSubmit()

function answerFirst(shown: Shown): void {
  const { id } = first(shown)
  const value = answerTo(first(shown))
  if (value !== undefined) shown.tell({ type: 'answer', at, question: id, value })
  shown.tell({ type: 'next', at, page: id })
}

function finish(shown: Shown): void {
  answerFirst(shown)
  if (!isPaged(shown.survey)) return shown.tell({ type: 'finish', at, texts: {} })
  for (const { id } of shown.survey.questions) shown.tell({ type: 'next', at, page: id })
}

export const galleryStates: readonly GalleryState[] = [
  { id: 'asked', title: 'Asked' },
  {
    id: 'focused',
    title: 'In focus',
    reach: ({ find }) => find('input,textarea,.send').focus({ focusVisible: true }),
  },
  { id: 'chosen', title: 'Chosen or written', fits: (type) => isChosen(type) || isText(type), reach: choose },
  {
    id: 'other',
    title: 'In own words',
    fits: (type) => type.id.startsWith('choice'),
    reach(shown) {
      shown.find('input[value=other]').click()
    },
  },
  { id: 'follow-up', title: 'Follow-up open', fits: isScored, reach: answerFirst },
  {
    id: 'counted',
    title: 'Counter near its end',
    fits: (type) => type.id === 'long',
    reach: (shown) => write(shown, '.field', 'A handle of ash would be lovely. '.repeat(6).slice(0, 188)),
  },
  { id: 'missing', title: 'Answer missing', fits: (type) => first(type).required === true, reach: submit },
  {
    id: 'misfit',
    title: 'Answer does not fit',
    fits: (type) => isText(type) || type.id === 'choices',
    reach(shown) {
      if (isText(shown.type)) write(shown, '.field', shown.type.id === 'number' ? 'many' : 'a')
      else shown.find('input').click()
      submit(shown)
    },
  },
  { id: 'saving', title: 'Sent, not yet stored', fits: isScored, unstored: true, reach: finish },
  { id: 'thanks', title: 'Thanks', reach: finish },
  { id: 'offline', title: 'Thanks, offline', offline: true, reach: finish },
  {
    id: 'minimised',
    title: 'Made small',
    fits: isOffered,
    reach({ find }) {
      find('.fold').click()
    },
  },
  { id: 'inline', title: 'In the page', fits: isOffered, layout: 'inline' },
  { id: 'modal', title: 'As a dialog', fits: isOffered, layout: 'modal' },
  { id: 'tab', title: 'Behind a tab', fits: isOffered, layout: 'tab' },
  {
    id: 'tab-open',
    title: 'Tab opened',
    fits: isOffered,
    layout: 'tab',
    reach({ find }) {
      find('.fold').click()
    },
  },
  { id: 'page', title: 'A page of its own', layout: 'page' },
]

/** Which states a type can be in. */
export const statesOf = (type: GalleryType): GalleryState[] =>
  galleryStates.filter(({ fits }) => !fits || fits(type))

/** Until all that was ordered is drawn: what is told to screen readers comes a turn after the card. */
const drawn = (): Promise<void> => new Promise((go) => setTimeout(go))

/** Shows a card of a type in a state. */
export async function showCard(
  type: GalleryType,
  state: GalleryState,
  { locales = ['en'], scheme, into, closed = () => {}, perform = () => {} }: ShowOptions = {},
): Promise<Shown> {
  const effects: FlowEffect[] = []
  const { survey } = type
  const layout = state.layout
  const showing: Showing = {
    survey,
    response: 'gallery',
    about: { trigger: 'show', ...(layout && { layout }) },
    paged: isPaged(survey),
    ...(layout === 'inline' && into && { wish: { survey: survey.id, cause: 'show' as const, into } }),
  }
  const kinds = showing.paged === true ? await loadKinds([survey]) : undefined
  const before = new Set(document.querySelectorAll('[data-earshot]'))
  const card = mountCard(
    showing,
    state.offline === true,
    {
      now: () => at,
      // Cards of several frames stand on one origin, and one must not take the survey from another.
      lock: crypto.randomUUID(),
      perform(effect) {
        effects.push(effect)
        perform(effect)
        if (effect.type !== 'record' || state.unstored) return
        queueMicrotask(() => card.tell({ type: 'stored', event: effect.draft as never, durable: true }))
      },
      command: closed,
      locales: () => locales,
      theme: () => scheme && { scheme },
      closed,
    },
    kinds,
  )
  await card.ready
  const host = [...document.querySelectorAll<HTMLElement>('[data-earshot]')].find((each) => !before.has(each))
  if (!host?.shadowRoot) throw new Error(`"${type.id}" is not on the page in the state "${state.id}"`)
  const root = host.shadowRoot
  const shown: Shown = {
    type,
    survey,
    card,
    host,
    root,
    effects,
    find(selector) {
      const found = root.querySelector<HTMLElement>(selector)
      if (!found) throw new Error(`there is no "${selector}" on the card "${type.id}" in "${state.id}"`)
      return found
    },
    tell: (input) => card.tell(input),
    remove() {
      card.destroy()
      host.remove()
    },
  }
  await drawn()
  state.reach?.(shown)
  await drawn()
  return shown
}

/** A stage with one card at a time. */
export interface Stage {
  /** Shows a card by the id of its type and of its state, which is `asked` where none is given. */
  show(type: string, state?: string, options?: ShowOptions): Promise<Shown>
  /** Takes the card away. */
  clear(): void
}

export function createStage(): Stage {
  let shown: Shown | undefined
  const clear = (): void => shown?.remove()
  return {
    clear,
    async show(id, state = 'asked', options) {
      clear()
      const type = galleryTypes.find((each) => each.id === id)
      if (!type) throw new Error(`there is no type "${id}"`)
      const wanted = statesOf(type).find((each) => each.id === state)
      if (!wanted) throw new Error(`"${id}" is never "${state}"`)
      shown = await showCard(type, wanted, options)
      return shown
    },
  }
}
