/** The pages behind the links of a message. They work without a script, and load nothing but one sheet and two scripts of ours. */
import { mustAnswer, type Question } from '@earshot/contract'
import { fill, progressOf, type Answers, type Given } from './hostedCourse.ts'
import { markup, paragraphs, type Markup } from './markup.ts'
import type { PageWords, Spoken, SpokenSurvey } from './mailLanguage.ts'

/** What every page has. */
interface Frame {
  spoken: Pick<Spoken, 'dir'>
  locale: string
  title: string
  body: Markup
  /** Whether the script helps here by which a tap confirms, and the one that brings the card. */
  hasScript?: boolean
  hasCard?: boolean | undefined
}

function page({ spoken, locale, title, body, hasScript, hasCard }: Frame): string {
  return `<!doctype html>\n${
    markup`<html lang="${locale}" dir="${spoken.dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="stylesheet" href="/hosted/page.css">
${hasScript === true && markup`<script src="/hosted/page.js" defer></script>`}
${hasCard === true && markup`<script src="/hosted/card.js" type="module"></script>`}
</head>
<body>
<main>
${body}
</main>
</body>
</html>`.html
  }\n`
}

/** A page with one sentence. */
export function notePage(spoken: Spoken, title: string, text = ''): string {
  const body = markup`<h1>${title}</h1>
${paragraphs(text).map((each) => markup`<p>${each}</p>`)}`
  return page({ spoken, locale: spoken.language, title, body })
}

/** What a page of the survey is made of. */
export interface Asking {
  spoken: SpokenSurvey
  question: Question
  answers: Answers
  /** Ids of questions that were skipped or read. */
  passed: readonly string[]
  /** Of the answer that the form gives. */
  revision: number
  /** What is chosen already, as a link or a refused form has it. */
  chosen?: Given | undefined
  /** Whether it was chosen by a link, and only has to be confirmed. */
  isFromLink: boolean
  /** Whether the card of the SDK is there to take the place of the form. */
  hasCard?: boolean
  /** Why what was sent was not taken. */
  flaw?: 'missing' | 'misfit' | undefined
}

/** The page of a question. */
export function askPage(asking: Asking): string {
  const { spoken, question, answers, passed, revision, isFromLink, flaw } = asking
  const { survey, page: words } = spoken
  const filled = (text: string): string => fill(survey, answers, text)
  const title = filled(question.title)
  const { at, of } = progressOf(survey, answers, question.id)
  const canSkip = !mustAnswer({ survey }, question)
  const isRead = question.kind === 'statement' || question.kind === 'link'
  const error =
    flaw === undefined
      ? null
      : markup`<p id="flaw" class="flaw" role="alert">${flawText(question, flaw, words)}</p>`
  const hidden = (name: string, value: string): Markup =>
    markup`<input type="hidden" name="${name}" value="${value}">`
  const main = isRead
    ? markup`<h1>${title}</h1>${readOnly(question, filled)}`
    : fieldOf(asking, title, filled)
  const body = markup`${of > 1 && markup`<p class="step">${words.step.replace('{at}', String(at)).replace('{of}', String(of))}</p>`}
<form method="post" action="?" novalidate${isFromLink && { html: ' data-confirm' }}>
${main}
${error}
${hidden('question', question.id)}${hidden('revision', String(revision))}${hidden('passed', passed.join(' '))}${hidden('answers', JSON.stringify(answers))}
<p class="acts"><button type="submit" name="act" value="send">${isRead ? words.next : words.send}</button>
${canSkip && !isRead && markup`<button type="submit" name="act" value="skip" class="quiet">${words.skip}</button>`}</p>
</form>`
  return page({ spoken, locale: survey.locale, title, body, hasScript: true, hasCard: asking.hasCard })
}

/** The page after the last question. */
export function thanksPage({ spoken, answers }: { spoken: SpokenSurvey; answers: Answers }): string {
  const { survey } = spoken
  const { title, text = '' } = survey.thanks
  const said = fill(survey, answers, title)
  const body = markup`<h1>${said}</h1>
${paragraphs(fill(survey, answers, text)).map((each) => markup`<p>${each}</p>`)}`
  return page({ spoken, locale: survey.locale, title: said, body })
}

/** The page that asks before somebody unsubscribes, and the one after. */
export function unsubscribePage(spoken: Spoken, name: string, state: 'ask' | 'left' | 'back'): string {
  const { mail } = spoken
  const title =
    state === 'ask' ? mail.leave.replaceAll('{name}', () => name) : state === 'left' ? mail.left : mail.back
  const button = (act: string, label: string): Markup =>
    markup`<form method="post" action="?"><p class="acts"><button type="submit" name="act" value="${act}"${act === 'again' && { html: ' class="quiet"' }}>${label}</button></p></form>`
  const body = markup`<h1>${title}</h1>
${state === 'ask' && button('leave', mail.unsubscribe)}${state === 'left' && button('again', mail.again)}`
  return page({ spoken, locale: spoken.language, title, body })
}

function flawText(question: Question, flaw: 'missing' | 'misfit', words: PageWords): string {
  if (flaw === 'missing') return question.kind === 'text' ? words.writeOne : words.chooseOne
  return (question.kind === 'text' && question.hint) || words.misfit
}

function readOnly(question: Question, filled: (text: string) => string): Markup {
  const text = 'text' in question ? filled(question.text ?? '') : ''
  const said = paragraphs(text).map((each) => markup`<p>${each}</p>`)
  if (question.kind !== 'link' || !/^https:\/\//i.test(question.href)) return markup`${said}`
  return markup`${said}<p><a href="${question.href}" rel="noreferrer noopener" target="_blank">${filled(question.label)}</a></p>`
}

function fieldOf(asking: Asking, title: string, filled: (text: string) => string): Markup {
  const { question, chosen, flaw, spoken } = asking
  const described = flaw === undefined ? null : { html: ' aria-describedby="flaw" aria-invalid="true"' }
  if (question.kind === 'text') {
    const { input = 'long', maxLength } = question
    const value = chosen === undefined ? '' : String(chosen.value)
    const field =
      input === 'long'
        ? markup`<textarea id="field" name="value" rows="5" maxlength="${maxLength}" dir="auto"${described}>${value}</textarea>`
        : markup`<input id="field" name="value" type="text" inputmode="${input === 'number' ? 'decimal' : input === 'email' ? 'email' : 'text'}"${input === 'email' && { html: ' autocomplete="email"' }} maxlength="${maxLength}" dir="auto" value="${value}"${described}>`
    return markup`<h1><label for="field">${title}</label></h1>
${field}`
  }
  const isSeveral = question.kind === 'choice' && question.multiple === true
  const isOn = (value: string): boolean => {
    const given = chosen?.value
    if (Array.isArray(given)) return given.includes(value)
    return given === true ? value === 'yes' : given === false ? value === 'no' : String(given) === value
  }
  const choice = (value: string, label: string): Markup =>
    markup`<label><input type="${isSeveral ? 'checkbox' : 'radio'}" name="value" value="${value}"${isOn(value) && { html: ' checked' }}><span>${label}</span></label>`
  if (question.kind === 'scale') {
    const { min, max } = question
    const scores = Array.from({ length: max - min + 1 }, (_, index) => String(min + index))
    return markup`<fieldset${described}><legend><h1>${title}</h1></legend>
<div class="scale">${scores.map((each) => choice(each, each))}</div>
<p class="ends"><span>${scores[0] ?? ''} = ${filled(question.low)}</span><span>${scores.at(-1) ?? ''} = ${filled(question.high)}</span></p>
</fieldset>`
  }
  const options =
    question.kind === 'yesno'
      ? [choice('yes', filled(question.yes)), choice('no', filled(question.no))]
      : question.kind === 'choice'
        ? question.options.map(({ id, label }) => choice(id, filled(label)))
        : []
  const other =
    question.kind === 'choice' &&
    question.other !== undefined &&
    markup`${choice('other', filled(question.other))}<label class="other"><span>${spoken.page.specify}</span><input type="text" name="other" maxlength="500" dir="auto" value="${chosen?.other ?? ''}"></label>`
  return markup`<fieldset${described}><legend><h1>${title}</h1></legend>
<div class="choices">${options}${other}</div>
</fieldset>`
}
