/** `/v1/cases`: the inbox of the staff, one case with its history, and what is done about it; `/v1/reports/cases`: their numbers. */
import { caseGroups, countCases, countCasesBy } from '../../core/caseReport.ts'
import {
  commandsFor,
  decideCase,
  isOverdue,
  mayChange,
  maySee,
  sightOf,
  staffOf,
  type Case,
  type CaseCommand,
  type CaseDecision,
  type CaseEntry,
  type CaseFilter,
  type CaseRefusal,
  type Staff,
} from '../../core/cases.ts'
import { readQuery } from '../../core/query.ts'
import { may } from '../../core/roles.ts'
import { formatMoment, type Millis } from '../../core/time.ts'
import { readAdminBody } from '../adminBody.ts'
import { bulkRequestSchema, caseRequestSchemas, type CaseRequest } from '../caseSchema.ts'
import { problem } from '../errors.ts'
import { badQuery } from '../reportQuery.ts'
import { json, type AdminCall, type Deps, type Route } from '../route.ts'

const path = '/v1/cases'
const defaultPage = 50
const known = [
  'state',
  'role',
  'owner',
  'survey',
  'response',
  'person',
  'overdue',
  'limit',
  'cursor',
] as const
/** Other cases of the same person that are shown beside one. */
const mostOthers = 20
/** Cases per read of a report. */
const page = 500

const moment = (at: Millis | null): string | null => (at === null ? null : formatMoment(at))

/** A case as somebody sees it, with what they can do. */
function show({ acknowledgedAt, alert, ...stands }: Case, staff: Staff, now: Millis): object {
  const { openedAt, dueAt, actedAt, closedAt, changedAt, row: _, ...rest } = stands as Case & { row?: number }
  return {
    ...rest,
    alert: alert ?? null,
    openedAt: formatMoment(openedAt),
    dueAt: moment(dueAt),
    acknowledgedAt: moment(acknowledgedAt),
    actedAt: moment(actedAt),
    closedAt: moment(closedAt),
    changedAt: formatMoment(changedAt),
    isOverdue: isOverdue(stands, now),
    can: mayChange(staff, stands) ? commandsFor(stands) : [],
  }
}

const showEntry = (entry: CaseEntry): object => ({ ...entry, at: formatMoment(entry.at) })

const byName = (a: { name: string; id: string }, b: { name: string; id: string }): number =>
  a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1)

const unknown = (): Response => problem(404, 'unknown_case', 'You have no case with this id.')

/** Says why something was not done. */
function refuse(refused: CaseRefusal): Response {
  if (refused === 'unseen') return unknown()
  if (refused === 'not-yours')
    return problem(
      403,
      'not_your_case',
      'This case belongs to another role or person. Have it assigned to you.',
    )
  if (refused === 'nobody')
    return problem(400, 'nobody', 'Somebody must have the case: name a role or a person.')
  if (refused === 'no-respondent')
    return problem(
      400,
      'no_respondent',
      'An alert has opened this case, so there is nobody to tell something. Leave the message out, or make it a note.',
    )
  if (refused === 'nothing') return problem(400, 'nothing_done', 'Say what was done: an action or a note.')
  const details = {
    changed: 'Somebody has changed the case meanwhile. Read it again.',
    'wrong-state': 'The state of the case does not allow this. Read it again.',
    full: 'The history of the case is full. Close it.',
  } as const
  return problem(409, refused === 'changed' ? 'case_changed' : 'wrong_state', details[refused])
}

/** The routes of this file. */
export function caseRoutes(deps: Deps): Route[] {
  const { store, clock } = deps
  const staffIn = ({ token }: AdminCall): Staff => ({ id: token.id, role: token.role })
  const change = async (
    call: AdminCall,
    id: string,
    command: CaseCommand,
    version?: number,
  ): Promise<CaseDecision | null> => {
    const now = clock.now()
    const staff = staffIn(call)
    const webhooks = await store.webhooks(call.site.id)
    return store.changeCase(
      call.site.id,
      id,
      (stored) => {
        const decision = decideCase(stored, staff, command, now, version)
        return decision.ok ? { ...decision, jobs: deps.outbound.jobsOf(decision, webhooks, now) } : decision
      },
      now,
    )
  }
  const commandRoute = (name: CaseCommand['do']): Route => ({
    method: 'POST',
    path: `${path}/{id}/${name}`,
    access: 'admin',
    need: 'cases',
    async handle(call) {
      const body = await readAdminBody<CaseRequest<typeof name>>(call, caseRequestSchemas[name])
      if (!body.ok) return body.response
      const { version, ...given } = body.value
      const command = { do: name, ...given } as CaseCommand
      if (command.do === 'assign' && typeof command.owner === 'string') {
        const { owner } = command
        const staff = staffOf(await store.keyring(), call.site.id, clock.now())
        if (!staff.some((each) => each.id === owner))
          return problem(400, 'unknown_person', 'Nobody of GET /v1/staff has this id.')
      }
      const decision = await change(call, call.params['id'] ?? '', command, version)
      if (!decision) return unknown()
      return decision.ok ? json(show(decision.case, staffIn(call), clock.now())) : refuse(decision.refused)
    },
  })
  return [
    {
      method: 'GET',
      path,
      access: 'admin',
      need: 'cases',
      async handle(call) {
        const read = readQuery(call.url.searchParams, known)
        if (!read.ok) return badQuery(read.message)
        const { limit = defaultPage, cursor, owner, person, overdue, ...rest } = read.query
        const staff = staffIn(call)
        const now = clock.now()
        const filter: CaseFilter = {
          ...rest,
          who: person,
          owner: owner === 'me' ? staff.id : owner === 'none' ? null : owner,
          dueBefore: overdue && now,
          sight: sightOf(staff),
        }
        const found = await store.cases(call.site.id, filter, { before: cursor, limit: limit + 1 })
        const cases = found.slice(0, limit)
        const last = found.length > limit ? cases.at(-1) : undefined
        const about = [...new Set(cases.flatMap((each) => each.response ?? []))]
        const responses = await Promise.all(about.map((id) => store.response(call.site.id, id)))
        return json({
          cases: cases.map((each) => show(each, staff, now)),
          // The answers that they are about, as far as they are kept.
          responses: responses.filter((each) => each !== null),
          next: last ? String(last.row) : null,
        })
      },
    },
    {
      method: 'GET',
      path: `${path}/{id}`,
      access: 'admin',
      need: 'cases',
      async handle(call) {
        const { site, params } = call
        const staff = staffIn(call)
        const about = await store.case(site.id, params['id'] ?? '')
        if (!about || !maySee(staff, about)) return unknown()
        const who = about.person ?? about.visitor
        const filter = { who: who ?? undefined, sight: sightOf(staff) }
        const same = who === null ? [] : await store.cases(site.id, filter, { limit: mostOthers + 1 })
        return json({
          case: show(about, staff, clock.now()),
          history: (await store.caseEntries(site.id, about.id)).map(showEntry),
          // Null when it is not kept any more.
          response: about.response === null ? null : await store.response(site.id, about.response),
          others: same
            .filter((each) => each.id !== about.id)
            .slice(0, mostOthers)
            .map((each) => show(each, staff, clock.now())),
        })
      },
    },
    {
      method: 'POST',
      path: `${path}/acknowledge`,
      access: 'admin',
      need: 'cases',
      async handle(call) {
        const body = await readAdminBody(call, bulkRequestSchema)
        if (!body.ok) return body.response
        const ids = [...new Set(body.value.cases)]
        call.concerns(`${ids.length} cases`)
        const acknowledged: string[] = []
        for (const id of ids) if ((await change(call, id, { do: 'acknowledge' }))?.ok) acknowledged.push(id)
        return json({ acknowledged, left: ids.filter((id) => !acknowledged.includes(id)) })
      },
    },
    ...(Object.keys(caseRequestSchemas) as CaseCommand['do'][]).map(commandRoute),
    {
      method: 'GET',
      path: '/v1/staff',
      access: 'admin',
      need: 'cases',
      async handle({ site, token }) {
        const staff = staffOf(await store.keyring(), site.id, clock.now())
        return json({
          me: token.id,
          staff: staff.map(({ id, name, role }) => ({ id, name, role })).toSorted(byName),
        })
      },
    },
    {
      method: 'GET',
      path: '/v1/reports/cases',
      access: 'admin',
      need: 'numbers',
      handle: (call) => report(call, deps),
    },
  ]
}

async function report({ url, site, token }: AdminCall, { store, clock }: Deps): Promise<Response> {
  const read = readQuery(url.searchParams, ['survey', 'from', 'to', 'timezone', 'by'])
  if (!read.ok) return badQuery(read.message)
  const { survey, from, to, timezone = 'UTC', by } = read.query
  const group = caseGroups.find((each) => each === by)
  if (by !== undefined && !group) return badQuery('"by" must be rule or owner')
  // What single people of the staff do is no number for everybody.
  if (group === 'owner' && !may(token.role, 'cases'))
    return problem(403, 'role_not_allowed', 'Numbers by owner are shown only to those who see cases.')
  const cases: Case[] = []
  for (let before: number | undefined; ;) {
    const rows = await store.cases(site.id, { survey, since: from }, { before, limit: page })
    cases.push(...rows)
    before = rows.at(-1)?.row
    if (rows.length < page) break
  }
  const now = clock.now()
  return json({
    survey: survey ?? null,
    from: moment(from ?? null),
    to: moment(to ?? null),
    timezone,
    unit: 'hours',
    ...countCases(cases, { from, to }, now),
    groups: group ? countCasesBy(cases, group, { from, to }, now) : null,
    definition:
      'Opened and closed: in the period; closed ones that were opened again are not closed. Open and overdue: now. First action: from the opening to the first act, of cases opened in the period. Close: from the opening to the last closing, of cases closed in the period, with the time in which they were closed in between. Median and 90th percentile of type 7, with distribution-free intervals.',
  })
}
