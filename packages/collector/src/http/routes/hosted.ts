/** `/s/{token}`: a survey behind a link of a message; `/u/{token}`: the way out. To look changes nothing: programs look at every link. */
import {
  answersOf,
  fits,
  hostedEvents,
  openQuestion,
  readAnswer,
  routeOf,
  type Answers,
  type Given,
} from '../../core/hostedCourse.ts'
import { readBatch } from '../../core/ingest.ts'
import { hexOf, type LinkBody } from '../../core/linkToken.ts'
import { acceptedLanguages, spokenIn, spokenSurvey, type SpokenSurvey } from '../../core/mailLanguage.ts'
import { askPage, notePage, thanksPage, unsubscribePage } from '../../core/mailPage.ts'
import { formatMoment } from '../../core/time.ts'
import type { Standing } from '../../ports.ts'
import { someone } from '../caller.ts'
import { readForm } from '../body.ts'
import { hostedScript, hostedStyle } from '../hostedFiles.ts'
import { tooMany } from '../limits.ts'
import { tagged, type Call, type Deps, type Route } from '../route.ts'
import { storeBatch } from './feedback.ts'

/** Nothing but one sheet and one script of ours; the only form leads back here. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const mostRevisions = 1000

function html(body: string, status = 200): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    },
  })
}

/** What is known when a page of a survey is made. */
interface Visit {
  standing: Standing
  spoken: SpokenSurvey
  answers: Answers
  passed: string[]
}

/** The routes of this file. */
export function hostedRoutes(deps: Deps): Route[] {
  const { store, clock, hash, mail, limits, metrics } = deps

  /** The kind page for a link that opens nothing, in the language that the link or the browser tells. */
  const closed = (call: Call, link: LinkBody | null, why: 'expired' | 'broken' | 'answered'): Response => {
    const accepted = acceptedLanguages(call.request.headers.get('accept-language'))
    const spoken = spokenIn(link ? [link.language] : accepted)
    const status = why === 'broken' ? 404 : why === 'expired' ? 410 : 200
    return html(notePage(spoken, spoken.mail[why]), status)
  }
  const limited = (call: Call): Response | null => {
    const wait = limits.network(call.network)
    if (wait === 0) return null
    metrics.limited('network')
    return tooMany(wait)
  }

  const open = async (call: Call): Promise<Visit | Response> => {
    const refused = limited(call)
    if (refused) return refused
    const link = await mail.read(call.params.token ?? '')
    if (link?.kind !== 'survey') return closed(call, null, 'broken')
    if (link.expires <= clock.now()) return closed(call, link, 'expired')
    const standing = await mail.standing(link)
    if (standing === 'gone') return closed(call, link, 'broken')
    if (standing === 'answered') return closed(call, link, 'answered')
    const accepted = acceptedLanguages(call.request.headers.get('accept-language'))
    // The language of the message goes before that of the browser.
    const spoken = spokenSurvey(standing.survey, [...standing.wanted, link.language, ...accepted])
    return { standing, spoken, answers: answersOf(standing.response), passed: [] }
  }

  const ask = (
    visit: Visit,
    more: { chosen?: Given; isFromLink?: boolean; flaw?: 'missing' | 'misfit' },
  ): Response => {
    const { standing, spoken, answers, passed } = visit
    const question = openQuestion(spoken.survey, answers, passed)
    if (!question || standing.response?.completedAt) return html(thanksPage(visit))
    const known = standing.response?.answers
    const revision = known && Object.hasOwn(known, question.id) ? (known[question.id]?.revision ?? 0) + 1 : 0
    const { chosen, isFromLink = false, flaw } = more
    const page = askPage({ spoken, question, answers, passed, revision, chosen, isFromLink, flaw })
    return html(page, flaw === undefined ? 200 : 400)
  }

  const show = async (call: Call): Promise<Response> => {
    const visit = await open(call)
    if (visit instanceof Response) return visit
    const question = openQuestion(visit.spoken.survey, visit.answers, [])
    const wanted = call.url.searchParams.get('a')
    const chosen = wanted === null || !question ? undefined : readAnswer(question, [wanted.slice(0, 200)], '')
    if (!question || !chosen || !fits(question, chosen)) return ask(visit, {})
    return ask(visit, { chosen, isFromLink: true })
  }

  const take = async (call: Call): Promise<Response> => {
    const visit = await open(call)
    if (visit instanceof Response) return visit
    const form = await readForm(call.request, call.memory)
    if (!form.ok) return form.response
    const { standing, spoken } = visit
    const { survey } = spoken
    if (standing.response?.completedAt) return html(thanksPage(visit))
    const fields = form.value
    // A store may tell of what was answered a moment ago only later, so the form brings it along; it is stored already.
    const answers = { ...carried(fields.get('answers'), survey), ...visit.answers }
    const passed = (fields.get('passed') ?? '')
      .split(' ')
      .filter((each) => survey.questions.some(({ id }) => id === each))
    const here = { ...visit, answers, passed }
    const id = fields.get('question') ?? ''
    const question = survey.questions.find((each) => each.id === id)
    if (!question || !routeOf(survey, answers).includes(id)) return ask(here, {})
    const isSkipped =
      fields.get('act') === 'skip' || question.kind === 'statement' || question.kind === 'link'
    const values = fields.getAll('value').map((each) => each.replaceAll('\r\n', '\n'))
    const given = isSkipped ? undefined : readAnswer(question, values, fields.get('other') ?? '')
    if (given && !fits(question, given))
      return ask({ ...here, answers: without(answers, id) }, { chosen: given, flaw: 'misfit' })
    if (!given && !isSkipped) return ask({ ...here, answers: without(answers, id) }, { flaw: 'missing' })
    const after = {
      ...here,
      answers: given ? { ...answers, [id]: given } : answers,
      passed: given ? passed : [...passed, id],
    }
    const isEnd = openQuestion(survey, after.answers, after.passed) === null
    const told = fields.get('revision') ?? ''
    const revision = /^\d{1,4}$/.test(told) ? Math.min(Number(told), mostRevisions) : 0
    await keep(standing, spoken, { question: id, given: given ?? null, revision, isEnd })
    return isEnd ? html(thanksPage(after)) : ask(after, {})
  }

  /** By the same way as what a page sends: judged, counted, and stored once. */
  const keep = async (
    standing: Standing,
    { wording, survey }: SpokenSurvey,
    act: Parameters<typeof hostedEvents>[1],
  ): Promise<void> => {
    const { site, followUp, responseId, response, visitor, person, seq } = standing
    const now = clock.now()
    const about = {
      site,
      followUp,
      response: responseId,
      survey,
      visitor,
      person,
      wording,
      seq,
      isShown: response?.followUp === followUp,
    }
    const events = hostedEvents(about, act, now, (text) => hash.sha256(text))
    const envelope = { key: '', sentAt: formatMoment(now), sdk: 'hosted/1', events }
    const { sites } = await store.keyring()
    const own = sites.find((each) => each.id === site)
    if (!own) return
    const receipt = await storeBatch(deps, own, readBatch(envelope, now), now, someone)
    const [refused] = receipt.rejected
    if (refused)
      throw new Error(`an answer of a hosted survey was refused: ${refused.code} at ${refused.path}`)
  }

  const leave = async (call: Call, isPost: boolean): Promise<Response> => {
    const refused = limited(call)
    if (refused) return refused
    const link = await mail.read(call.params.token ?? '')
    if (link?.kind !== 'unsubscribe') return closed(call, null, 'broken')
    const { site } = link
    const spoken = spokenIn([link.language])
    const page = async (state: 'ask' | 'left' | 'back'): Promise<Response> =>
      html(unsubscribePage(spoken, await mail.nameOf(site), state))
    if (!isPost) return page('ask')
    // A program of mail sends another form, or none, and means that somebody wants no more (RFC 8058).
    const form = await readForm(call.request, call.memory)
    const who = hexOf(link.who)
    if (form.ok && form.value.get('act') === 'again') {
      await store.resubscribe(site, who)
      return page('back')
    }
    const person = await store.personNamed(site, who)
    await store.unsubscribe(site, { who, mail: hexOf(link.mail), person, by: 'link', at: clock.now() })
    return page('left')
  }

  const file = (path: string, type: string, text: string): Route => ({
    method: 'GET',
    path,
    access: 'open',
    handle: async ({ request }) =>
      tagged(request, text, hash, { 'content-type': type, 'cache-control': 'public, max-age=300' }),
  })
  const route = (method: 'GET' | 'POST', path: string, handle: (call: Call) => Promise<Response>): Route => ({
    method,
    path,
    access: 'open',
    handle,
  })
  return [
    route('GET', '/s/{token}', show),
    route('POST', '/s/{token}', take),
    route('GET', '/u/{token}', (call) => leave(call, false)),
    route('POST', '/u/{token}', (call) => leave(call, true)),
    file('/hosted/page.css', 'text/css; charset=utf-8', hostedStyle),
    file('/hosted/page.js', 'text/javascript; charset=utf-8', hostedScript),
  ]
}

function without(answers: Answers, id: string): Answers {
  const { [id]: _, ...rest } = answers
  return rest
}

/** The answers that a form brings along. They decide which question comes next, and nothing else. */
function carried(text: string | null, { questions }: SpokenSurvey['survey']): Answers {
  let value: unknown
  try {
    value = JSON.parse(text ?? '{}')
  } catch {
    return {}
  }
  if (typeof value !== 'object' || value === null) return {}
  const found = questions.flatMap((question): [string, Given][] => {
    const given = Object.hasOwn(value, question.id)
      ? (value as Record<string, unknown>)[question.id]
      : undefined
    if (typeof given !== 'object' || given === null || !('value' in given)) return []
    const read = given as Given
    return fits(question, read) ? [[question.id, read]] : []
  })
  return Object.fromEntries(found)
}
