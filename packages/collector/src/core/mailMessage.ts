/** Puts a message together: its subject, its text, and the same as HTML. Nothing in it is fetched from anywhere. */
import type { Question } from '@earshot/contract'
import { escaped, markup, paragraphs, type Markup } from './markup.ts'
import { named, type Spoken } from './mailLanguage.ts'

/** What a message says. */
export interface MailContent {
  /** Words around it. */
  spoken: Spoken
  /** BCP 47 tag of what is said. */
  locale: string
  /** Name of the sender, as people know it. */
  from: string
  /** Default the usual one of the language. */
  subject?: string | undefined
  /** Before the question; an empty line parts paragraphs. */
  text?: string | undefined
  /** What is asked, filled and in the language, with the address of each answer. */
  ask?: { question: Question; title: string; link(answer?: string): string } | undefined
  /** Where somebody unsubscribes. */
  unsubscribe: string
}

/** A message as it is sent. */
export interface MailMessage {
  subject: string
  text: string
  html: string
}

/** Answers that stand in the message itself. */
interface Choice {
  value: string
  /** As it is shown. */
  label: string
  /** What it means, where the sign alone does not say it. */
  words: string
}

/** More than this is a list that is better read on the page. */
const mostChoices = 12
const faces = ['😠', '🙁', '😐', '🙂', '😀']

/** The answers that one click can give; null where the question is better asked on the page. */
function choicesOf(question: Question): Choice[] | null {
  if (question.kind === 'yesno')
    return [
      { value: 'yes', label: question.yes, words: '' },
      { value: 'no', label: question.no, words: '' },
    ]
  if (question.kind === 'choice') {
    if (question.multiple || question.other !== undefined || question.options.length > mostChoices)
      return null
    return question.options.map(({ id, label }) => ({ value: id, label, words: '' }))
  }
  if (question.kind !== 'scale' || question.max - question.min >= mostChoices) return null
  const { min, max, look = 'numbers', low, high } = question
  return Array.from({ length: max - min + 1 }, (_, index) => {
    const score = min + index
    const words = score === min ? low : score === max ? high : ''
    return { value: String(score), label: signOf(look, index, max - min + 1, score), words }
  })
}

function signOf(look: string, index: number, count: number, score: number): string {
  if (look === 'stars') return `${score} ★`
  if (look === 'thumbs') return index === 0 ? '👎' : '👍'
  const places: Readonly<Record<number, number[]>> = { 2: [1, 3], 3: [1, 2, 3], 5: [0, 1, 2, 3, 4] }
  return (look === 'faces' && faces[places[count]?.[index] ?? -1]) || String(score)
}

/**
 * Puts a message together.
 *
 * @example
 * composeMail({ spoken: spokenIn(['de']), locale: 'de', from: 'Acme', unsubscribe, ask }).subject // 'Eine Frage von Acme'
 */
export function composeMail(content: MailContent): MailMessage {
  const { spoken, from } = content
  const subject = content.subject ?? named(spoken.mail.subject, from)
  return { subject, text: textOf(content), html: `<!doctype html>\n${htmlOf(content, subject).html}\n` }
}

function textOf({ spoken, from, text = '', ask, unsubscribe }: MailContent): string {
  const { mail } = spoken
  const choices = ask && choicesOf(ask.question)
  const asked = !ask
    ? []
    : choices
      ? [
          ask.title,
          choices
            .map(({ value, label, words }) => `${label}${words ? ` (${words})` : ''}\n  ${ask.link(value)}`)
            .join('\n'),
          mail.hint,
        ]
      : [ask.title, `${mail.open}\n  ${ask.link()}`]
  const foot = `-- \n${named(mail.why, from)}\n${mail.unsubscribe}: ${unsubscribe}`
  return `${[...paragraphs(text), ...asked, foot].join('\n\n')}\n`
}

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const body = `${font};font-size:16px;line-height:1.5;color:#1a1d21`
const whisper = `${font};font-size:13px;line-height:1.5;color:#5a6169`
const button = `display:block;padding:10px 4px;${font};font-size:16px;line-height:20px;color:#1a1d21;text-decoration:none;text-align:center`

/** Programs that read mail have no sheet of ours: each element says how it looks, and a sheet turns it dark where that is known. */
const dark = `:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
.e-page, .e-card { background-color: #16181c !important; }
.e-text, .e-button { color: #eceef1 !important; }
.e-cell { background-color: #23272e !important; border-color: #4a515c !important; }
.e-whisper, .e-whisper a { color: #a9b0ba !important; }
}`

function htmlOf({ spoken, locale, from, text = '', ask, unsubscribe }: MailContent, subject: string): Markup {
  const { dir, mail } = spoken
  const choices = ask ? choicesOf(ask.question) : null
  const start = dir === 'rtl' ? 'right' : 'left'
  const said = paragraphs(text).map(
    (each) => markup`<p class="e-text" style="margin:0 0 16px;${body}">${lines(each)}</p>`,
  )
  const asked =
    ask &&
    markup`<p class="e-text" style="margin:0 0 16px;${body};font-size:20px;line-height:1.35;font-weight:600">${ask.title}</p>
${choices ? scale(ask.question, choices, ask.link, dir) : single(mail.open, ask.link())}
${choices && markup`<p class="e-whisper" style="margin:12px 0 0;${whisper}">${mail.hint}</p>`}`
  return markup`<html lang="${locale}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<title>${subject}</title>
<style>${{ html: dark }}</style>
</head>
<body class="e-page" style="margin:0;padding:0;background-color:#f3f4f6">
<table role="presentation" class="e-page" width="100%" cellpadding="0" cellspacing="0" border="0" dir="${dir}" style="background-color:#f3f4f6"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="e-card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background-color:#ffffff;border-radius:12px"><tr><td align="${start}" style="padding:24px;text-align:${start}">
${said}
${asked ?? null}
</td></tr></table>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px"><tr><td align="${start}" style="padding:16px 24px;text-align:${start}">
<p class="e-whisper" style="margin:0;${whisper}">${named(mail.why, from)} <a href="${unsubscribe}" style="color:#5a6169">${mail.unsubscribe}</a></p>
</td></tr></table>
</td></tr></table>
</body>
</html>`
}

function lines(text: string): Markup {
  return { html: text.split('\n').map(escaped).join('<br>') }
}

/** A row of scores, a list of choices: each a link of its own, large enough for a finger. */
function scale(
  question: Question,
  choices: readonly Choice[],
  link: (answer: string) => string,
  dir: 'ltr' | 'rtl',
): Markup {
  const isRow = question.kind === 'scale'
  const cell = ({ value, label, words }: Choice): Markup =>
    markup`<td class="e-cell" style="border:1px solid #c9ced6;border-radius:8px;background-color:#ffffff${isRow ? '' : ';padding:0 8px'}"><a class="e-button" href="${link(value)}" title="${words === '' ? label : `${label}: ${words}`}" style="${button}">${label}</a></td>`
  if (!isRow) {
    const rows = choices.map((each) => markup`<tr>${cell(each)}</tr>`)
    return markup`<table role="presentation" width="100%" cellpadding="0" cellspacing="6" border="0" dir="${dir}">${rows}</table>`
  }
  const { low, high } = question
  // Eleven in a row are too narrow for a telephone, so they stand in two.
  const cut = choices.length > 7 ? Math.ceil(choices.length / 2) : choices.length
  const rows = [choices.slice(0, cut), choices.slice(cut)].filter((each) => each.length > 0)
  const tables = rows.map(
    (row) =>
      markup`<table role="presentation" width="100%" cellpadding="0" cellspacing="4" border="0" dir="${dir}" style="table-layout:fixed"><tr>${row.map(cell)}${Array.from({ length: cut - row.length }, () => markup`<td></td>`)}</tr></table>`,
  )
  const ends = dir === 'rtl' ? (['right', 'left'] as const) : (['left', 'right'] as const)
  return markup`${tables}
<table role="presentation" width="100%" cellpadding="0" cellspacing="4" border="0" dir="${dir}"><tr><td class="e-whisper" align="${ends[0]}" style="${whisper}">${choices[0]?.value ?? ''} = ${low}</td><td class="e-whisper" align="${ends[1]}" style="${whisper}">${choices.at(-1)?.value ?? ''} = ${high}</td></tr></table>`
}

function single(label: string, href: string): Markup {
  return markup`<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td style="border-radius:8px;background-color:#1f4fd8"><a href="${href}" style="display:inline-block;padding:12px 20px;${font};font-size:16px;line-height:20px;color:#ffffff;text-decoration:none">${label}</a></td></tr></table>`
}

/** Headers of a message that a program sends, and that is easy to be rid of (RFC 2369, RFC 3834, RFC 8058). */
export function mailHeaders(unsubscribe: string): Readonly<Record<string, string>> {
  return {
    'List-Unsubscribe': `<${unsubscribe}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
  }
}
