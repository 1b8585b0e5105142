/** Puts the card on the page and takes it away: shadow root, top layer, focus, and what was really seen. The lazy chunk. */
import { h, render, type JSX } from 'preact'
import type { FlowInput } from '../core/flow.ts'
import type { DismissReason } from '../core/model.ts'
import type { MountCard } from '../ports.ts'
import type { Act, Body } from './body.ts'
import { drawCard } from './card.tsx'
import { css } from './card.css.ts'
import { createPlain } from './plain.tsx'
import { english as strings } from './strings.ts'
import { watchVisible } from './visible.ts'

/** Thanks go away by themselves after this span, unless somebody is on the card. */
const thanksStay = 20_000
/** As long as the way out takes by the style sheet. */
const leaving = 160
const rightToLeft = /^(ar|he|fa|ur)\b/

/** Mounts the card of a showing, and runs its flow. */
export const mountCard: MountCard = (showing, offline, cardHost, kinds) => {
  const { id, locale } = showing.survey
  const inside = kinds ? (kinds.createKinds(h as never) as Body) : createPlain()
  let flow = inside.start(showing, offline)
  // On <html>, because frameworks swap the body; as a manual popover, because the top layer wins over any z-index.
  const host = document.createElement('div')
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css + inside.css)
  root.adoptedStyleSheets = [sheet]
  const dir = rightToLeft.test(locale) ? 'rtl' : 'ltr'
  let status = ''
  let returnTo: HTMLElement | null = null
  let thanksTimer: ReturnType<typeof setInterval> | undefined
  let release!: () => void
  const gone = new Promise<void>((resolve) => (release = resolve))

  const tell = (input: FlowInput): void => {
    const before = flow.stage
    const next = inside.step(flow, input)
    flow = next.flow
    next.effects.forEach(cardHost.perform)
    if (before === 'closed') return
    status = next.say || status
    if (flow.stage === 'thanks') {
      const { title, text } = flow.survey.thanks
      status = `${title} ${flow.offline ? strings.offline : (text ?? '')}`
      thanksTimer ??= setInterval(
        () => root.activeElement || host.matches(':hover') || dismiss('close'),
        thanksStay,
      )
    }
    if (flow.stage === 'closed') close()
    // Drawing comes after the write was ordered, which is one promise away.
    else queueMicrotask(draw)
  }

  const act = (input: Act): void => tell({ at: cardHost.now(), ...input } as FlowInput)

  const dismiss = (reason: DismissReason): void => act({ type: 'dismiss', reason })

  const draw = (): void => {
    const hadFocus = root.activeElement
    const body = (): JSX.Element => inside.body({ flow, act, draw })
    render(
      drawCard(flow, strings, dir, status, body, () => dismiss('close')),
      root,
    )
    // The element that had focus is gone, and the respondent was on the card: keep them there.
    if (hadFocus && !root.activeElement) root.querySelector<HTMLElement>('.to')?.focus()
  }

  /** Keys typed here are not the page's, and a focus trap of the page shall not pull the respondent out. */
  const keep = (event: Event): void => {
    event.stopPropagation()
    const { type, key, relatedTarget } = event as KeyboardEvent & FocusEvent
    if (type === 'focusin' && relatedTarget && !root.contains(relatedTarget as Node))
      returnTo = relatedTarget as HTMLElement | null
    // Escape never throws away what somebody has written; the close button does.
    if (
      type === 'keydown' &&
      key === 'Escape' &&
      ![...root.querySelectorAll<HTMLInputElement>('[maxlength]')].some((field) => field.value)
    )
      dismiss('escape')
  }

  const close = (): void => {
    destroy()
    cardHost.closed()
  }

  const destroy = (): void => {
    // On its way out it is still there to be clicked, and means nothing any more.
    flow = { ...flow, stage: 'closed' }
    clearInterval(thanksTimer)
    stopWatching()
    release()
    if (root.activeElement) returnTo?.focus()
    root.firstElementChild!.className += ' out'
    setTimeout(() => host.remove(), leaving)
  }

  for (const type of ['keydown', 'keyup', 'keypress', 'input', 'focusin', 'focusout'])
    root.addEventListener(type, keep)
  host.dataset['earshot'] = showing.about.layout ?? ''
  host.popover = 'manual'
  host.lang = locale
  host.dir = dir
  document.documentElement.append(host)
  host.showPopover?.()
  const stopWatching = watchVisible(host, () => act({ type: 'displayed' }))
  draw()
  // A live region speaks only of changes after it was there.
  setTimeout(() => {
    status ||= `${strings.survey}: ${root.querySelector('legend,h2,label')?.textContent}`
    draw()
  })
  // On one tab only: the later one steals the lock, and the card of the earlier goes without a word.
  navigator.locks
    ?.request(`earshot:${cardHost.lock}/${id}`, { steal: true }, () => gone)
    .catch((error: Error) => error.name === 'AbortError' && close())
  return { tell, destroy }
}
