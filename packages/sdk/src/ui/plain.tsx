/** The inside of a plain card: one scale, and the open text that follows from its answer, on one page. */
import type { ScaleQuestion, TextQuestion } from '@earshot/contract'
import type { JSX } from 'preact'
import { openQuestions, startFlow, stepFlow } from '../core/flow.ts'
import type { Body, BodyProps } from './body.ts'
import { h } from './h.ts'
import type { Strings } from './strings.ts'

/** @param strings those of the card, which may change */
export function createPlain(strings: () => Strings): Body {
  /** Score that was chosen by keyboard and not confirmed. */
  let pending: { question: string; value: number } | null = null

  const choose = ({ act, draw }: BodyProps, question: string, value: number, byPointer: boolean): void => {
    pending = byPointer ? null : { question, value }
    if (byPointer) act({ type: 'answer', question, value })
    draw()
  }

  const scale = (question: ScaleQuestion, props: BodyProps): JSX.Element => {
    const { id, min, max, low, high, title } = question
    const answer = props.flow.answers[id]
    const chosen = pending ? pending.value : answer
    /** Digits choose as arrows do; on a scale to 10, "1" and then "0" is ten. */
    const type = (event: KeyboardEvent): void => {
      const { key, currentTarget } = event
      if (!/^\d$/.test(key) || event.ctrlKey || event.metaKey) return
      const score = key === '0' && chosen === 1 && max === 10 ? 10 : Number(key)
      if (score < min || score > max) return
      choose(props, id, score, false)
      ;(currentTarget as HTMLElement).querySelector<HTMLInputElement>(`[value="${score}"]`)?.focus()
    }
    /** One for all: what is clicked beside a score is no field. */
    const click = ({ target, detail }: MouseEvent): void => {
      const { value } = target as HTMLInputElement
      if (value) choose(props, id, Number(value), detail > 0)
    }
    const tiles = []
    for (let score = min; score <= max; score++)
      tiles.push(
        <label class="tile">
          <input
            class="score"
            type="radio"
            name={id}
            value={score}
            checked={chosen === score}
            aria-label={score + (score === min ? ', ' + low : score === max ? ', ' + high : '')}
          />
          <span>{score}</span>
        </label>,
      )
    return (
      <fieldset onKeyDown={type}>
        <legend class="title">{title}</legend>
        <div class={max - min > 6 ? 'scale wide' : 'scale'} onClick={click}>
          {tiles}
        </div>
        <div class="ends" aria-hidden="true">
          <span>{low}</span>
          <span>{high}</span>
        </div>
      </fieldset>
    )
  }

  const text = ({ id, title, maxLength }: TextQuestion): JSX.Element => (
    <div class="more" key={id}>
      <label class="label" for={id}>
        {title}
      </label>
      <textarea class="field" id={id} name={id} maxLength={maxLength} />
    </div>
  )

  return {
    css: '',
    start: startFlow,
    step: (flow, input) => ({
      ...stepFlow(flow, input),
      say: input.type === 'stored' && input.event.type === 'answer' && strings().saved,
    }),
    body(props) {
      const open = openQuestions(props.flow)
      const submit = (event: Event): void => {
        event.preventDefault()
        if (pending) return choose(props, pending.question, pending.value, true)
        const texts = Object.fromEntries(new FormData((event.target as Element).closest('form')!))
        props.act({ type: 'finish', texts: texts as Record<string, string> })
      }
      return (
        // The click of the button counts, which Enter makes too: a sandbox without `allow-forms` submits nothing.
        <form onSubmit={submit}>
          {open.map((each) => (each.kind === 'scale' ? scale(each, props) : text(each as TextQuestion)))}
          {(pending || open[1] || open[0]?.kind === 'text') && (
            <button class="send" onClick={submit}>
              <span key={pending}>{strings()[pending ? 'next' : 'send']}</span>
            </button>
          )}
        </form>
      )
    },
  }
}
