/** The page of the preview: a small host page that runs Earshot as a customer's page does, with one survey. */
import type { Survey, Theme } from '@earshot/contract'
import { createEarshot, type Earshot } from '@earshot/sdk'
import { previewCollector, takeRequests } from './line.ts'
import type { Show, Told } from './messages.ts'

const tell = (message: Told): void => parent.postMessage(message, '*')
const line = takeRequests((events) => tell({ type: 'sent', events }))

keepFocusOutside()

let earshot: Earshot | null = null
let shown: Show | null = null

addEventListener('message', ({ data, source }: MessageEvent<Show>) => {
  if (source === parent) show(data)
})
tell({ type: 'ready' })

function show(next: Show): void {
  const { survey, view } = next
  const root = document.documentElement
  root.dir = view.rtl ? 'rtl' : 'ltr'
  root.dataset['scheme'] = view.scheme
  root.dataset['line'] = view.offline ? 'cut' : 'open'
  line.open = !view.offline
  const before = shown
  shown = next
  if (earshot && before && isSame(before, next)) {
    // What only changes how it looks and speaks does so on the card that is there.
    if (before.view.language !== view.language) earshot.setLocale(localeOf(next))
    earshot.setTheme(themeOf(next))
    // What a browser says when its network is back.
    if (before.view.offline && !view.offline) dispatchEvent(new Event('online'))
    return
  }
  earshot?.destroy()
  tell({ type: 'began' })
  earshot = start(next)
  earshot.show(survey.id, { force: true, ...(isInline(survey) && { into: '#place' }) })
}

function start(next: Show): Earshot {
  const client = createEarshot({
    key: 'pk_playground',
    collector: previewCollector,
    served: false,
    consent: 'implied',
    surveys: [next.survey],
    locale: localeOf(next),
    settings: { ...next.settings, theme: themeOf(next) },
  })
  client.on('queued', ({ id, type }) => tell({ type: 'queued', id, kind: type }))
  client.on('suppressed', ({ reason }) => tell({ type: 'suppressed', reason }))
  return client
}

function isSame(one: Show, other: Show): boolean {
  const text = ({ survey, settings, round }: Show): string =>
    JSON.stringify([survey, { ...settings, theme: null }, round])
  return text(one) === text(other)
}

const localeOf = ({ survey, view }: Show): string => view.language || survey.locale

const isInline = ({ layout, variants }: Survey): boolean =>
  layout === 'inline' || variants?.some((each) => each.layout === 'inline') === true

/** A theme that goes with the visitor's system gets what the switch says: no page can change the system. */
function themeOf({ settings: { theme = {} }, view }: Show): Theme {
  const isFixed = theme.scheme === 'light' || theme.scheme === 'dark'
  return isFixed ? theme : { ...theme, scheme: view.scheme }
}

/** A survey that is shown by command takes the focus. Whoever types in the form beside it keeps it. */
function keepFocusOutside(): void {
  const { focus } = HTMLElement.prototype
  HTMLElement.prototype.focus = function (options) {
    if (document.hasFocus()) focus.call(this, options)
  }
}
