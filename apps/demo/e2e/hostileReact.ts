/** On the page: an app whose React draws the whole document, from `<html>` on, and takes it over when it is told to. Both sides of it are here. */
import { createElement as h, type ReactNode } from 'react'
import { hydrateRoot } from 'react-dom/client'

declare global {
  interface Window {
    /** Takes over what the server has drawn. */
    hydrate(): void
    /** Draws all of it anew. */
    redraw(): void
    /** What React had to mend, and how often its button was pressed. */
    mended: string[]
    pressed: number
  }
}

interface AppProps {
  /** Address and key of Earshot. */
  source: string
  siteKey: string
  turn?: number
}

/** The document. */
export function App({ source, siteKey, turn = 0 }: AppProps): ReactNode {
  return h(
    'html',
    { lang: 'en' },
    h('head', null, h('title', null, 'Host'), h('script', { async: true, src: source, 'data-key': siteKey })),
    h(
      'body',
      null,
      h('h1', null, `Host, turn ${turn}`),
      h('button', { id: 'press', onClick: () => window.pressed++ }, 'Press'),
      h('script', { src: '/react.js', defer: true }),
    ),
  )
}

if (typeof document !== 'undefined') {
  window.mended = []
  window.pressed = 0
  const tag = document.querySelector<HTMLScriptElement>('script[data-key]')!
  const props = { source: tag.src, siteKey: tag.dataset['key']! }
  let root: ReturnType<typeof hydrateRoot> | undefined
  window.hydrate = () => {
    root = hydrateRoot(document, h(App, props), {
      onRecoverableError: (error) => void window.mended.push(String(error)),
    })
  }
  window.redraw = () => root?.render(h(App, { ...props, turn: 1 }))
}
