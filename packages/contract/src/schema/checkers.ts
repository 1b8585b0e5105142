/** The schemas of events and of their envelope as plain code, which is several times faster; made by scripts/checkers.ts. */
import type { FeedbackEvent } from '../event.ts'
import type { Envelope } from './envelope.ts'

interface Fields {
  [key: string]: unknown
}

const names1 = new Set<unknown>([
  'show',
  'event',
  'sequence',
  'page',
  'time',
  'scroll',
  'exit',
  'idle',
  'seen',
  'click',
  'rage',
  'followup',
  'resume',
])
const pattern2 = new RegExp('^\\P{Cs}*$', 'u')
const names3 = new Set<unknown>(['__proto__', 'constructor', 'prototype'])
const pattern4 = new RegExp('^[A-Za-z0-9._-]{1,64}$', 'u')
const names5 = new Set<unknown>(['close', 'escape', 'command'])
const pattern6 = new RegExp(
  '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
  'u',
)
const names7 = new Set<unknown>(['planned', 'shown', 'answered', 'cancelled', 'expired'])
const names8 = new Set<unknown>(['room', 'age', 'unreadable'])
const names9 = new Set<unknown>(['display', 'answer', 'complete', 'dismiss', 'snooze', 'followup'])
const pattern10 = new RegExp(
  '^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})$',
  'u',
)
const names11 = new Set<unknown>(['optout', 'identify', 'group', 'track', 'loss'])

/** True for a JSON value that `eventSchema` takes, and gives back as it is. */
export function isExactEvent(value: unknown): value is FeedbackEvent {
  return event(value)
}

/** True for a JSON value that `envelopeSchema` takes, and gives back as it is. */
export function isExactEnvelope(value: unknown): value is Envelope {
  return envelope(value)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function countOf(value: Fields): number {
  let count = 0
  for (const _ in value) count++
  return count
}

function has(value: unknown): number {
  return value === undefined ? 0 : 1
}

function displayDataHidden(fields: unknown): boolean {
  if (!isFields(fields)) return false
  for (const key in fields)
    if (
      !(
        typeof key === 'string' &&
        key.length >= 1 &&
        key.length <= 100 &&
        !names3.has(key) &&
        ((typeof fields[key] === 'string' && fields[key].length <= 1000) ||
          Number.isFinite(fields[key]) ||
          typeof fields[key] === 'boolean' ||
          fields[key] === null)
      )
    )
      return false
  return countOf(fields) <= 50
}

function displayData(fields: unknown): boolean {
  if (!isFields(fields)) return false
  const { trigger, followUp, hidden, layout, wording } = fields
  return (
    names1.has(trigger) &&
    (followUp === undefined ||
      (typeof followUp === 'string' &&
        followUp.length >= 1 &&
        followUp.length <= 300 &&
        pattern2.test(followUp))) &&
    (hidden === undefined || displayDataHidden(hidden)) &&
    (layout === undefined || (typeof layout === 'string' && layout.length >= 1 && layout.length <= 100)) &&
    (wording === undefined ||
      (typeof wording === 'string' && wording.length >= 1 && wording.length <= 100)) &&
    countOf(fields) === 1 + has(followUp) + has(hidden) + has(layout) + has(wording)
  )
}

function answerData(fields: unknown): boolean {
  if (!isFields(fields)) return false
  const { question, value, other, order, revision } = fields
  return (
    typeof question === 'string' &&
    pattern4.test(question) &&
    (Number.isFinite(value) ||
      (typeof value === 'string' && value.length <= 5000) ||
      typeof value === 'boolean' ||
      (Array.isArray(value) &&
        value.length <= 51 &&
        value.every((each) => typeof each === 'string' && pattern4.test(each)))) &&
    (other === undefined || (typeof other === 'string' && other.length <= 500)) &&
    (order === undefined ||
      (Array.isArray(order) &&
        order.length <= 51 &&
        order.every((each) => typeof each === 'string' && pattern4.test(each)))) &&
    Number.isSafeInteger(revision) &&
    (revision as number) >= 0 &&
    (revision as number) <= 1000000 &&
    countOf(fields) === 3 + has(other) + has(order)
  )
}

function completeData(fields: unknown): boolean {
  return isFields(fields) && countOf(fields) === 0
}

function dismissData(fields: unknown): boolean {
  if (!isFields(fields)) return false
  const { reason } = fields
  return names5.has(reason) && countOf(fields) === 1
}

function snoozeData(fields: unknown): boolean {
  if (!isFields(fields)) return false
  const { until } = fields
  return typeof until === 'string' && pattern6.test(until) && countOf(fields) === 1
}

function followupData(fields: unknown): boolean {
  if (!isFields(fields)) return false
  const { followUp, state, reason, due } = fields
  return (
    typeof followUp === 'string' &&
    followUp.length >= 1 &&
    followUp.length <= 300 &&
    pattern2.test(followUp) &&
    names7.has(state) &&
    (reason === undefined || (typeof reason === 'string' && reason.length >= 1 && reason.length <= 100)) &&
    (due === undefined || (typeof due === 'string' && pattern6.test(due))) &&
    countOf(fields) === 2 + has(reason) + has(due)
  )
}

function identifyData(fields: unknown): boolean {
  if (!isFields(fields)) return false
  const { traits } = fields
  return displayDataHidden(traits) && countOf(fields) === 1
}

function groupData(fields: unknown): boolean {
  if (!isFields(fields)) return false
  const { group, traits } = fields
  return (
    typeof group === 'string' &&
    group.length >= 1 &&
    group.length <= 200 &&
    displayDataHidden(traits) &&
    countOf(fields) === 2
  )
}

function trackData(fields: unknown): boolean {
  if (!isFields(fields)) return false
  const { name, props } = fields
  return (
    typeof name === 'string' &&
    name.length >= 1 &&
    name.length <= 100 &&
    displayDataHidden(props) &&
    countOf(fields) === 2
  )
}

function lossDataEvents(fields: unknown): boolean {
  if (!isFields(fields)) return false
  for (const key in fields)
    if (
      !(
        typeof key === 'string' &&
        key.length >= 1 &&
        key.length <= 100 &&
        Number.isSafeInteger(fields[key]) &&
        (fields[key] as number) >= 1 &&
        (fields[key] as number) <= 1000000
      )
    )
      return false
  return countOf(fields) <= Infinity
}

function lossData(fields: unknown): boolean {
  if (!isFields(fields)) return false
  const { reason, events, surveys, from, to } = fields
  return (
    names8.has(reason) &&
    lossDataEvents(events) &&
    lossDataEvents(surveys) &&
    typeof from === 'string' &&
    pattern6.test(from) &&
    typeof to === 'string' &&
    pattern6.test(to) &&
    countOf(fields) === 5
  )
}

function dataFits(type: unknown, data: unknown): boolean {
  switch (type) {
    case 'display':
      return displayData(data)
    case 'answer':
      return answerData(data)
    case 'complete':
      return completeData(data)
    case 'dismiss':
      return dismissData(data)
    case 'snooze':
      return snoozeData(data)
    case 'followup':
      return followupData(data)
    case 'optout':
      return completeData(data)
    case 'identify':
      return identifyData(data)
    case 'group':
      return groupData(data)
    case 'track':
      return trackData(data)
    case 'loss':
      return lossData(data)
    default:
      return false
  }
}

function eventContext(fields: unknown): boolean {
  if (!isFields(fields)) return false
  const { url, locale, channel, touchpoint, stage } = fields
  return (
    (url === undefined || (typeof url === 'string' && url.length <= 2000)) &&
    (locale === undefined || (typeof locale === 'string' && locale.length <= 35)) &&
    typeof channel === 'string' &&
    channel.length >= 1 &&
    channel.length <= 100 &&
    (touchpoint === undefined ||
      (typeof touchpoint === 'string' && touchpoint.length >= 1 && touchpoint.length <= 100)) &&
    (stage === undefined || (typeof stage === 'string' && stage.length >= 1 && stage.length <= 100)) &&
    countOf(fields) === 1 + has(url) + has(locale) + has(touchpoint) + has(stage)
  )
}

function event1(fields: unknown): boolean {
  if (!isFields(fields)) return false
  const {
    id,
    at,
    visitor,
    person,
    session,
    seq,
    context,
    survey,
    surveyVersion,
    response,
    variant,
    type,
    data,
  } = fields
  return (
    typeof id === 'string' &&
    pattern10.test(id) &&
    typeof at === 'string' &&
    pattern6.test(at) &&
    typeof visitor === 'string' &&
    visitor.length >= 1 &&
    visitor.length <= 64 &&
    ((typeof person === 'string' && person.length >= 1 && person.length <= 200) || person === null) &&
    typeof session === 'string' &&
    session.length >= 1 &&
    session.length <= 64 &&
    Number.isSafeInteger(seq) &&
    (seq as number) >= 0 &&
    eventContext(context) &&
    typeof survey === 'string' &&
    pattern4.test(survey) &&
    Number.isSafeInteger(surveyVersion) &&
    (surveyVersion as number) >= 1 &&
    (surveyVersion as number) <= 1000000 &&
    typeof response === 'string' &&
    pattern10.test(response) &&
    (variant === undefined || (typeof variant === 'string' && pattern4.test(variant))) &&
    names9.has(type) &&
    dataFits(type, data) &&
    countOf(fields) === 12 + has(variant)
  )
}

function event2(fields: unknown): boolean {
  if (!isFields(fields)) return false
  const { id, at, visitor, person, session, seq, context, type, data } = fields
  return (
    typeof id === 'string' &&
    pattern10.test(id) &&
    typeof at === 'string' &&
    pattern6.test(at) &&
    typeof visitor === 'string' &&
    visitor.length >= 1 &&
    visitor.length <= 64 &&
    ((typeof person === 'string' && person.length >= 1 && person.length <= 200) || person === null) &&
    typeof session === 'string' &&
    session.length >= 1 &&
    session.length <= 64 &&
    Number.isSafeInteger(seq) &&
    (seq as number) >= 0 &&
    eventContext(context) &&
    names11.has(type) &&
    dataFits(type, data) &&
    countOf(fields) === 9
  )
}

function event(value: unknown): boolean {
  return event1(value) || event2(value)
}

function envelope(fields: unknown): boolean {
  if (!isFields(fields)) return false
  const { key, sentAt, sdk, surveys, events } = fields
  return (
    typeof key === 'string' &&
    key.length >= 1 &&
    key.length <= 100 &&
    typeof sentAt === 'string' &&
    pattern6.test(sentAt) &&
    typeof sdk === 'string' &&
    sdk.length >= 1 &&
    sdk.length <= 50 &&
    (surveys === undefined || (Array.isArray(surveys) && surveys.length <= 50)) &&
    Array.isArray(events) &&
    events.length >= 1 &&
    events.length <= 500 &&
    countOf(fields) === 4 + has(surveys)
  )
}
