/** A field for free text, an address or a number. */
import { textFlaw, type TextQuestion } from '@earshot/contract'
import type { h } from 'preact'
import { typedValue } from '../../core/pageTyped.ts'
import type { Kind, Page } from './page.ts'

const words = {
  left: { one: '{count} character left', other: '{count} characters left' },
  writeOne: 'Write an answer to go on.',
  misfit: 'This does not look right. Please check it.',
  email: 'Enter an e-mail address, for example name@example.com.',
  number: 'Enter a number.',
  numberFrom: 'Enter a number of at least {least}.',
  numberTo: 'Enter a number of at most {most}.',
  numberBetween: 'Enter a number from {least} to {most}.',
  longer: { one: 'Write at least {least} character.', other: 'Write at least {least} characters.' },
}

export const kind: Kind<TextQuestion> & { words: typeof words } = {
  css: `\
.count{margin:4px 0 0;text-align:end}\
.count:empty{display:none}`,
  words,
  draw: drawText,
  fits: (question, value, _other, compile) => !textFlaw(question, value, compile),
  typed: typedValue,
  /** The survey's own hint wins. */
  flaw({ hint, input, least, most, minLength, pattern }, flaw, { strings, say, bounded }) {
    if (flaw === 'missing') return strings.writeOne
    if (hint) return hint
    if (input === 'email') return strings.email
    const { number, numberFrom, numberTo, numberBetween } = strings
    if (input === 'number') return bounded([number, numberFrom, numberTo, numberBetween], least, most)
    return minLength && !pattern ? say(strings.longer, { least: minLength }) : strings.misfit
  },
}

const inputs = {
  long: {},
  short: { type: 'text' },
  email: { type: 'email', autoComplete: 'email', dir: 'ltr' },
  // Not type="number": that hides what it cannot read, and the wheel changes it.
  number: { type: 'text', inputMode: 'decimal' },
} as const

function drawText(page: Page<TextQuestion>): h.JSX.Element {
  const { h, title, question, set } = page
  const { id, maxLength, input = 'long' } = question
  const value = page.value === undefined ? '' : String(page.value)
  const field = {
    id,
    class: 'field to',
    value,
    maxLength,
    ...page.aria,
    onInput: (event: { currentTarget: { value: string } }) => set({ value: event.currentTarget.value }),
  }
  return (
    <div>
      <label class="title" for={id}>
        {title}
      </label>
      {input === 'long' ? <textarea {...field} rows={3} /> : <input {...inputs[input]} {...field} />}
      {input !== 'number' && drawCount(page, maxLength - value.length, maxLength)}
    </div>
  )
}

/** Says near the end how much room is left. */
function drawCount({ h, say, strings }: Page<TextQuestion>, left: number, most: number): h.JSX.Element {
  const isNear = left <= Math.min(100, Math.max(20, most / 10))
  return (
    <div>
      <p class="meta count" aria-hidden="true">
        {isNear && say(strings.left, { count: left })}
      </p>
      {/* Told by tens, because nobody wants to hear every letter. */}
      <p class="quiet" aria-live="polite">
        {isNear && say(strings.left, { count: Math.ceil(left / 10) * 10 })}
      </p>
    </div>
  )
}
