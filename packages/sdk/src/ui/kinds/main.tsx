/** The inside of a paged card: the question on the screen, and the ways out of it. A lazy chunk of its own. */
import type { AnswerValue, Question } from '@earshot/contract'
import type { h } from 'preact'
import type { Flow, FlowInput } from '../../core/flow.ts'
import { mustAnswer, typedValue } from '../../core/pageAnswer.ts'
import { lengthOf, otherKey, own, questionOf, routeOf } from '../../core/pageRoute.ts'
import { startPages, stepPages } from '../../core/pages.ts'
import { createFill } from '../../core/pageText.ts'
import type { Words } from '../../words/words.ts'
import type { Body, BodyProps } from '../body.ts'
import { drawActs } from './acts.tsx'
import { drawChoice } from './choice.tsx'
import { flawText } from './flaw.ts'
import { css } from './kinds.css.ts'
import type { Draft, Page } from './page.ts'
import { drawMark } from './marks.tsx'
import { drawScale, drawYesNo } from './scale.tsx'
import { english, format } from './strings.ts'
import { drawText } from './text.tsx'
import { drawWords } from './words.tsx'

/** So long a choice is seen before the next page comes. */
const beat = 240

/** Id of what is said of a field. No question has one with a colon. */
const flawId = 'earshot:flaw'

/** Makes the inside of one card. */
export function createKinds(h: Page['h'], words: () => Partial<Words> = () => ({})): Body {
  const spoken = (): typeof english => words().kinds ?? english
  /** Per page: kept when somebody goes back, and gone when it was recorded. */
  const drafts: Record<string, Draft> = {}
  let byPointer = false
  let timer: ReturnType<typeof setTimeout> | undefined

  /** What is said when the respondent is not on the card, and so does not hear it by the focus that moves. */
  const told = (flow: Flow): string => {
    const isThere = document.activeElement?.hasAttribute('data-earshot')
    const question = questionOf(flow, flow.page)
    return !question || isThere ? '' : createFill(flow, question.id)(question.title)
  }

  const step = (flow: Flow, input: FlowInput): ReturnType<Body['step']> => {
    const next = stepPages(flow, input)
    const { page, flaw } = next.flow
    const question = questionOf(next.flow, page)
    if (page !== flow.page || next.flow.stage !== flow.stage) {
      clearTimeout(timer)
      if (input.type === 'next') delete drafts[input.page]
      return { ...next, say: next.flow.stage === 'ask' && told(next.flow) }
    }
    return { ...next, say: flaw && question && flawText(question, flaw, spoken()) }
  }

  /** Records what was pointed at, and goes on when it was seen. */
  const take = ({ act }: BodyProps, page: string, value: AnswerValue): void => {
    delete drafts[page]
    act({ type: 'answer', question: page, value })
    clearTimeout(timer)
    timer = setTimeout(() => act({ type: 'next', page }), beat)
  }

  const pageOf = (props: BodyProps, question: Question): Page => {
    const { flow, draw } = props
    const { id } = question
    const draft = own(drafts, id)
    const set = (next: Draft): void => {
      drafts[id] = next
      draw()
    }
    return {
      h,
      flow,
      question,
      strings: spoken(),
      fill: createFill(flow, id),
      value: draft ? draft.value : own(flow.answers, id),
      other: (draft ? draft.other : (own(flow.answers, otherKey(id)) as string | undefined)) ?? '',
      required: question.required === true && mustAnswer(flow, question),
      invalid: flow.flaw !== undefined,
      describedBy: flow.flaw && flawId,
      set,
      choose: (value) => (byPointer ? take(props, id, value) : set({ value })),
      take: (value) => take(props, id, value),
    }
  }

  const submit = (event: Event, { act, draw }: BodyProps, page: Page): void => {
    event.preventDefault()
    const { question, value, other } = page
    const isTyped = question.kind === 'text'
    const given = isTyped ? typedValue(question, String(value ?? '')) : value
    act({ type: 'next', page: question.id, ...(given !== undefined && { value: given, other }) })
    draw()
    const form = event.currentTarget as HTMLFormElement
    // What is wrong is read with its field.
    if (form.querySelector('.flaw')) form.querySelector<HTMLElement>('input,textarea')?.focus()
  }

  const body = (props: BodyProps): h.JSX.Element => {
    const { flow, act } = props
    const question = questionOf(flow, flow.page) as Question
    const page = pageOf(props, question)
    const { strings } = page
    const { id } = question
    // Where the answer that stands in the controls would lead, not the one before.
    const answers = page.value === undefined ? flow.answers : { ...flow.answers, [id]: page.value }
    const route = routeOf({ ...flow, answers })
    const place = route.indexOf(id)
    const steps = lengthOf(flow) ?? 1
    const meta = [
      steps > 1 && format(strings, strings.step, { at: place + 1, of: steps }),
      page.required && strings.required,
    ].filter(Boolean)
    const go = (event: Event): void => submit(event, props, page)
    return (
      <form
        class="page"
        key={id}
        noValidate
        onSubmit={go}
        // By the click, which Enter makes too: a sandbox without `allow-forms` submits nothing.
        onClick={(event) => (event.target as Element).closest('button:not([type])') && go(event)}
        onPointerDown={() => (byPointer = true)}
        onKeyDown={() => (byPointer = false)}
      >
        {meta.length > 0 && <p class="meta">{meta.join(' · ')}</p>}
        {kinds[question.kind](page as never)}
        {flow.flaw && (
          <p class="flaw" id={flawId}>
            {drawMark(h, 'flaw')}
            {flawText(question, flow.flaw, strings)}
          </p>
        )}
        {drawActs(page, act, { isFirst: place === 0, isLast: place === route.length - 1 })}
      </form>
    )
  }

  return {
    css,
    start(showing, offline) {
      const flow = startPages(showing, offline)
      // Told as a card that could not be drawn: a survey that asks nothing was not shown.
      if (flow.page === undefined) throw new Error(`nothing is left to ask in "${showing.survey.id}"`)
      return flow
    },
    step,
    body,
  }
}

const kinds: Readonly<Record<Question['kind'], (page: never) => h.JSX.Element>> = {
  scale: drawScale,
  yesno: drawYesNo,
  choice: drawChoice,
  text: drawText,
  statement: drawWords,
  link: drawWords,
}
