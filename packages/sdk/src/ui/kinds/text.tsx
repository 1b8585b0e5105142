/** A field for free text, an address or a number. */
import type { TextQuestion } from '@earshot/contract'
import type { h } from 'preact'
import type { Page } from './page.ts'
import { format } from './strings.ts'

const inputs = {
  long: {},
  short: { type: 'text' },
  email: { type: 'email', autoComplete: 'email', dir: 'ltr' },
  // Not type="number": that hides what it cannot read, and the wheel changes it.
  number: { type: 'text', inputMode: 'decimal' },
} as const

export function drawText(page: Page<TextQuestion>): h.JSX.Element {
  const { h, fill, question, strings, set } = page
  const { id, maxLength, input = 'long' } = question
  const value = page.value === undefined ? '' : String(page.value)
  const field = {
    id,
    class: 'field to',
    value,
    maxLength,
    'aria-required': page.required || undefined,
    'aria-invalid': page.invalid || undefined,
    'aria-describedby': page.describedBy,
    onInput: (event: { currentTarget: { value: string } }) => set({ value: event.currentTarget.value }),
  }
  return (
    <div>
      <label class="title" for={id}>
        {fill(question.title)}
      </label>
      {input === 'long' ? <textarea {...field} rows={3} /> : <input {...inputs[input]} {...field} />}
      {input !== 'number' && drawCount(h, strings, maxLength - value.length, maxLength)}
    </div>
  )
}

/** Says near the end how much room is left. */
function drawCount(h: Page['h'], strings: Page['strings'], left: number, most: number): h.JSX.Element {
  const isNear = left <= Math.min(100, Math.max(20, most / 10))
  return (
    <div>
      <p class="meta count" aria-hidden="true">
        {isNear && format(strings, strings.left, { count: left })}
      </p>
      {/* Told by tens, because nobody wants to hear every letter. */}
      <p class="quiet" aria-live="polite">
        {isNear && format(strings, strings.left, { count: Math.ceil(left / 10) * 10 })}
      </p>
    </div>
  )
}
