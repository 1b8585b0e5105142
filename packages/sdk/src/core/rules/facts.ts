/** What a rule may look at: the values of all facts, as this browser knows them. */
import { type AnswerValue, bandOf, type Fact, type Facts, type Scalar } from '@earshot/contract'
import type { State, Wish } from '../model.ts'
import { days, type Instant } from '../time.ts'
import { parameterOf, parseAddress } from './address.ts'
import { calendarOf } from './calendar.ts'

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** Reads own properties only: a page may have polluted the prototype. */
export function own<Value>(bag: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
  return bag && Object.hasOwn(bag, key) ? bag[key] : undefined
}

/** All facts that `Test` in the contract names. */
export function factsOf(
  state: State,
  now: Instant,
  wish?: Wish,
  answers?: Readonly<Record<string, AnswerValue>>,
): Facts {
  const { memory, context } = state
  const page = state.rich?.facts
  const { path, query } = parseAddress(page?.url ?? '')
  const known: Readonly<Record<string, Fact>> = {
    device: page?.device,
    'viewport.width': page?.width,
    'viewport.height': page?.height,
    locale: page?.locale,
    'page.url': page?.url,
    'page.path': page && path,
    'page.views': memory?.pages,
    referrer: page?.referrer || undefined,
    'visitor.returning': memory ? (memory.sessions ?? 1) > 1 : undefined,
    'session.count': memory ? (memory.sessions ?? 1) : undefined,
    'tenure.days': Math.max(0, Math.floor((now - (memory?.since ?? now)) / days(1))),
    stage: context.stage,
    touchpoint: context.touchpoint,
    // The same default as in what is sent.
    channel: context.channel || 'web',
  }
  const bags: Readonly<Record<string, Readonly<Record<string, Fact>> | undefined>> = {
    trait: memory?.traits,
    group: memory?.group,
    event: wish?.event,
    hidden: wish?.hidden,
    answer: answers,
  }
  return (fact, zone) => {
    const dot = fact.indexOf('.')
    const kind = fact.slice(0, Math.max(dot, 0))
    const name = fact.slice(dot + 1)
    if (kind === 'band') return bandIn(state, wish, name, own(answers, name))
    if (kind === 'campaign') return parameterOf(query, `utm_${name === 'name' ? 'campaign' : name}`)
    if (kind === 'time') return timeOf(now, name, zone ?? page?.zone)
    if (!Object.hasOwn(bags, kind)) return own(known, fact)
    const value = own(bags[kind], name)
    // Null takes a trait away, so it is not known any more.
    return value === null && (kind === 'trait' || kind === 'group') ? undefined : value
  }
}

/** The facts of one event, for rules that look at nothing else. */
export function eventFacts(props: Readonly<Record<string, Scalar>>): Facts {
  return (fact) => (fact.startsWith('event.') ? own(props, fact.slice(6)) : undefined)
}

function bandIn(state: State, wish: Wish | undefined, id: string, value: AnswerValue | undefined): Fact {
  const survey = state.surveys.find((each) => each.id === wish?.survey)
  const question = survey?.questions.find((each) => each.id === id)
  return question?.kind === 'scale' && typeof value === 'number' ? bandOf(question, value) : undefined
}

function timeOf(now: Instant, name: string, zone: string | undefined): Fact {
  const parts = zone ? calendarOf(now, zone) : null
  if (!parts) return undefined
  if (name === 'hour') return Number(parts.hour)
  if (name === 'weekday') return weekdays.indexOf(parts.weekday ?? '') + 1
  return name === 'date' ? `${parts.year}-${parts.month}-${parts.day}` : undefined
}
