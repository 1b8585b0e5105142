/** Turns what is known of a customer's story into the rows of its timeline. */
import type { Errand, Story } from '../../server/story.ts'
import type { Step } from './view.tsx'

/** Whose story is followed. */
export interface Hero {
  person: string
  ticket: string
}

/** The rows, in order. Without somebody, all wait. */
export function storySteps(hero: Hero | null, story: Story | null, collector: string): Step[] {
  return [
    enquiry(hero, story),
    planned(story),
    mailed(story),
    answered(hero, story),
    heard(story),
    opened(story, collector),
    closed(story),
    told(story),
  ]
}

/** Whether nothing more is to come: the customer knows, or somebody content was thanked. */
export function isToldOut(story: Story | null): boolean {
  if (!story?.answer || story.webhook?.state !== 'done') return false
  return story.answer.score > 6 || story.told?.state === 'done'
}

const moment = (at: string): string =>
  new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
const stateOf = (errand: Errand | null): Step['state'] =>
  errand?.state === 'done' ? 'done' : errand && errand.state !== 'waiting' ? 'failed' : 'waiting'
/** Why it did not go out. */
const because = ({ state, reason }: Errand): string =>
  `${state === 'dead' ? 'It was given up' : 'It was stopped'}: ${reason ?? 'no reason is known'}.`
/** The span between two moments of the collector, in words. */
function spanText(from: string, to: string): string {
  const span = Date.parse(to) - Date.parse(from)
  if (span < 60_000) return `${(span / 1000).toLocaleString('en', { maximumFractionDigits: 2 })} s`
  const days = span / 86_400_000
  return days < 1
    ? `${Math.round(span / 60_000)} min`
    : `${days.toLocaleString('en', { maximumFractionDigits: 1 })} days`
}

function enquiry(hero: Hero | null, story: Story | null): Step {
  return {
    name: 'enquiry',
    title: 'An enquiry is answered',
    proof: 'The page tracks the event “enquiry_answered”. Nobody comes back to the shop after it.',
    state: story?.planned ? 'done' : 'waiting',
    said: hero
      ? `The enquiry ${hero.ticket} of ${hero.person} was answered.`
      : 'Press “Answer an enquiry”, then lean back.',
    time: story?.planned ? moment(story.planned.madeAt) : '',
    data: hero,
  }
}

function planned(story: Story | null): Step {
  const errand = story?.planned ?? null
  const said = !errand
    ? 'Nothing yet.'
    : errand.due
      ? `It goes out on ${moment(errand.due)}, unless the question is answered before.`
      : stateOf(errand) === 'failed'
        ? because(errand)
        : 'It was due, and nothing stood against it.'
  return {
    name: 'planned',
    title: 'A follow-up is planned',
    proof:
      'It is a job in the collector’s store, so it outlives a crash, and its identity makes it happen once.',
    state: stateOf(errand) === 'failed' ? 'failed' : errand ? 'done' : 'waiting',
    said,
    time: errand ? moment(errand.madeAt) : '',
    data: errand && { followUp: story?.followUp, ...(errand.due && { due: errand.due }) },
  }
}

/** What is told of a message: that it went out, why it did not, or what it waits for. */
function byMail(
  errand: Story['mail'],
  meanwhile: string,
  link: string,
): Pick<Step, 'state' | 'said' | 'time' | 'data' | 'link'> {
  const message = errand?.message ?? null
  const state =
    errand?.state === 'done' && message ? 'done' : stateOf(errand) === 'failed' ? 'failed' : 'waiting'
  return {
    state,
    said:
      state === 'done' && message
        ? `“${message.subject}” to ${message.to}.`
        : state === 'failed' && errand
          ? because(errand)
          : meanwhile,
    time: state === 'done' && errand?.endedAt ? moment(errand.endedAt) : '',
    data: message,
    ...(message && { link: { href: `/verify/mail/${message.number}`, text: link } }),
  }
}

function mailed(story: Story | null): Step {
  const meanwhile = story?.planned ? 'Waiting until it is due.' : 'Nothing yet.'
  return {
    name: 'mail',
    title: 'The mail is sent',
    proof: 'A mail server on this machine took it, and this is what it was given. It reaches nobody else.',
    ...byMail(story?.mail ?? null, meanwhile, 'Open the mail, and choose a score in it'),
  }
}

function answered(hero: Hero | null, story: Story | null): Step {
  const answer = story?.answer ?? null
  const isJoined = answer !== null && answer.person === hero?.person && answer.followUp === story?.followUp
  return {
    name: 'answer',
    title: 'The link is answered',
    proof:
      'The response has the same person and the identity of the follow-up, though no browser knew of either.',
    state: answer ? (isJoined ? 'done' : 'failed') : 'waiting',
    said: answer
      ? isJoined
        ? `${answer.person} chose ${answer.score}, by the channel “${answer.channel}”.`
        : 'The response belongs to somebody else.'
      : story?.mail?.message
        ? 'Waiting for a click on a score, and “Send”.'
        : 'Nothing yet.',
    time: answer ? moment(answer.at) : '',
    data: answer,
  }
}

function heard(story: Story | null): Step {
  const errand = story?.webhook ?? null
  const first = errand?.heard.find(({ type }) => type === 'answer.given')
  const state = errand?.state === 'done' ? (first?.isSigned ? 'done' : 'failed') : stateOf(errand)
  return {
    name: 'webhook',
    title: 'The webhook is delivered',
    proof: 'The help desk of the demo got it and checked its signature.',
    state,
    said:
      state === 'done' && errand?.endedAt && story?.answer
        ? `Delivered ${spanText(story.answer.at, errand.endedAt)} after the answer, with a good signature.`
        : state === 'failed' && errand
          ? errand.state === 'done'
            ? 'Its signature is not right.'
            : because(errand)
          : 'Nothing yet.',
    time: state === 'done' && errand?.endedAt ? moment(errand.endedAt) : '',
    data: errand && errand.heard.map(({ type, id }) => ({ type, id })),
  }
}

function opened(story: Story | null, collector: string): Step {
  const about = story?.case ?? null
  const isContent = story?.answer !== undefined && story.answer !== null && story.answer.score > 6
  return {
    name: 'case',
    title: 'A case is opened',
    proof: 'A score from 0 to 6 is somebody’s task, at once. A better one opens none.',
    state: about ? 'done' : 'waiting',
    said:
      about && story?.answer
        ? `“${about.title}” for every ${about.role}, ${spanText(story.answer.at, about.openedAt)} after the answer.`
        : isContent
          ? 'None is needed: this customer is content.'
          : 'Nothing yet.',
    time: about ? moment(about.openedAt) : '',
    data: about && { case: about.id, state: about.state },
    ...(about && {
      link: {
        href: `${collector}/dashboard/cases/${about.id}`,
        text: 'Open the case in the dashboard, and close it',
      },
    }),
  }
}

function closed(story: Story | null): Step {
  const about = story?.case ?? null
  const isClosed = about?.state === 'closed' && about.closedAt !== null
  return {
    name: 'closed',
    title: 'The case is closed',
    proof: 'Somebody looked after it, and said why it is closed.',
    state: isClosed ? 'done' : 'waiting',
    said: isClosed
      ? `Closed as “${about.reason ?? ''}”, ${spanText(about.openedAt, about.closedAt ?? '')} after it was opened.`
      : about
        ? 'Waiting for somebody to close it.'
        : 'Nothing yet.',
    time: isClosed && about.closedAt ? moment(about.closedAt) : '',
    data: isClosed ? { reason: about.reason, message: about.message } : null,
  }
}

function told(story: Story | null): Step {
  const isUnsaid = story?.case?.state === 'closed' && story.case.message === null
  const meanwhile = isUnsaid
    ? 'No message was written when it was closed. “Tell them” in the dashboard does it now.'
    : 'Nothing yet.'
  return {
    name: 'told',
    title: 'The customer is told',
    proof: 'You said, we did: what was written when the case was closed came by mail.',
    ...byMail(story?.told ?? null, meanwhile, 'Read it'),
  }
}
