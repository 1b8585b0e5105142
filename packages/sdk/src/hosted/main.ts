/** The page behind a link of a message, with the card in the place of its form. Without this, or whatever it loads, the form stays and works. */
import type { HostedState } from '../core/hosted.ts'
import { otherKey } from '@earshot/contract'
import { isPaged } from '../core/rules/dress.ts'
import type { Showing } from '../core/model.ts'
import type { Card, CardHost, KindsChunk, MountCard, PagesChunk } from '../ports/card.ts'
import { createClock } from '../shell/clock.ts'
import { sdkVersion } from '../shell/version.ts'
import { createHostedQueue } from './queue.ts'
import { resuming } from './resuming.ts'

/** Beside what the script tag loads, by the same addresses. */
const load = <Chunk>(name: string): Promise<Chunk> =>
  import(/* @vite-ignore */ `../sdk/${sdkVersion}/${name}.js`)

const loadKinds = async (showing: Showing): Promise<KindsChunk | undefined> =>
  showing.paged === true
    ? (await load<PagesChunk>('kinds')).loadFor([showing.survey], (type) => load(`kind-${type}`))
    : undefined

const clock = createClock()
const main = document.querySelector('main')
const form = document.querySelector('form')
const host = (): HTMLElement | null => document.querySelector('[data-earshot]')
let state: HostedState
let card: Card | undefined
/** Whether the form was begun, or is on its way: then it goes on. */
let isBegun = false
/** What the link has chosen, until somebody confirms it. */
let chosen: HostedState['chosen'] = null
let mounts = 0

const queue = createHostedQueue({ path: location.pathname, query: location.search }, clock, {
  told(next, isNews) {
    state = next
    if (!isNews || !card) return
    if (next.isDone) finish()
    else if (!hasWords()) void mount()
  },
  line: (up) => card?.tell({ type: 'line', up }),
  // The page that the collector has for that says why.
  shut: () => location.reload(),
})

/** Whether something was typed that is recorded nowhere. */
const hasWords = (): boolean =>
  [...(host()?.shadowRoot?.querySelectorAll<HTMLInputElement>('[maxlength]') ?? [])].some(
    ({ value }) => value,
  )

/** The end, as the page itself says it. */
const finish = (): void => {
  const hadFocus = host() === document.activeElement
  const { title, text = '' } = state.thanks
  const heading = document.createElement('h1')
  heading.textContent = title
  heading.tabIndex = -1
  const lines = text.split(/\n+/).map((line) => {
    const paragraph = document.createElement('p')
    paragraph.textContent = line
    return paragraph
  })
  card?.destroy()
  card = undefined
  chosen = null
  main!.removeAttribute('data-card')
  main!.replaceChildren(heading, ...lines)
  if (hadFocus) heading.focus()
}

const confirm = (): void => {
  if (!chosen) return
  const { question, value, other } = chosen
  chosen = null
  void queue.act({ at: clock.now(), question, value, ...(other !== undefined && { other }), revision: 0 })
}

/** The survey as it stands: what is answered already, here or anywhere, is not asked again. */
const showingOf = (): Showing => {
  const { survey, response } = state
  const { answers } = queue.row()
  const given = Object.entries(
    chosen ? { ...answers, [chosen.question]: { ...chosen, revision: 0 } } : answers,
  )
  const about = { trigger: 'followup', layout: 'inline' } as const
  return {
    survey,
    response,
    about,
    wish: { survey: survey.id, cause: 'followup', into: 'main' },
    paged: isPaged(survey) || chosen?.isLast === true,
    progress: {
      response,
      at: clock.now(),
      version: survey.version,
      about,
      answers: Object.fromEntries(
        given.flatMap(([id, { value, other }]) => [
          [id, value],
          ...(other === undefined ? [] : [[otherKey(id), other]]),
        ]),
      ),
      revisions: Object.fromEntries(given.map(([id, { revision }]) => [id, revision])),
    },
  }
}

const mount = async (): Promise<void> => {
  const showing = showingOf()
  const [{ mountCard }, kinds] = await Promise.all([
    load<{ mountCard: MountCard }>('card'),
    loadKinds(showing),
  ])
  if (isBegun) return
  const cardHost: CardHost = {
    now: clock.now,
    // Of this page alone: it may be open twice, as it may be on two devices.
    lock: `hosted/${showing.response}/${performance.timeOrigin}/${(mounts += 1)}`,
    perform(effect) {
      if (effect.type !== 'record') return
      const { draft, at } = effect
      if (draft.type !== 'answer' && draft.type !== 'complete') return
      confirm()
      const done = draft.type === 'answer' ? { at, ...draft.data } : ({ at, end: true } as const)
      const own = card
      void queue
        .act(done)
        .then((durable) => (own ?? card)?.tell({ type: 'stored', event: draft as never, durable }))
    },
    command: () => {},
    locales: () => [showing.survey.locale],
    theme: () => state.theme,
    closed: () => (queue.row().isDone ? finish() : location.reload()),
  }
  card?.destroy()
  for (const old of document.querySelectorAll('[data-earshot]')) old.remove()
  card = mountCard(showing, false, cardHost, kinds && resuming(kinds, queue, chosen, clock))
  await card.ready
  if (isBegun) return host()?.remove()
  const name = document.createElement('h1')
  name.textContent = state.name
  main!.dataset['card'] = ''
  for (const old of document.querySelectorAll('main > *')) if (old !== host()) old.remove()
  main!.prepend(name)
}

/** What nobody but a person does, in front of the page. */
const hear = (event: Event): void => {
  const { type, key, target, isTrusted } = event as KeyboardEvent
  // The card stays: there is nothing behind it.
  if (key === 'Escape' && card) event.stopImmediatePropagation()
  if (!chosen || !card || !isTrusted || document.hidden || (type === 'keydown' && key !== 'Enter')) return
  const last = chosen.isLast && target !== host() && chosen.question
  confirm()
  // Whoever is on the card goes on there.
  if (last) card.tell({ type: 'next', at: clock.now(), page: last })
}

const start = async (): Promise<void> => {
  if (!main || !form) return
  for (const type of ['input', 'submit']) form.addEventListener(type, () => (isBegun = true))
  // Or before this was there to hear it.
  isBegun = [...form.querySelectorAll<HTMLInputElement>('input,textarea')].some(
    (each) => each.checked !== each.defaultChecked || each.value !== each.defaultValue,
  )
  const told = await queue.open()
  if (!told || isBegun) return
  state = told
  if (queue.row().isDone) return finish()
  chosen = told.chosen && Object.hasOwn(queue.row().answers, told.chosen.question) ? null : told.chosen
  await mount()
  for (const type of ['click', 'input', 'keydown']) addEventListener(type, hear, true)
  const back = (): unknown => document.hidden || queue.nudge()
  document.addEventListener('visibilitychange', back)
  for (const type of ['online', 'pageshow']) addEventListener(type, back)
}

start().catch(() => {})
