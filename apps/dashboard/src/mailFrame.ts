/** Shows a message that the page around this frame tells of, as a mail program shows it: no link leads anywhere, no script runs. */

/** What is shown. */
export interface Letter {
  html: string
  scheme: 'light' | 'dark'
}

interface Policies {
  trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createHTML(text: string): string },
    ): { createHTML(text: string): string }
  }
}
// What is parsed runs nothing: the policy of this page lets no script of it in, and the parser starts none.
const policy = (globalThis as Policies).trustedTypes?.createPolicy('earshot-mail', {
  createHTML: (text) => text,
}) ?? { createHTML: (text: string) => text }

addEventListener('message', ({ data, source }: MessageEvent<Letter>) => {
  if (source !== parent) return
  const { html, scheme } = data
  // Which colours the system has is said here, and not by the system of who looks at it.
  const media = scheme === 'dark' ? '(min-width: 0)' : '(width < 0)'
  const text = html.replaceAll(/\(prefers-color-scheme: ?dark\)/g, media)
  const shown = new DOMParser().parseFromString(policy.createHTML(text), 'text/html')
  document.replaceChild(document.adoptNode(shown.documentElement), document.documentElement)
  document.documentElement.style.colorScheme = scheme
})
addEventListener('click', (event) => event.preventDefault(), true)
addEventListener('auxclick', (event) => event.preventDefault(), true)
parent.postMessage('ready', '*')
