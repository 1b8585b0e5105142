/** What a hostile page is, what must hold on it, and what it is written with. */

/** What must hold on every page. The names stand in the findings of a test. */
export type Promised =
  /** The card appears when it is asked for, and is wholly in view. */
  | 'visible'
  /** It looks as it does on a clean page, pixel by pixel, before and after the score. */
  | 'look'
  /** It is as large, and where it is on a clean page. */
  | 'place'
  /** Score and comment can be given by mouse and keyboard. */
  | 'answer'
  /** One response is stored, with the same events as from a clean page. */
  | 'stored'
  /** It goes away when it is closed. */
  | 'closes'
  /** The document outside of our root is what it is without us. */
  | 'document'
  /** So are the page's globals and all prototypes, our own name aside. */
  | 'globals'
  /** So are the listeners of window, document, html, body and navigation, once we are destroyed. */
  | 'listeners'
  /** So are cookies and storage. */
  | 'storage'
  /** Focus stays when the card appears, and is given back when it goes. */
  | 'focus'
  /** Nothing scrolls. */
  | 'scroll'
  /** No uncaught error, no rejection that nobody handles. */
  | 'errors'
  /** Not a word on the console. */
  | 'console'
  /** No report of a Content Security Policy. */
  | 'policy'
  /** The page looks as it does without us: equal bytes, outside of an open card. */
  | 'page'
  /** What the page itself watches for, by `check`. */
  | 'own'

export interface HostilePage {
  name: string
  doctype?: string
  /** Attributes. */
  html?: string
  bodyAttributes?: string
  head?: string
  /** After the sample. */
  body?: string
  /** The whole text instead, with `TAG` where Earshot's is. */
  whole?: string
  type?: string
  headers?: Readonly<Record<string, string>>
  /** More attributes of the script tag, or the whole tag, with `COLLECTOR`, `KEY`, `OTHER` (another version) and `STUB` (the queue) to be filled in. */
  tag?: string
  tagAt?: 'head' | 'body'
  /** What happens on the page when it is loaded, before anything is asked. */
  arrive?: () => unknown
  /** How the page asks for the survey, if not plainly. */
  ask?: () => void
  /** What happens while the comment is half written. */
  meanwhile?: () => unknown
  /** A value that the page computes in the end, and what it must be. */
  check?: { of: () => unknown; is: unknown }
  /** Whether the page runs from right to left, so that the card stands in the other corner. */
  mirrored?: boolean
  /** Why the look cannot be that of the clean page. */
  otherLook?: string
  /** Why the page itself is not as it is without us. */
  excused?: Partial<Record<Promised, string>>
  /** Why the page is not compared by pixel as well. */
  unpictured?: string
  survey?: 'nps' | 'nps-ar'
  /** What the card calls its buttons, where it does not speak English. */
  names?: { send: string; close: string }
  /** Why nothing has the focus when the card comes. */
  unfocused?: string
}

export const sheet = (file: string): string => `<link rel="stylesheet" href="/npm/${file}" />`
export const style = (css: string): string => `<style>${css}</style>`
/** Inline, and valid as XML too. */
export const script = (code: string): string => `<script>/*<![CDATA[*/${code}/*]]>*/</script>`
/** The header of a policy. */
export const csp = (policy: string): Readonly<Record<string, string>> => ({
  'content-security-policy': policy,
})
/** The tag of Earshot, as the documentation has it. */
export const ourTag = '<script async src="COLLECTOR/earshot.js" data-key="KEY"></script>'
