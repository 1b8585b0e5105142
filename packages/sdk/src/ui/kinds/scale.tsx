/** A scale: one row of targets, one Tab stop. */
import type { ScaleQuestion } from '@earshot/contract'
import type { ComponentChild, h } from 'preact'
import type { Page } from './page.ts'

/** By numbers, unless there is a sign for each. */
export function drawScale(
  page: Page<ScaleQuestion>,
  drawSign?: (share: number) => h.JSX.Element,
  isOn: (score: number) => boolean = (score) => page.value === score,
): h.JSX.Element {
  const { h, fill, question, value, strings, choose } = page
  const { min, max, look = 'numbers' } = question
  const [low, high] = [fill(question.low), fill(question.high)]
  const nameOf = (score: number): string => {
    const name = drawSign ? page.say(strings.step, { at: score, of: max }) : String(score)
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
  return (
    <fieldset {...page.group} onKeyDown={type}>
      {page.legend}
      <div class={`scale ${look} ${scores.length > 7 ? 'wide' : ''}`}>
        {scores.map((score) =>
          page.tile(
            score,
            drawSign ? drawSign((score - min) / (max - min)) : score,
            isOn(score),
            nameOf(score),
          ),
        )}
      </div>
      <div class="ends" aria-hidden="true">
        <span>{low}</span>
        <span>{high}</span>
      </div>
    </fieldset>
  )
}

/** One answer of a row. */
export function drawTile(
  { h, question, value, choose }: Page,
  answer: number | boolean,
  content: ComponentChild,
  isOn?: boolean,
  name?: string,
): h.JSX.Element {
  return (
    <label class={`tile ${isOn ? 'on' : ''}`} key={String(answer)}>
      <input
        type="radio"
        name={question.id}
        value={String(answer)}
        checked={value === answer}
        aria-label={name}
        onClick={() => choose(answer)}
      />
      <span>{content}</span>
    </label>
  )
}
