/** Puts the card on the page and takes it away: shadow root, top layer, focus, and what was really seen. The lazy chunk. */
import { h, render } from 'preact'
import { type FlowInput, startFlow, stepFlow } from '../core/flow.ts'
import type { DismissReason } from '../core/model.ts'
import type { MountCard } from '../ports.ts'
import { CardBody } from './card.tsx'
import { css } from './card.css.ts'
import { watchVisible } from './visible.ts'
import { english } from './strings.ts'

/** Thanks go away by themselves after this span, unless somebody is on the card. */
const thanksStay = 20_000
/** As long as the way out takes by the style sheet. */
const leaving = 160
const rightToLeft = /^(ar|he|fa|ur)\b/

/** Mounts the card of a showing, and runs its flow. */
export const mountCard: MountCard = (showing, offline, cardHost) => {
  // On <html>, because frameworks swap the body; as a manual popover, because the top layer wins over any z-index.
  const host = document.createElement('div')
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets = [sheet]
  const strings = english
  const { locale, questions } = showing.survey
  const dir = rightToLeft.test(locale) ? 'rtl' : 'ltr'
  let flow = startFlow(showing, offline)
  let pending: Record<string, number> = {}
  let status = ''
  let returnTo: HTMLElement | null = null
  let thanksTimer = 0

  const tell = (input: FlowInput): void => {
    const before = flow.stage
    const next = stepFlow(flow, input)
    flow = next.flow
    for (const effect of next.effects) cardHost.perform(effect)
    if (before === 'closed') return
    if (input.type === 'stored' && input.event.type === 'answer') status = strings.saved
    if (before !== 'thanks' && flow.stage === 'thanks') {
      const { title, text } = showing.survey.thanks
      status = `${title} ${flow.offline ? strings.offline : (text ?? '')}`
      thanksTimer = window.setTimeout(leaveThanks, thanksStay)
    }
    // Drawing comes after the write was ordered, which is one promise away.
    if (flow.stage !== 'closed') return queueMicrotask(draw)
    destroy()
    cardHost.closed()
  }

  const draw = (): void => {
    const hadFocus = root.activeElement !== null
    render(
      <CardBody
        flow={flow}
        strings={strings}
        dir={dir}
        pending={pending}
        status={status}
        onChoose={choose}
        onSubmit={submit}
        onClose={() => dismiss('close')}
      />,
      root,
    )
    // The element that had focus is gone, and the respondent was on the card: keep them there.
    if (hadFocus && !root.activeElement) root.querySelector('h2')?.focus()
  }

  const choose = (question: string, value: number, byPointer: boolean): void => {
    const { [question]: _confirmed, ...rest } = pending
    pending = byPointer || flow.answers[question] === value ? rest : { ...rest, [question]: value }
    if (byPointer) tell({ type: 'answer', at: cardHost.now(), question, value })
    draw()
  }

  const submit = (form: HTMLFormElement): void => {
    const unconfirmed = Object.entries(pending)
    for (const [question, value] of unconfirmed) choose(question, value, true)
    if (unconfirmed.length) return
    const fields = [...form.querySelectorAll('textarea')]
    const texts = Object.fromEntries(fields.map((field) => [field.name, field.value]))
    tell({ type: 'finish', at: cardHost.now(), texts })
  }

  const dismiss = (reason: DismissReason): void => tell({ type: 'dismiss', at: cardHost.now(), reason })

  /** Keys typed here are not the page's, and a focus trap of the page shall not pull the respondent out. */
  const keep = (event: Event): void => {
    event.stopPropagation()
    const { type, key, relatedTarget } = event as KeyboardEvent & FocusEvent
    if (type === 'focusin' && relatedTarget instanceof HTMLElement && relatedTarget.getRootNode() !== root)
      returnTo = relatedTarget
    if (type !== 'keydown' || key !== 'Escape') return
    const draft = [...root.querySelectorAll('textarea')].some((field) => field.value.trim())
    // Escape never throws away what somebody has written; the close button does.
    if (!draft) dismiss('escape')
  }

  const leaveThanks = (): void => {
    const busy = root.activeElement || host.matches(':hover')
    if (busy) thanksTimer = window.setTimeout(leaveThanks, thanksStay)
    else dismiss('close')
  }

  const destroy = (): void => {
    // On its way out it is still there to be clicked, and means nothing any more.
    flow = { ...flow, stage: 'closed' }
    clearTimeout(thanksTimer)
    stopWatching()
    if (root.activeElement) returnTo?.focus()
    root.querySelector('.card')?.classList.add('out')
    setTimeout(() => {
      render(null, root)
      host.remove()
    }, leaving)
  }

  for (const type of ['keydown', 'keyup', 'keypress', 'input', 'focusin', 'focusout'])
    root.addEventListener(type, keep)
  host.setAttribute('data-earshot', '')
  host.setAttribute('popover', 'manual')
  host.lang = locale
  host.dir = dir
  document.documentElement.append(host)
  host.showPopover?.()
  const stopWatching = watchVisible(host, () => tell({ type: 'displayed', at: cardHost.now() }))
  draw()
  // A live region speaks only of changes after it was there.
  setTimeout(() => {
    status ||= `${strings.survey}: ${questions[0]?.title}`
    if (flow.stage !== 'closed') draw()
  })
  return { tell, destroy }
}
