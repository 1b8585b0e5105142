/** `/s/{token}`: a survey behind a link of a message. To look changes nothing: programs look at every link. */
import {
  answersOf,
  fill,
  fits,
  hostedEvents,
  openQuestion,
  readAnswer,
  wayOf,
  type Answers,
  type Given,
} from '../../core/hostedCourse.ts'
import { readActs, type ToldAct } from '../../core/hostedActs.ts'
import { readBatch } from '../../core/ingest.ts'
import { acceptedLanguages, spokenSurvey, type SpokenSurvey } from '../../core/mailLanguage.ts'
import { askPage, thanksPage } from '../../core/mailPage.ts'
import { formatMoment } from '../../core/time.ts'
import type { Standing } from '../../ports/mailDesk.ts'
import { someone } from '../caller.ts'
import { readBody, readForm } from '../body.ts'
import { createBuiltFiles } from '../builtFiles.ts'
import { problem } from '../errors.ts'
import { createDoor, html } from '../hostedPage.ts'
import { hostedScript, hostedStyle } from '../hostedFiles.ts'
import { json, tagged, type Call, type Deps, type Route } from '../route.ts'
import { storeBatch } from './feedback.ts'

const mostRevisions = 1000

/** What is known when a page of a survey is made. */
interface Visit {
  standing: Standing
  spoken: SpokenSurvey
  answers: Answers
  passed: string[]
}

/** The routes of this file. */
export function hostedRoutes(deps: Deps): Route[] {
  const { store, clock, hash, log, mail, browserFiles } = deps
  const { closed, limited } = createDoor(deps)
  const serveBuilt = createBuiltFiles(browserFiles, hash, () => true)

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
    const page = askPage({
      spoken,
      question,
      answers,
      passed,
      revision,
      chosen,
      isFromLink,
      hasCard: browserFiles !== null,
      flaw,
    })
    return html(page, flaw === undefined ? 200 : 400)
  }

  /** The answer that the link has chosen. It is one to the question that the message asked, so not once somebody went on from that. */
  const chosenBy = (
    call: Call,
    { standing, spoken, answers }: Visit,
  ): { id: string; chosen: Given } | null => {
    const question = openQuestion(spoken.survey, answers, [])
    const wanted = call.url.searchParams.get('a')
    if (wanted === null || !question || standing.response?.followUp === standing.followUp) return null
    const chosen = readAnswer(question, [wanted.slice(0, 200)], '')
    return chosen && fits(question, chosen) ? { id: question.id, chosen } : null
  }

  const show = async (call: Call): Promise<Response> => {
    const visit = await open(call)
    if (visit instanceof Response) return visit
    const found = chosenBy(call, visit)
    if (wantsState(call.request)) return tell(visit, found)
    return ask(visit, found ? { chosen: found.chosen, isFromLink: true } : {})
  }

  /** How the response stands, for the script of the page. */
  const tell = async (
    visit: Visit,
    found: ReturnType<typeof chosenBy>,
    acts: readonly ToldAct[] = [],
  ): Promise<Response> => {
    const { standing, spoken } = visit
    const { translations: _, ...survey } = spoken.survey
    const answers: Record<string, Given & { revision: number }> = {}
    for (const [id, { value, other, revision }] of Object.entries(standing.response?.answers ?? {}))
      answers[id] = { value, other, revision }
    // A store may tell of what was stored a moment ago only later.
    for (const { question, given, revision } of acts)
      if (question !== null && given && revision >= (own(answers, question)?.revision ?? 0))
        answers[question] = { ...given, revision }
    const settings = await store.settings(standing.site)
    const after = found ? { ...answers, [found.id]: found.chosen } : answers
    const said = (text: string): string => fill(survey, answers, text)
    const { title, text } = survey.thanks
    return json(
      {
        response: standing.responseId,
        survey,
        answers,
        chosen: found && {
          question: found.id,
          ...found.chosen,
          isLast: openQuestion(survey, after, []) === null,
        },
        isDone: Boolean(standing.response?.completedAt) || acts.some((each) => each.isEnd),
        thanks: { title: said(title), ...(text !== undefined && { text: said(text) }) },
        name: await mail.nameOf(standing.site),
        ...(settings?.theme && { theme: settings.theme }),
      },
      200,
      { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex, nofollow' },
    )
  }

  /** What the script of a page tells. After the end nothing is taken that was not done before it. */
  const hear = async (call: Call, visit: Visit): Promise<Response> => {
    const body = await readBody(call.request, call.memory, ['application/json'])
    if (!body.ok) return body.response
    const { standing, spoken, answers } = visit
    const acts = readActs(body.value, spoken.survey, answers)
    if (!acts)
      return problem(400, 'invalid_request', 'Send { "acts": [ … ] }, as the script of the page does.')
    const endedAt = standing.response?.completedAt
    const ended = endedAt ? Date.parse(endedAt) : Infinity
    const taken = acts.filter(({ age }) => clock.now() - age <= ended)
    const refused = await keep(standing, spoken, taken)
    // Said again it would be refused again, for ever.
    if (refused) noteRefused(refused)
    return tell(visit, null, taken)
  }

  const take = async (call: Call): Promise<Response> => {
    const visit = await open(call)
    if (visit instanceof Response) return visit
    if (/^application\/json\b/i.test(call.request.headers.get('content-type') ?? '')) return hear(call, visit)
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
    if (!question || !wayOf(survey, answers).includes(id)) return ask(here, {})
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
    const act = { question: id, given: given ?? null, revision, isEnd, age: 0 }
    const refused = await keep(standing, spoken, [act])
    if (refused) {
      // Of a response that is full: what was said before is kept, and no other try would do better.
      noteRefused(refused)
      return closed(call, spoken, 'answered')
    }
    return isEnd ? html(thanksPage(after)) : ask(after, {})
  }

  const noteRefused = (refused: string): void =>
    log.error('an answer of a hosted survey was refused', new Error(refused))

  /** By the same way as what a page sends: judged, counted, and stored once. Gives why something was not taken, or null. */
  const keep = async (
    standing: Standing,
    { wording, survey }: SpokenSurvey,
    acts: readonly ToldAct[],
  ): Promise<string | null> => {
    const { site, followUp, responseId, response, visitor, person, seq } = standing
    const now = clock.now()
    const about = { site, followUp, response: responseId, survey, visitor, person, wording }
    let isShown = response?.followUp === followUp
    const events = acts.flatMap((act, index) => {
      // Each in its turn: no event of one act has the number of another's.
      const made = hostedEvents({ ...about, seq: seq + index * 3, isShown }, act, now - act.age, (text) =>
        hash.sha256(text),
      )
      isShown = true
      return made
    })
    if (events.length === 0) return null
    const envelope = { key: '', sentAt: formatMoment(now), sdk: 'hosted/1', events }
    const { sites } = await store.keyring()
    const from = sites.find((each) => each.id === site)
    if (!from) return null
    const receipt = await storeBatch(deps, from, readBatch(envelope, now), now, someone)
    const [refused] = receipt.rejected
    return refused ? `${refused.code} at ${refused.path}` : null
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
    file('/hosted/page.css', 'text/css; charset=utf-8', hostedStyle),
    {
      method: 'GET',
      path: '/hosted/card.js',
      access: 'open',
      handle: async ({ request }) =>
        (await serveBuilt(request, 'hosted.js', { 'cache-control': 'public, max-age=300' })) ??
        problem(404, 'browser_files_missing', 'The SDK is not built here. The pages work without its card.'),
    },
    file('/hosted/page.js', 'text/javascript; charset=utf-8', hostedScript),
  ]
}

/** Whether it is the script of a page that asks, and nobody who wants to read. */
function wantsState(request: Request): boolean {
  const accept = request.headers.get('accept') ?? ''
  return /application\/json/i.test(accept) && !/text\/html/i.test(accept)
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
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
