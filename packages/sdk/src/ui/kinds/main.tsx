/** The inside of a paged card: the question on the screen, and the ways out of it. A lazy chunk of its own. */
import {
  type AnswerValue,
  compilePattern,
  createFill,
  isOnScale,
  mustAnswer,
  otherKey,
  type Question,
  routeOf,
  type ScaleQuestion,
} from '@earshot/contract'
import type { h } from 'preact'
import type { Flow, FlowInput } from '../../core/flow.ts'
import { lengthOf, own, questionOf } from '../../core/pageRoute.ts'
import { type AnswerJudge, startPages, stepPages } from '../../core/pages.ts'
import type { PagesChunk } from '../../ports/card.ts'
import type { Words } from '../../words/words.ts'
import type { Body, BodyProps } from '../body.ts'
import { drawActs } from './acts.tsx'
import { type Kinds, loadTypes, typeOf } from './types.ts'
import { css } from './kinds.css.ts'
import { drawMark } from './mark.tsx'
import type { AriaWords, Draft, Kind, Page } from './page.ts'
import { drawScale, drawTile } from './scale.tsx'
import { type KindStrings, pageWords } from './strings.ts'
import { createVoice, type Voice } from './voice.ts'

/** So long a choice is seen before the next page comes. */
const beat = 240

/** Id of what is said of a field. No question has one with a colon. */
const flawId = 'earshot:flaw'

/**
 * Brings what the questions of these surveys need, before anything is drawn: a survey once begun goes on without a line.
 * Rejects when it cannot be fetched.
 *
 * @param load fetches the file of one type of question
 */
export const loadFor: PagesChunk['loadFor'] = async (surveys, load) => {
  const kinds = await loadTypes(surveys, load)
  return { createKinds: (h, words) => createBody({ ...kinds, numbers }, h, words) }
}

/** The scale as it is where it has no other look. */
const numbers: Kind = { draw: (page) => drawScale(page as Page<ScaleQuestion>) }

/** Makes the inside of one card. */
function createBody(kinds: Kinds, h: Page['h'], words: () => Partial<Words>): Body {
  const all = Object.values(kinds)
  const english = Object.assign({}, pageWords, ...all.map((each) => each.words)) as KindStrings
  const voice = (): Voice => createVoice(words().kinds ?? english)
  const kindOf = (question: Question): Kind => kinds[typeOf(question)]!
  const judge: AnswerJudge = {
    fits: (question, value, other) =>
      question.kind === 'scale'
        ? isOnScale(question, value)
        : kindOf(question).fits!(question, value, other, compilePattern),
    orderOf: (flow, question) => kindOf(question).orderOf?.(flow, question),
  }
  const flawText = (question: Question, flaw: NonNullable<Flow['flaw']>, spoken: Voice): string =>
    kindOf(question).flaw?.(question, flaw, spoken) ?? spoken.strings.chooseOne
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
    const next = stepPages(flow, input, judge)
    const { page, flaw } = next.flow
    const question = questionOf(next.flow, page)
    if (page !== flow.page || next.flow.stage !== flow.stage) {
      clearTimeout(timer)
      if (input.type === 'next') delete drafts[input.page]
      return { ...next, say: next.flow.stage === 'ask' && told(next.flow) }
    }
    return { ...next, say: flaw && question && flawText(question, flaw, voice()) }
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
    const fill = createFill(flow, id)
    const title = fill(question.title)
    const required = question.required === true && mustAnswer(flow, question)
    const aria: AriaWords = {
      'aria-required': required || undefined,
      'aria-invalid': flow.flaw ? true : undefined,
      'aria-describedby': flow.flaw && flawId,
    }
    const page: Page = {
      ...voice(),
      h,
      flow,
      question,
      fill,
      title,
      value: draft ? draft.value : own(flow.answers, id),
      other: (draft ? draft.other : (own(flow.answers, otherKey(id)) as string | undefined)) ?? '',
      required,
      set,
      choose: (value) => (byPointer ? take(props, id, value) : set({ value })),
      take: (value) => take(props, id, value),
      aria,
      group: { role: 'radiogroup', ...aria },
      legend: (
        <legend class="title to" tabIndex={-1}>
          {title}
        </legend>
      ),
      heading: (
        <h2 class="title to" tabIndex={-1}>
          {title}
        </h2>
      ),
      tile: (...tile) => drawTile(page, ...tile),
      scale: (...scale) => drawScale(page as Page<ScaleQuestion>, ...scale),
      mark: (...mark) => drawMark(h, ...mark),
    }
    return page
  }

  const submit = (event: Event, { act, draw }: BodyProps, page: Page): void => {
    event.preventDefault()
    const { question, value, other } = page
    const { typed } = kindOf(question)
    const given = typed ? typed(question, String(value ?? '')) : value
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
      steps > 1 && page.say(strings.step, { at: place + 1, of: steps }),
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
        onKeyDown={() => void (byPointer = false)}
      >
        {meta.length > 0 && <p class="meta">{meta.join(' · ')}</p>}
        {kindOf(question).draw(page)}
        {flow.flaw && (
          <p class="flaw" id={flawId}>
            {page.mark('M12 3a9 9 0 1 0 .01 0zM12 7.5v5M12 16.2v.1')}
            {flawText(question, flow.flaw, page)}
          </p>
        )}
        {drawActs(page, act, { isFirst: place === 0, isLast: place === route.length - 1 })}
      </form>
    )
  }

  return {
    css: [css, ...all.map((each) => each.css)].join(''),
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
