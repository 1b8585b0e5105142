/** Runs the flow of a showing and hands it to the site, in the place of the card. A lazy chunk. */
import type { AnswerValue } from '@earshot/contract'
import type { FlowInput } from '../core/flow.ts'
import type { MountCard } from '../ports/card.ts'
import { watchVisible } from '../ui/visible.ts'
import type {
  HeadlessFlaw,
  HeadlessQuestion,
  HeadlessState,
  HeadlessSurvey,
  OnSurvey,
  Untimed,
  Way,
} from './model.ts'
import { plainWay } from './plainWay.ts'

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  (typeof value === 'string' && !value.trim()) ||
  (Array.isArray(value) && !value.length)

/** @param snooze puts off the survey on the screen */
export function createMount(onSurvey: OnSurvey, snooze: (days?: number) => void): MountCard {
  return (showing, offline, host, kinds) => {
    const { survey, response } = showing
    const way = kinds ? (kinds.createKinds(undefined as never, () => ({})) as Way) : plainWay
    let flow = way.start(showing, offline)
    let flaw: HeadlessFlaw | null = null
    let snapshot: HeadlessState | undefined
    let isGone = false
    let stopWatching = (): void => {}
    let release!: () => void
    const gone = new Promise<void>((resolve) => (release = resolve))
    /** Listeners of an event target cannot stop each other, nor us, by throwing. */
    const bus = new EventTarget()

    const changed = (): void => {
      snapshot = undefined
      bus.dispatchEvent(new Event('change'))
    }

    const tell = (input: FlowInput): void => {
      const next = way.step(flow, input)
      flow = next.flow
      next.effects.forEach(host.perform)
      if (isGone) return
      if (flow.stage === 'closed') close()
      else changed()
    }

    const act = (input: Untimed): void => tell({ at: host.now(), ...input } as FlowInput)

    const destroy = (): void => {
      if (isGone) return
      isGone = true
      flow = { ...flow, stage: 'closed' }
      stopWatching()
      release()
      changed()
      bus.dispatchEvent(new Event('gone'))
    }

    const close = (): void => {
      destroy()
      host.closed()
    }

    /** What is refused is part of the state, and told. */
    const refuse = (code: HeadlessFlaw['code'], message: string, question?: string): HeadlessFlaw => {
      flaw = { code, message, question }
      changed()
      return flaw
    }

    const ended = (): HeadlessFlaw => refuse('ended', `"${survey.id}" is over`)
    const missing = (question: string): HeadlessFlaw =>
      refuse('missing', `question "${question}" needs an answer`, question)

    const asked = (): readonly HeadlessQuestion[] => way.look(flow).questions

    /** What is wrong with an answer, before anything is recorded. */
    const judge = (id: string, given: unknown, other?: unknown): AnswerValue | HeadlessFlaw => {
      const question = asked().find((each) => each.id === id)
      const ids = asked().map((each) => `"${each.id}"`)
      if (!question)
        return refuse('not-asked', `question "${id}" is not asked now; asked: ${ids.join(', ')}`, id)
      if (isEmpty(given)) {
        if (question.required || !way.takesEmpty) return missing(id)
        return question.kind === 'choice' ? [] : ''
      }
      const { value, wrong } = way.judge(question, given, other)
      if (value === null || wrong !== null)
        return refuse('misfit', `question "${id}": ${wrong ?? 'no value'}`, id)
      return value
    }

    const isFlaw = (judged: AnswerValue | HeadlessFlaw): judged is HeadlessFlaw =>
      typeof judged === 'object' && 'code' in judged

    /** The flow has the last word on what may stand. */
    const stayed = (): HeadlessFlaw | null => {
      const { page = '', flaw: found } = flow
      if (!found) return null
      return found === 'missing'
        ? missing(page)
        : refuse('misfit', `question "${page}" takes no such value`, page)
    }

    const answer = (id: string, given: unknown, other?: string): HeadlessFlaw | null => {
      if (flow.stage !== 'ask') return ended()
      const value = judge(id, given, other)
      if (isFlaw(value)) return value
      flaw = null
      act({ type: 'answer', question: id, value, other })
      return stayed()
    }

    /** One step on, unless something that must be answered is not. */
    const onward = (): HeadlessFlaw | null => {
      if (flow.stage !== 'ask') return ended()
      const open = asked().find(({ id, required }) => required && !Object.hasOwn(flow.answers, id))
      if (open) return missing(open.id)
      flaw = null
      act(way.onward(flow))
      return stayed()
    }

    const finish = (texts: Readonly<Record<string, string>>): HeadlessFlaw | null => {
      if (flow.stage !== 'ask') return ended()
      const given = Object.entries(texts).filter(([, text]) => !isEmpty(text))
      for (const [id, text] of given) {
        const judged = judge(id, text)
        if (isFlaw(judged)) return judged
      }
      const open = asked().find(
        ({ id, required }) => required && !Object.hasOwn(flow.answers, id) && !Object.hasOwn(texts, id),
      )
      if (open) return missing(open.id)
      for (const [id, text] of given) answer(id, text)
      // The last of the answers may have been the end.
      let refused: HeadlessFlaw | null = null
      while (flow.stage === 'ask' && !refused) refused = onward()
      return refused
    }

    /** Recorded only when somebody can have seen it. */
    const displayed = (element?: Element): void => {
      stopWatching()
      if (isGone) return
      const seen = (): void => {
        stopWatching()
        act({ type: 'displayed' })
      }
      if (element) return void (stopWatching = watchVisible(element, seen))
      const look = (): void => (document.hidden ? undefined : seen())
      document.addEventListener('visibilitychange', look)
      stopWatching = () => document.removeEventListener('visibilitychange', look)
      look()
    }

    const state = (): HeadlessState => {
      const { stage, answers } = flow
      const isOther = ([key]: [string, unknown]): boolean => key.endsWith('/other')
      const entries = Object.entries(answers)
      const { questions, ...place } = way.look(flow)
      return {
        stage,
        questions: stage === 'ask' ? questions : [],
        ...place,
        answers: Object.fromEntries(entries.filter((each) => !isOther(each))),
        others: Object.fromEntries(
          entries.filter(isOther).map(([key, value]) => [key.slice(0, -'/other'.length), String(value)]),
        ),
        flaw,
        thanks: flow.survey.thanks,
        offline: flow.offline,
      }
    }

    const handed: HeadlessSurvey = {
      id: survey.id,
      response,
      survey,
      state: () => (snapshot ??= state()),
      subscribe(listener) {
        const hear = (): void => listener()
        bus.addEventListener('change', hear)
        return () => bus.removeEventListener('change', hear)
      },
      displayed,
      answer: (question, value, more) => answer(question, value, more?.other),
      next: onward,
      back() {
        if (flow.stage === 'ask') act({ type: 'back' })
      },
      finish: (texts = {}) => finish(texts),
      dismiss() {
        if (!isGone) act({ type: 'dismiss', reason: 'close' })
      },
      snooze(days) {
        if (!isGone) snooze(days)
      },
    }

    let takeAway: ReturnType<OnSurvey>
    try {
      takeAway = onSurvey(handed)
    } catch (error) {
      // It was not shown: whoever kept it can do nothing with it.
      destroy()
      throw error
    }
    bus.addEventListener('gone', () => takeAway?.())
    // Closed while it was being drawn.
    if (isGone) bus.dispatchEvent(new Event('gone'))
    // On one tab only: the later one steals the lock, and the survey of the earlier goes without a word.
    else
      navigator.locks
        ?.request(`earshot:${host.lock}/${survey.id}`, { steal: true }, () => gone)
        .catch((error: Error) => error.name === 'AbortError' && close())
    return { tell, destroy }
  }
}
