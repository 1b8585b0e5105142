/** What a survey asks, when, and what has changed between its versions. */
import type { Survey } from '@earshot/contract'
import type { JSX } from 'preact'
import { metricNames } from '../api/reports.ts'
import type { SurveySummary } from '../api/shapes.ts'
import { plainTitle } from '../numbers/answers.ts'
import { differences } from '../numbers/differences.ts'
import { SelectField } from '../parts/fields.tsx'
import { Table } from '../parts/table.tsx'
import { Link } from '../parts/link.tsx'
import { useMay } from '../shell/session.ts'
import { setQuery, usePlace } from '../shell/place.ts'

type Question = Survey['questions'][number]

interface QuestionsProps {
  survey: SurveySummary
  versions: readonly { survey: Survey; source: string }[]
}

const sources: Readonly<Record<string, string>> = {
  served: 'the collector serves it',
  inline: 'a page brings it along',
}

export function Questions({ survey, versions }: QuestionsProps): JSX.Element {
  const mayDefine = useMay('define')
  const { survey: now } = survey
  return (
    <div class="stack">
      <section class="panel" aria-label="About this survey">
        <header>
          <h2>About this survey</h2>
          {mayDefine && (
            <Link page="editor" id={survey.id} class="button">
              {survey.source === 'served' ? 'Edit as a new version' : 'Serve a version of it'}
            </Link>
          )}
        </header>
        <dl class="facts">
          <dt>Purpose</dt>
          <dd>{now.purpose ?? 'not said'}</dd>
          <dt>Owner</dt>
          <dd>{now.owner ?? 'not said'}</dd>
          <dt>Where</dt>
          <dd>{[now.touchpoint, now.stage].filter(Boolean).join(', ') || 'not said'}</dd>
          <dt>Language</dt>
          <dd>{[now.locale, ...Object.keys(now.translations ?? {})].join(', ')}</dd>
          <dt>Appears</dt>
          <dd>{now.triggers.map((each) => triggerText(each)).join('; ') || 'by command only'}</dd>
          <dt>Asked of</dt>
          <dd>{askedOf(now)}</dd>
          <dt>Version</dt>
          <dd>
            {now.version}, {sources[survey.source] ?? survey.source}
          </dd>
        </dl>
      </section>
      <section class="panel" aria-label="Questions">
        <h2>Questions</h2>
        <Table<Question>
          caption="Questions"
          isCaptionHidden
          columns={[
            { title: 'Id', cell: ({ id }) => <code>{id}</code> },
            { title: 'Question', cell: ({ title }) => plainTitle(title) },
            { title: 'Answer', cell: answerText },
            { title: 'Asked', cell: ({ when }) => (when ? 'where a rule holds' : 'always') },
          ]}
          rows={now.questions}
          keyOf={({ id }) => id}
        />
      </section>
      <Versions versions={versions.map((each) => each.survey)} />
    </div>
  )
}

function answerText(question: Question): string {
  switch (question.kind) {
    case 'scale':
      return `${question.min}–${question.max}, ${metricNames[question.metric] ?? question.metric}: ${question.low} … ${question.high}`
    case 'text':
      return 'words'
    case 'choice':
      return `${question.multiple ? 'some' : 'one'} of: ${question.options.map((each) => each.label).join(', ')}`
    case 'yesno':
      return `${question.yes} or ${question.no}`
    case 'statement':
      return 'none; it is read'
    case 'link':
      return `a link: ${question.label}`
  }
}

function triggerText(trigger: Survey['triggers'][number]): string {
  const { on, ...rest } = trigger as { on: string } & Record<string, unknown>
  const more = Object.entries(rest)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
  return more ? `${on} (${more})` : on
}

function askedOf({ sampling, targeting, tenure, quota }: Survey): string {
  const parts = [
    targeting ? 'those for whom the targeting rule holds' : 'everybody',
    sampling !== undefined && `${sampling * 100} % of them by lot`,
    tenure !== undefined && `from ${tenure} days after the first visit`,
    quota !== undefined && `until ${quota} have completed it`,
  ]
  return parts.filter(Boolean).join(', ')
}

/** What has changed between two of the versions. */
function Versions({ versions }: { versions: readonly Survey[] }): JSX.Element {
  const { query } = usePlace()
  const sorted = versions.toSorted((a, b) => b.version - a.version)
  const find = (name: string, preset: Survey | undefined): Survey | undefined =>
    sorted.find((each) => String(each.version) === query.get(name)) ?? preset
  const newer = find('newer', sorted[0])
  const older = find('older', sorted[1])
  if (!newer || !older)
    return (
      <section class="panel" aria-label="Versions">
        <h2>Versions</h2>
        <p class="soft">There is one version. As soon as there are two, what has changed stands here.</p>
      </section>
    )
  const options = sorted.map((each) => [String(each.version), `Version ${each.version}`] as const)
  const rows = differences(older, newer)
  return (
    <section class="panel" aria-label="Versions">
      <h2>What has changed</h2>
      <div class="filters">
        <SelectField
          label="From"
          value={String(older.version)}
          options={options}
          onValue={(next) => setQuery({ older: next })}
        />
        <SelectField
          label="To"
          value={String(newer.version)}
          options={options}
          onValue={(next) => setQuery({ newer: next })}
        />
      </div>
      {rows.length === 0 ? (
        <p class="soft">These two are the same but for their version.</p>
      ) : (
        <Table
          caption={`Version ${older.version} and version ${newer.version}`}
          columns={[
            { title: 'Where', cell: (each) => <code>{each.path}</code> },
            {
              title: `Version ${older.version}`,
              cell: (each) => each.before ?? <span class="soft">not there</span>,
            },
            {
              title: `Version ${newer.version}`,
              cell: (each) => each.after ?? <span class="soft">not there</span>,
            },
          ]}
          rows={rows}
          keyOf={(each) => each.path}
        />
      )}
    </section>
  )
}
