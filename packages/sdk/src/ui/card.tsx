/** The card: one showing drawn as a form. Props in, events out. */
import type { ScaleQuestion, TextQuestion } from '@earshot/contract'
import { h, type JSX } from 'preact'
import { type Flow, openQuestions } from '../core/flow.ts'
import type { Strings } from './strings.ts'

export interface CardProps {
  flow: Flow
  strings: Strings
  /** Set inside, where no rule of the page can turn it. */
  dir: 'ltr' | 'rtl'
  /** Score that was chosen by keyboard and not confirmed, per question. */
  pending: Readonly<Record<string, number>>
  /** What screen readers are told. */
  status: string
  onChoose(question: string, value: number, byPointer: boolean): void
  onSubmit(form: HTMLFormElement): void
  onClose(): void
}

export function CardBody(props: CardProps): JSX.Element {
  const { flow, strings } = props
  const first = flow.survey.questions[0] as ScaleQuestion
  const done = flow.stage === 'thanks'
  return (
    <section class="card" dir={props.dir} aria-label={`${strings.survey}: ${first.title}`}>
      {done ? <Thanks {...props} /> : <Questions {...props} />}
      <p class="quiet" role="status">
        {props.status}
      </p>
      <button class="close" type="button" aria-label={strings.close} onClick={props.onClose}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M3 3l10 10M13 3L3 13" />
        </svg>
      </button>
    </section>
  )
}

function Questions(props: CardProps): JSX.Element {
  const { flow, strings, pending } = props
  const questions = openQuestions(flow)
  const unconfirmed = Object.keys(pending).length > 0
  const answered = Object.keys(flow.answers).length > 0
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    props.onSubmit(event.currentTarget as HTMLFormElement)
  }
  return (
    <form onSubmit={submit} noValidate>
      {questions.map((question) =>
        question.kind === 'scale' ? (
          <Scale key={question.id} question={question} {...props} />
        ) : (
          <Text key={question.id} question={question} />
        ),
      )}
      {(answered || unconfirmed) && (
        <button class="send" type="submit">
          {unconfirmed ? strings.next : strings.send}
        </button>
      )}
    </form>
  )
}

function Scale({ question, flow, pending, onChoose }: CardProps & { question: ScaleQuestion }): JSX.Element {
  const { id, min, max, low, high, title } = question
  const scores = Array.from({ length: max - min + 1 }, (_, index) => min + index)
  const chosen = Object.hasOwn(pending, id) ? pending[id] : flow.answers[id]
  /** Digits choose as arrows do; on a scale to 10, "1" and then "0" is ten. */
  const type = (event: KeyboardEvent): void => {
    if (!/^\d$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return
    const ten = event.key === '0' && chosen === 1 && max === 10
    const score = ten ? 10 : Number(event.key)
    if (score < min || score > max) return
    onChoose(id, score, false)
    const group = event.currentTarget as HTMLElement
    group.querySelector<HTMLInputElement>(`[value="${score}"]`)?.focus()
  }
  return (
    <fieldset onKeyDown={type}>
      <legend>{title}</legend>
      <div class={max - min > 6 ? 'scale wide' : 'scale'}>
        {scores.map((score) => (
          <label class="tile" key={score}>
            <input
              type="radio"

              name={id}
              value={score}
              checked={chosen === score}
              aria-label={
                score === min ? `${score}, ${low}` : score === max ? `${score}, ${high}` : undefined
              }
              onClick={(event) => onChoose(id, score, event.detail > 0)}
            />
            <span>{score}</span>
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

function Text({ question }: { question: TextQuestion }): JSX.Element {
  return (
    <div class="more">
      <label for={question.id}>{question.title}</label>
      <textarea id={question.id} name={question.id} maxLength={question.maxLength} rows={2} />
    </div>
  )
}

function Thanks({ flow, strings }: CardProps): JSX.Element {
  const { title, text } = flow.survey.thanks
  return (
    <div>
      <h2 tabIndex={-1}>{title}</h2>
      {text && <p class="text">{text}</p>}
      {flow.offline && <p class="note">{strings.offline}</p>}
    </div>
  )
}
