/** A scale and a yes-or-no question: one row of targets, one Tab stop. */
import type { ScaleQuestion, YesNoQuestion } from '@earshot/contract'
import type { h } from 'preact'
import { drawMark } from './marks.tsx'
import type { Page } from './page.ts'
import { format } from './strings.ts'

export function drawScale(page: Page<ScaleQuestion>): h.JSX.Element {
  const { h, fill, question, value, strings, choose } = page
  const { id, min, max, look = 'numbers' } = question
  const [low, high] = [fill(question.low), fill(question.high)]
  const nameOf = (score: number): string => {
    const name = look === 'numbers' ? String(score) : format(strings, strings.step, { at: score, of: max })
    return score === min ? `${name}, ${low}` : score === max ? `${name}, ${high}` : name
  }
  /** Digits choose as arrows do; on a scale to 10, "1" and then "0" is ten. */
  const type = (event: KeyboardEvent): void => {
    if (!/^\d$/.test(event.key) || event.ctrlKey || event.metaKey) return
    const score = event.key === '0' && value === 1 && max === 10 ? 10 : Number(event.key)
    if (score < min || score > max) return
    choose(score)
    ;(event.currentTarget as HTMLElement).querySelector<HTMLInputElement>(`[value="${score}"]`)?.focus()
  }
  const scores = Array.from({ length: max - min + 1 }, (_, index) => min + index)
  const isOn = (score: number): boolean =>
    look === 'stars' ? typeof value === 'number' && score <= value : value === score
  return (
    <fieldset {...groupOf(page)} onKeyDown={type}>
      {legendOf(h, fill(question.title))}
      <div class={`scale ${look} ${scores.length > 7 ? 'wide' : ''}`}>
        {scores.map((score) => (
          <label class={`tile ${isOn(score) ? 'on' : ''}`} key={score}>
            <input
              type="radio"
              name={id}
              value={score}
              checked={value === score}
              aria-label={nameOf(score)}
              onClick={() => choose(score)}
            />
            <span>{look === 'numbers' ? score : drawMark(h, look, (score - min) / (max - min))}</span>
          </label>
        ))}
      </div>
      <div class="ends" aria-hidden="true">
        <span>{low}</span>
        <span>{high}</span>
      </div>
    </fieldset>
  )
}

export function drawYesNo(page: Page<YesNoQuestion>): h.JSX.Element {
  const { h, fill, question, value, choose } = page
  return (
    <fieldset {...groupOf(page)}>
      {legendOf(h, fill(question.title))}
      <div class="scale pair">
        {([true, false] as const).map((answer) => (
          <label class="tile" key={String(answer)}>
            <input
              type="radio"
              name={question.id}
              value={String(answer)}
              checked={value === answer}
              onClick={() => choose(answer)}
            />
            <span>{fill(question[answer ? 'yes' : 'no'])}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

/** What a group of radio buttons says of itself. */
interface GroupWords {
  role: 'radiogroup'
  'aria-required': boolean | undefined
  'aria-invalid': boolean | undefined
  'aria-describedby': string | undefined
}

export function groupOf({ required, invalid, describedBy }: Page): GroupWords {
  return {
    role: 'radiogroup',
    'aria-required': required || undefined,
    'aria-invalid': invalid || undefined,
    'aria-describedby': describedBy,
  }
}

/** The question. It takes the focus on a new page, so that it is read before its answers. */
export function legendOf(h: Page['h'], title: string): h.JSX.Element {
  return (
    <legend class="title to" tabIndex={-1}>
      {title}
    </legend>
  )
}
