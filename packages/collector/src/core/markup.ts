/** Writes HTML in which nothing that somebody has written becomes markup. */

/** What is markup already. */
export interface Markup {
  readonly html: string
}

/** What may stand in a template: text, which is escaped; markup, and lists of it; nothing. */
export type Part = string | number | Markup | readonly Markup[] | null | false

const signs: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it stands in an element or in a quoted attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => signs[sign] ?? sign)
}

/**
 * A piece of HTML.
 *
 * @example
 * markup`<p title="${'"'}">${'<b>'}</p>`.html // '<p title="&quot;">&lt;b&gt;</p>'
 */
export function markup(pieces: TemplateStringsArray, ...parts: Part[]): Markup {
  const html = pieces.map((piece, index) => (index === 0 ? '' : written(parts[index - 1] ?? null)) + piece)
  return { html: html.join('') }
}

function written(part: Part): string {
  if (part === null || part === false) return ''
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return 'html' in part ? part.html : part.map((each) => each.html).join('')
}

/** Paragraphs of a plain text: an empty line parts them. */
export function paragraphs(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
}
