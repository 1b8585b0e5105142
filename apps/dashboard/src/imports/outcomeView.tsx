/** What was said of a file: what is taken, left out and wrong, by line; and the receipt of what was stored. */
import { type ComponentChildren, Fragment, type JSX } from 'preact'
import { useId } from 'preact/hooks'
import { formatCount } from '../numbers/format.ts'
import { Table } from '../parts/table.tsx'
import type { Outcome } from './run.ts'

/** "1 response", "13,612 responses". */
export const counted = (count: number, one: string, more = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : more}`

/** What a file has: responses or events. */
export type Noun = 'response' | 'event'

/** What is left out, and why. */
export const leftOut = ({ skipped }: Outcome): (readonly [string, string])[] =>
  [...skipped].map(([reason, rows]) => [`Left out, ${reason}`, counted(rows, 'row')])

/** How far it is. */
export function Progress({ outcome, verb }: { outcome: Outcome; verb: string }): JSX.Element {
  const id = useId()
  const { done, parts, rows } = outcome
  return (
    <div class="field">
      <label for={id}>
        {verb}: {counted(rows, 'row')} so far
      </label>
      <progress id={id} value={done} max={parts} />
    </div>
  )
}

/** Facts with their names. */
export function Facts({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }): JSX.Element {
  return (
    <dl class="facts">
      {facts.map(([term, text]) => (
        <Fragment key={term}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </Fragment>
      ))}
    </dl>
  )
}

/** The figures of an outcome, and the lines that are wrong. */
export function OutcomeFacts({ outcome, noun }: { outcome: Outcome; noun: Noun }): JSX.Element {
  const { taken, bad, errors, columns, unused } = outcome
  const facts: (readonly [string, ComponentChildren])[] = [
    ['Can be taken', counted(taken, noun)],
    ...leftOut(outcome),
    ['Wrong', counted(bad, 'line')],
    ...(Object.keys(columns).length > 0
      ? [
          [
            'Taken from',
            Object.entries(columns)
              .map(([target, column]) => (target === column ? column : `${column} as ${target}`))
              .join(', '),
          ] as const,
        ]
      : []),
    ...(unused.length > 0 && Object.keys(columns).length > 0
      ? [['Columns not used', unused.join(', ')] as const]
      : []),
  ]
  return (
    <>
      <Facts facts={facts} />
      {errors.length > 0 && (
        <Table
          caption={
            errors.length > mostShown || errors.length < bad
              ? `The first ${formatCount(Math.min(errors.length, mostShown))} of ${counted(bad, 'wrong line')}`
              : 'Wrong lines'
          }
          columns={[
            { title: 'Line', cell: (each) => formatCount(each.line) },
            { title: 'What is wrong', cell: (each) => each.message },
          ]}
          rows={errors.slice(0, mostShown)}
          keyOf={(each) => `${each.line} ${each.message}`}
        />
      )}
    </>
  )
}

const mostShown = 50
