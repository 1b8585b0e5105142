/** Puts the card on the page and takes it away: shadow root, top layer, focus, and what was really seen. The lazy chunk. */
import { render, type JSX } from 'preact'
import type { FlowInput } from '../core/flow.ts'
import type { DismissReason } from '../core/emission.ts'
import type { MountCard } from '../ports/card.ts'
import type { Act, Body } from './body.ts'
import { drawCard } from './card.tsx'
import { css } from './card.css.ts'
import { h } from './h.ts'
import type { Place } from './place.ts'
import type * as Few from './places/main.ts'
import { createPlain } from './plain.tsx'
import { speaksEnglish } from './speaksEnglish.ts'
import { english, type Strings } from './strings.ts'
import { watchVisible } from './visible.ts'

/** Thanks go away by themselves after this span, unless somebody is on the card. */
const thanksStay = 20_000
/** After the first frames, on a slow device too: until then only what is seen is worth the page's time. A live region is known by then. */
const settling = 300
/** A tab that is opened right after is not to go on with the same survey. */
const holding = 100
/** As long as the way out takes by the style sheet. */
const leaving = 160

/** Lets the chunk that few cards need do something. */
const few = (work: (chunk: typeof Few) => unknown): Promise<unknown> => import('./places/main.ts').then(work)

/** Mounts the card of a showing, and runs its flow. */
export const mountCard: MountCard = (showing, offline, cardHost, kinds) => {
  const { survey, about, wish } = showing
  const layout = wish?.into ? 'inline' : (about.layout ?? '')
  const host = document.createElement('div')
  const root = host.attachShadow({ mode: 'open' })
  const end = new AbortController()
  const { signal } = end
  const words = (): Place['words'] => place.words
  const strings = (): Strings => words().card ?? english
  const inside = kinds ? (kinds.createKinds(h as never, words) as Body) : createPlain(strings)
  let flow = inside.start(showing, offline)
  let isDrawn = false
  let folded: boolean | undefined
  let status = ''
  let returnTo: HTMLElement | undefined
  let thanksTimer: ReturnType<typeof setInterval> | undefined

  const find = (selector: string): HTMLElement | null => root.querySelector(selector)
  const toQuestion = (): void => {
    const to = find('.to,input,textarea')
    // Firefox gives a legend the focus only where it has been laid out, and does not see to that itself.
    if (to?.getClientRects()) to.focus()
  }

  const tell = (input: FlowInput): void => {
    const before = flow.stage
    if (input.type === 'looks') return void few((chunk) => chunk.dress(place)).then(draw, draw)
    const next = inside.step(flow, input)
    flow = next.flow
    next.effects.forEach(cardHost.perform)
    if (before === 'closed') return
    status = next.say || status
    if (flow.stage === 'thanks') {
      const { title, text } = flow.survey.thanks
      status = `${title} ${flow.offline ? strings().offline : (text ?? '')}`
      thanksTimer ??= setInterval(
        () => root.activeElement || host.matches(':hover') || act({ type: 'dismiss', reason: 'close' }),
        thanksStay,
      )
    }
    if (flow.stage === 'closed') close()
    // Drawing comes after the write was ordered, which is one promise away.
    else queueMicrotask(draw)
  }

  const act = (input: Act): void => tell({ at: cardHost.now(), ...input } as FlowInput)

  /** From a tab the way out leads back to it. */
  const dismiss = (reason: DismissReason): void =>
    place.isTab && flow.stage === 'ask' ? fold(true) : act({ type: 'dismiss', reason })

  const fold = (next: boolean): void => {
    folded = next
    draw()
    place.folded?.(next)
    // Opened by the respondent's own hand.
    if (!next && root.activeElement) toQuestion()
  }

  const draw = (): void => {
    if (!isDrawn) return
    const hadFocus = root.activeElement
    const { dir = 'ltr' } = words()
    const body = (): JSX.Element => inside.body({ flow, act, draw })
    host.lang = flow.survey.locale
    render(
      drawCard(flow, strings(), dir, status, folded, place.isTab, body, fold, dismiss, leave),
      place.target,
    )
    // The element that had focus is gone, and the respondent was on the card: keep them there.
    if (hadFocus && !root.activeElement) toQuestion()
  }

  /** Somebody who turns it down has seen it. */
  const leave = (type: 'snooze' | 'optOut'): void => {
    act({ type: 'displayed' })
    destroy()
    cardHost.command({ type })
  }

  const destroy = (): void => {
    if (signal.aborted) return
    // On its way out it is still there to be clicked, and means nothing any more.
    flow = { ...flow, stage: 'closed' }
    const hadFocus = root.activeElement
    end.abort()
    clearInterval(thanksTimer)
    release()
    place.detach?.()
    if (hadFocus) returnTo?.focus({ preventScroll: true })
    // It may be gone by now.
    if (returnTo && root.activeElement) guard()
    find('.card')?.classList.add('out')
    setTimeout(() => host.remove(), leaving)
  }

  const close = (): void => {
    if (signal.aborted) return
    destroy()
    cardHost.closed()
  }

  const escape = (): void => {
    if (![...root.querySelectorAll<HTMLInputElement>('[maxlength]')].some((field) => field.value))
      dismiss('escape')
  }

  let release = (): void => {}
  /** On one tab only: the later one steals the lock, and the card of the earlier goes without a word. */
  const hold = (how: LockOptions): void => {
    if (signal.aborted) return
    // Let go before it is given, it goes as soon as it is.
    const held = new Promise<void>((resolve) => (release = resolve))
    navigator.locks
      ?.request(`earshot:${cardHost.lock}/${survey.id}`, how, () => held)
      .catch((error: Error) => error.name === 'AbortError' && close())
  }

  const place: Place = {
    showing,
    cardHost,
    host,
    root,
    signal,
    sheets: [],
    target: root,
    words: {},
    // On <html>, because frameworks swap the body; as a manual popover, because the top layer wins over any z-index.
    attach() {
      host.popover = 'manual'
      document.documentElement.append(host)
      host.showPopover?.()
    },
    speak({ survey: worded, words: next, wording }) {
      if (flow.stage !== 'ask') return
      flow = { ...flow, survey: worded, about: { ...flow.about, wording } }
      place.words = next
    },
    escape,
    close,
    fold,
    hold,
  }

  /** Keys typed here are not the page's, and a focus trap of the page shall not pull the respondent out. */
  const keep = (event: Event): void => {
    event.stopPropagation()
    const { type, key, target, relatedTarget } = event as KeyboardEvent &
      Record<'target' | 'relatedTarget', HTMLElement>
    place.last = target
    // What is in a dialog that has just closed cannot take the focus any more.
    if (type === 'focusin' && relatedTarget?.getClientRects()[0] && !root.contains(relatedTarget))
      (place.from = new Range()).selectNode((returnTo = relatedTarget))
    if (type !== 'keydown' || key !== 'Escape') return
    // A dialog of the page that the card is in does not close by it.
    event.preventDefault()
    escape()
  }

  let guarded: Promise<unknown> | undefined
  /**
   * Sees to a page that puts its focus behind the card or a dialog before it, takes it away, or comes back. Without the
   * code for that the card stays as it is.
   */
  const guard = (event?: Partial<PageTransitionEvent>): unknown =>
    event?.target === host ||
    event?.persisted === false ||
    (guarded ??= few((chunk) => chunk.keep(place, event)).catch(draw))

  const listen = (target: EventTarget | null, types: string, hear: (event: never) => void): void => {
    for (const type of types.split(' '))
      target?.addEventListener(type, hear as EventListener, { signal, capture: target !== root })
  }

  let stopWatching = (): void => {}
  const show = (): void => {
    if (signal.aborted) return
    host.dataset['earshot'] ??= layout
    root.adoptedStyleSheets = [css + inside.css, ...place.sheets].map((rules) => {
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(rules)
      return sheet
    })
    folded = place.isTab
    // First of all: where a page's timers throw, no half card is left.
    setTimeout(settle, settling)
    const timer = setTimeout(hold, holding, { steal: true })
    release = () => clearTimeout(timer)
    listen(window, 'pageshow', guard)
    // A held lock may keep a page from being kept for the way back.
    listen(window, 'pagehide', () => release())
    listen(root, 'keydown keyup keypress beforeinput input focusin focusout', keep)
    isDrawn = true
    draw()
    try {
      place.attach()
    } catch (error) {
      destroy()
      throw error
    }
    const removal = new MutationObserver(() => host.isConnected || guard())
    removal.observe(document.documentElement, { childList: true })
    signal.onabort = () => {
      removal.disconnect()
      stopWatching()
    }
    if (wish?.force === true && !folded) toQuestion()
  }

  /** All that a card needs which is on the screen. What happened to it before is looked for once. */
  const settle = (): void => {
    if (signal.aborted) return
    listen(window, 'focusin toggle', guard)
    listen(visualViewport, 'resize scroll', guard)
    stopWatching = watchVisible(find('.card')!, () => act({ type: 'displayed' }))
    if (!host.isConnected || document.querySelector('dialog:modal,:focus-visible')) guard()
    const card = find('.card')!
    // A live region speaks only of changes after it was there.
    status ||= `${strings().survey}: ${find('legend,h2,label')?.textContent}`
    // What is out of sight must be in reach of keys.
    if (card.scrollHeight > card.clientHeight) card.tabIndex = 0
    draw()
  }

  const isUsual = !layout && speaksEnglish(survey, cardHost.locales()) && !cardHost.theme?.()
  const ready = isUsual ? (show() as undefined) : few((chunk) => chunk.prepare(place, layout)).then(show)
  return { ready, tell, destroy }
}
