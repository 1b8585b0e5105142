/** A card that nobody sees: runs the real course of a showing, and lets a respondent act in it by calls. */
import { mustAnswer, type AnswerValue, type Question } from '@earshot/contract'
import { type Flow, type FlowInput, type FlowStep, openQuestions, startFlow, stepFlow } from '../core/flow.ts'
import { isEmpty } from '../core/pageAnswer.ts'
import { judgeAll } from '../core/pageJudge.ts'
import { own, questionOf } from '../core/pageRoute.ts'
import { startPages, stepPages } from '../core/pages.ts'
import type { Showing } from '../core/model.ts'
import type { Card, CardHost } from '../ports/card.ts'
import type { Clock } from '../ports/world.ts'

/** A card that is on the screen so long was seen, as the real one counts it. */
const seenAfter = 1000

/** Thanks go away by themselves after this span, as in the real card. */
const thanksStay = 20_000

/** What the respondent says to a question; undefined for nothing. */
export type Respond = (question: Question) => AnswerValue | undefined

/** A card on the screen. */
export interface HeadlessCard extends Card {
  flow(): Flow
  /**
   * One answer. Where each question has a page of its own, goes on to the page of that question first, if the way leads
   * there.
   *
   * @param id of the question, default the first on the screen that has no answer
   */
  answer(respond: Respond, id?: string): void
  /** Answers what must be answered, and goes to the end. Stays where it is when there is no way on. */
  complete(respond: Respond): void
  /** Closes it. */
  dismiss(): void
}

/** @param wait the clock's, by which the card is seen and thanks go away */
export function mountHeadless(
  showing: Showing,
  offline: boolean,
  host: Pick<CardHost, 'now' | 'perform' | 'closed'>,
  wait: Clock['wait'],
): HeadlessCard {
  const { paged = false } = showing
  const step = (at: Flow, input: FlowInput): FlowStep =>
    paged ? stepPages(at, input, judgeAll) : stepFlow(at, input)
  let flow = (paged ? startPages : startFlow)(showing, offline)
  // As the real chunk has it: told as a card that could not be drawn.
  if (paged && flow.page === undefined) throw new Error(`nothing is left to ask in "${showing.survey.id}"`)
  let cancelThanks: (() => void) | undefined

  const destroy = (): void => {
    flow = { ...flow, stage: 'closed' }
    cancelSeen()
    cancelThanks?.()
  }
  const tell = (input: FlowInput): void => {
    const before = flow.stage
    const next = step(flow, input)
    flow = next.flow
    next.effects.forEach(host.perform)
    if (before === 'closed') return
    if (flow.stage === 'thanks') cancelThanks ??= wait(thanksStay, dismiss)
    if (flow.stage !== 'closed') return
    destroy()
    host.closed()
  }
  const cancelSeen = wait(seenAfter, () => tell({ type: 'displayed', at: host.now() }))
  const dismiss = (): void => tell({ type: 'dismiss', at: host.now(), reason: 'close' })
  /** Whether another page is on the screen now, or the end. */
  const goOn = (): boolean => {
    const { page, stage } = flow
    if (page !== undefined) tell({ type: 'next', at: host.now(), page })
    return flow.page !== page || flow.stage !== stage
  }
  const give = (question: Question | undefined, respond: Respond): void => {
    const value = question && respond(question)
    if (question && value !== undefined)
      tell({ type: 'answer', at: host.now(), question: question.id, value })
  }
  const isOpen = ({ id }: Question): boolean => isEmpty(own(flow.answers, id))

  return {
    flow: () => flow,
    tell,
    destroy,
    dismiss,
    answer(respond, id) {
      if (flow.stage !== 'ask') return
      if (!paged)
        return give(
          openQuestions(flow).find((each) => (id ? each.id === id : isOpen(each))),
          respond,
        )
      const isWanted = (each: Question): boolean => (id ? each.id === id : isOpen(each))
      const onScreen = (): Question | undefined => questionOf(flow, flow.page)
      while (flow.stage === 'ask' && !isWanted(onScreen() as Question)) if (!goOn()) break
      if (flow.stage === 'ask' && isWanted(onScreen() as Question)) give(onScreen(), respond)
    },
    complete(respond) {
      if (!paged) {
        // A scale must have its answer; what it opens is seen then.
        for (let turn = 0; turn < flow.survey.questions.length && flow.stage === 'ask'; turn++) {
          const question = openQuestions(flow).find((each) => each.kind === 'scale' && isOpen(each))
          if (!question) break
          give(question, respond)
        }
        if (flow.stage === 'ask' && Object.keys(flow.answers).length)
          tell({ type: 'finish', at: host.now(), texts: {} })
        return
      }
      for (let turn = 0; turn <= flow.survey.questions.length && flow.stage === 'ask'; turn++) {
        const question = questionOf(flow, flow.page)
        if (question && isOpen(question) && mustAnswer(flow, question)) give(question, respond)
        if (!goOn()) return
      }
    },
  }
}
