/** The inbox: cases that somebody is to look after, found by state, owner and survey; several acknowledged at once. */
import type { Survey } from '@earshot/contract'
import type { JSX } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import {
  acknowledgedShape,
  type Case,
  caseReportShape,
  casesShape,
  type Staff,
  staffShape,
} from '../api/caseShapes.ts'
import type { Fault } from '../api/fault.ts'
import { LiveContext, useLive } from '../api/live.ts'
import { withQuery } from '../api/query.ts'
import { ask } from '../api/request.ts'
import { type Response, surveysShape } from '../api/shapes.ts'
import { useAsk } from '../api/use.ts'
import { saidIn } from '../numbers/answers.ts'
import { sideOf } from '../numbers/bands.ts'
import { formatCount, formatValue } from '../numbers/format.ts'
import { alertSentence } from '../parts/caseAlert.tsx'
import { CaseTags, holderOf } from '../parts/caseText.tsx'
import { Definition } from '../parts/definition.tsx'
import { SelectField } from '../parts/fields.tsx'
import { Link } from '../parts/link.tsx'
import { LiveMark } from '../parts/liveMark.tsx'
import { Page } from '../parts/page.tsx'
import { Empty, FaultNote, Ready } from '../parts/states.tsx'
import { Pager } from '../parts/pager.tsx'
import { formatMoment, zoneOf } from '../period/period.ts'
import { setQuery, usePlace } from '../shell/place.ts'
import type { PageProps } from '../shell/routes.tsx'
import { useMay } from '../shell/session.ts'
import { CasePage } from './case.tsx'

const states = [
  ['', 'open'],
  ['new', 'new'],
  ['acknowledged', 'seen'],
  ['acted', 'acted on'],
  ['closed', 'closed'],
  ['any', 'any'],
] as const
const dues = [
  ['', 'any'],
  ['yes', 'overdue'],
] as const
/** An answer is told of a moment before its case is opened. */
const quiet = 700

/** Hours, or minutes where it is less than one. */
const spanOf = (hours: number): string =>
  hours < 1 ? `${Math.round(hours * 60)} min` : formatValue(hours, 'hours')

export function Cases({ id }: PageProps): JSX.Element {
  return id === null ? <Inbox /> : <CasePage id={id} />
}

function Inbox(): JSX.Element {
  const { query } = usePlace()
  const [state, owner] = [query.get('state') ?? '', query.get('owner') ?? '']
  const [survey, overdue] = [query.get('survey') ?? '', query.get('overdue') ?? '']
  const cursor = query.get('cursor')
  const wanted = {
    state: state === 'any' ? null : state || 'open',
    owner,
    survey,
    overdue,
    cursor,
    limit: 25,
  }
  const isFiltered = [state, owner, survey, overdue, cursor].some(Boolean)
  const asked = useAsk(withQuery('/v1/cases', wanted), casesShape)
  const staff = useAsk('/v1/staff', staffShape)
  const surveys = useAsk('/v1/surveys', surveysShape)
  const report = useAsk('/v1/reports/cases', caseReportShape)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [said, setSaid] = useState('')
  const [fault, setFault] = useState<Fault | null>(null)
  const definitions = surveys.value?.surveys ?? []
  const [againCases, againReport] = [asked.again, report.again]
  const again = useCallback(() => {
    againCases()
    againReport()
  }, [againCases, againReport])
  const live = useLive(useMay('responses'), null)
  useEffect(() => {
    if (live.round === 0) return undefined
    const timer = setTimeout(again, quiet)
    return () => clearTimeout(timer)
  }, [live.round, again])
  const choose = (next: Readonly<Record<string, string>>): void => {
    setChosen(new Set())
    setQuery({ ...next, cursor: null })
  }
  const toggle = (id: string): void => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  const acknowledge = (): void => {
    if (chosen.size === 0) return
    const body = { cases: [...chosen] }
    void ask('/v1/cases/acknowledge', acknowledgedShape, { method: 'POST', body }).then((reply) => {
      setFault(reply.ok ? null : reply.fault)
      if (!reply.ok) return
      setSaid(`${formatCount(reply.value.acknowledged.length)} acknowledged. They are yours now.`)
      setChosen(new Set())
      again()
    })
  }
  return (
    <LiveContext.Provider value={live}>
      <Page
        title="Cases"
        lead="Answers that somebody is to look after, the newest first."
        tools={<LiveMark />}
      >
        <Ready asked={report}>
          {({ open, overdue: late, firstAction, close, definition }) => (
            <div class="counts">
              <p>
                <strong>{formatCount(open)}</strong> open, <strong>{formatCount(late)}</strong> overdue
                {firstAction.median.value !== null && (
                  <>
                    , first action after <strong>{spanOf(firstAction.median.value)}</strong> (median, n ={' '}
                    {formatCount(firstAction.median.n)})
                  </>
                )}
                {close.median.value !== null && (
                  <>
                    , closed after <strong>{spanOf(close.median.value)}</strong> (median, n ={' '}
                    {formatCount(close.median.n)})
                  </>
                )}
              </p>
              <Definition of="these numbers" text={definition} />
            </div>
          )}
        </Ready>
        <div class="filters tight">
          <SelectField
            label="State"
            value={state}
            options={states}
            onValue={(next) => choose({ state: next })}
          />
          <SelectField
            label="Looked after by"
            value={owner}
            options={[
              ['', 'anybody'],
              ['me', 'me'],
              ['none', 'nobody yet'],
              ...(staff.value?.staff ?? [])
                .filter((each) => each.id !== staff.value?.me)
                .map((each) => [each.id, each.name] as const),
            ]}
            onValue={(next) => choose({ owner: next })}
          />
          <SelectField
            label="Survey"
            value={survey}
            options={[['', 'any'], ...definitions.map((each) => [each.id, each.id] as const)]}
            onValue={(next) => choose({ survey: next })}
          />
          <SelectField
            label="Due"
            value={overdue}
            options={dues}
            onValue={(next) => choose({ overdue: next })}
          />
        </div>
        {fault && <FaultNote fault={fault} />}
        <Ready asked={asked}>
          {({ cases, responses, next }) =>
            cases.length === 0 ? (
              <Empty title={isFiltered ? 'Nothing is found' : 'Nothing is waiting'}>
                {isFiltered
                  ? 'Choose another state, anybody, any survey, and any due.'
                  : 'A rule opens a case when somebody answers: a bad score, a word, an event. Rules are part of the plan of follow-ups; docs/cases.md says how to write one.'}
              </Empty>
            ) : (
              <section class="panel" aria-label="Cases found">
                <div class="row" role="group" aria-label="Several at once">
                  <button type="button" aria-disabled={chosen.size === 0} onClick={acknowledge}>
                    {chosen.size === 0 ? 'Acknowledge chosen' : `Acknowledge ${formatCount(chosen.size)}`}
                  </button>
                  <p class="soft" role="status">
                    {said}
                  </p>
                </div>
                <ol class="answers cases">
                  {cases.map((each) => {
                    const response = responses.find((one) => one.id === each.response)
                    return (
                      <CaseRow
                        key={each.id}
                        of={each}
                        response={response}
                        survey={definitions.find((one) => one.id === each.survey)?.survey}
                        staff={staff.value}
                        zone={zoneOf(query)}
                        isChosen={chosen.has(each.id)}
                        onChoose={() => toggle(each.id)}
                      />
                    )
                  })}
                </ol>
                <Pager cursor={cursor} next={next} />
              </section>
            )
          }
        </Ready>
      </Page>
    </LiveContext.Provider>
  )
}

interface RowProps {
  of: Case
  response: Response | undefined
  survey: Survey | undefined
  staff: Staff | null
  zone: string
  isChosen: boolean
  onChoose: () => void
}

function CaseRow({ of, response, survey, staff, zone, isChosen, onChoose }: RowProps): JSX.Element {
  const said = response ? saidIn(response, survey) : []
  const score = said.find((each) => each.kind === 'scale')
  const words = said.filter((each) => each.kind === 'words')
  const who = of.person ?? (of.alert ? 'an alert' : 'an unnamed visitor')
  return (
    <li>
      <p class={`score ${score?.band ? sideOf(score.band) : ''}`} aria-hidden={score ? undefined : 'true'}>
        {score ? (
          <>
            <span class="unseen">Score </span>
            {score.text}
          </>
        ) : (
          '–'
        )}
      </p>
      <div class="case">
        <p class="tags">
          <Link page="cases" id={of.id} class="title">
            {of.title}
            {of.person === null ? <span class="unseen">, {who}</span> : `, ${who}`}
          </Link>
          <CaseTags of={of} />
        </p>
        {of.alert && <p class="said">{alertSentence(of.alert)}</p>}
        {words.map((each) => (
          <p key={each.question} class="said">
            {each.text}
          </p>
        ))}
        <p class="about">
          {of.person === null && <span>{who}</span>}
          {of.survey && <span>{of.survey}</span>}
          <span>
            opened <time dateTime={of.openedAt}>{formatMoment(of.openedAt, zone)}</time>
          </span>
          {of.dueAt && of.state !== 'closed' && (
            <span>
              due <time dateTime={of.dueAt}>{formatMoment(of.dueAt, zone)}</time>
            </span>
          )}
          <span>{holderOf(of, staff)}</span>
        </p>
      </div>
      {of.can.includes('acknowledge') && (
        <label class="choose">
          <input type="checkbox" checked={isChosen} onChange={onChoose} />
          <span class="unseen">
            Choose {of.title}, {who}
          </span>
        </label>
      )}
    </li>
  )
}
