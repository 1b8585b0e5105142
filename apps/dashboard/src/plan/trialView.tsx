/** What a plan would have done: by rule, by day, and to whom. */
import type { JSX } from 'preact'
import type { Trial } from '../api/outboundShapes.ts'
import { Figure } from '../charts/figure.tsx'
import { useWidth } from '../charts/width.ts'
import { formatCount } from '../numbers/format.ts'
import { Link } from '../parts/link.tsx'
import { Empty } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { formatMoment, formatPart } from '../period/period.ts'
import { useMay } from '../shell/session.ts'

type RuleTrial = Trial['rules'][number]
type Example = Trial['sample'][number]

/** What speaks against a follow-up, in words. */
const reasons: Readonly<Record<string, string>> = {
  quiet: 'by quiet hours',
  limit: 'by the budget',
  answered: 'answered meanwhile',
  cancelled: 'called off',
  changed: 'the answer was changed',
  dismissed: 'closed',
  snoozed: 'put off',
  event: 'stopped by an event',
  expired: 'given up in the end',
  gone: 'the response is gone',
  'opted-out': 'opted out',
  over: 'the alert was over',
}
const said = (reason: string): string => reasons[reason] ?? reason

const listOf = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([reason, count]) => `${formatCount(count)} ${said(reason)}`)
    .join(', ') || 'none'

export function TrialView({ trial }: { trial: Trial }): JSX.Element {
  const { rules, days, people, left, isComplete, sample } = trial
  const sent = rules.reduce((sum, each) => sum + each.sent, 0)
  return (
    <div class="stack">
      <p role="status">
        In the last {days} days, {formatCount(sent)} {sent === 1 ? 'message' : 'messages'} would have gone
        out. {formatCount(people)} {people === 1 ? 'person was' : 'people were'} looked at.
      </p>
      {!isComplete && (
        <p class="note">
          There is more than can be looked through at once: these are the people who were heard of last. A
          shorter span is looked at whole sooner.
        </p>
      )}
      {left > 0 && (
        <p class="note">
          {formatCount(left)} {left === 1 ? 'person is' : 'people are'} left out, of whom thousands of events
          are stored.
        </p>
      )}
      <Table<RuleTrial>
        caption="By rule"
        columns={[
          { title: 'Rule', cell: (each) => each.rule },
          { title: 'Began', cell: (each) => formatCount(each.begun), isNumber: true },
          { title: 'Messages', cell: (each) => formatCount(each.sent), isNumber: true },
          { title: 'People', cell: (each) => formatCount(each.people), isNumber: true },
          { title: 'Held back', cell: (each) => listOf(each.held) },
          { title: 'Ended without one more', cell: (each) => listOf(each.stopped) },
          { title: 'Under way', cell: (each) => formatCount(each.waiting), isNumber: true },
        ]}
        rows={rules}
        keyOf={(each) => each.rule}
      />
      {sent > 0 && <Days trial={trial} />}
      {sample.length === 0 ? (
        <Empty title="Nobody would have got anything">
          Nothing that begins a rule happened in this time. Choose a longer span, or look whether the names of
          surveys and events are right.
        </Empty>
      ) : (
        <Sample trial={trial} />
      )}
    </div>
  )
}

const height = 120
const foot = 22

/** Messages of each day, all rules together; the table has them apart. */
function Days({ trial }: { trial: Trial }): JSX.Element {
  const [ref, width] = useWidth()
  const { rules } = trial
  const rows = (rules[0]?.days ?? []).map(({ day }, index) => ({
    day,
    parts: rules.map((each) => each.days[index]?.sent ?? 0),
    all: rules.reduce((sum, each) => sum + (each.days[index]?.sent ?? 0), 0),
  }))
  const most = Math.max(1, ...rows.map((each) => each.all))
  const top = rows.find((each) => each.all === most)
  const step = width / rows.length
  return (
    <Figure
      title="Messages by day"
      caption={top ? `Most on ${formatPart(top.day)}: ${formatCount(most)}.` : ''}
      columns={[
        { title: 'Day', cell: (each) => formatPart(each.day) },
        ...rules.map(({ rule }, index) => ({
          title: rule,
          cell: (each: (typeof rows)[number]) => formatCount(each.parts[index] ?? 0),
          isNumber: true,
        })),
      ]}
      rows={rows}
      keyOf={(each) => each.day}
    >
      <svg class="chart" ref={ref} viewBox={`0 0 ${width} ${height + foot}`} aria-hidden="true">
        <line class="axis" x1="0" x2={width} y1={height} y2={height} />
        {rows.map((each, index) => {
          const tall = (each.all / most) * (height - 4)
          return (
            <rect
              key={each.day}
              class="bar good"
              x={index * step + step * 0.15}
              y={height - tall}
              width={step * 0.7}
              height={tall}
              rx={Math.min(2, step * 0.2)}
            />
          )
        })}
        <text class="start" x="0" y={height + foot - 4}>
          {formatPart(rows[0]?.day ?? '')}
        </text>
        <text class="end" x={width} y={height + foot - 4}>
          {formatPart(rows.at(-1)?.day ?? '')}
        </text>
      </svg>
    </Figure>
  )
}

function Sample({ trial: { sample, zone } }: { trial: Trial }): JSX.Element {
  const mayMeet = useMay('people')
  return (
    <Table<Example>
      caption="Some of them, what went out last first"
      columns={[
        {
          title: 'Who',
          cell: ({ person, visitor }) => {
            const who = person ?? visitor
            if (who === null) return 'the staff'
            return mayMeet ? (
              <Link page="people" id={who}>
                {who}
              </Link>
            ) : (
              who
            )
          },
        },
        { title: 'Rule', cell: (each) => each.rule },
        {
          title: 'Because of',
          cell: ({ response, alert, causedAt }) =>
            response ? (
              <Link page="answers" id={response}>
                {formatMoment(causedAt, zone)}
              </Link>
            ) : (
              [alert, formatMoment(causedAt, zone)].filter(Boolean).join('; ')
            ),
        },
        {
          title: 'Message',
          cell: ({ sentAt }) =>
            sentAt.length === 0 ? 'none' : sentAt.map((each) => formatMoment(each, zone)).join('; '),
        },
        {
          title: 'Then',
          cell: ({ reason, outcome, heldBy }) =>
            [
              heldBy.length > 0 && `held back ${heldBy.map(said).join(' and ')}`,
              reason !== null && said(reason),
              outcome === 'waiting' && 'under way',
            ]
              .filter(Boolean)
              .join('; ') || 'done',
        },
      ]}
      rows={sample}
      keyOf={(each) => `${each.rule} ${each.followUp}`}
    />
  )
}
