/** Draws the switch, the button and the timeline. */
import type { JSX } from 'preact'
import { stepsOf, timeText, type Step } from './steps.ts'
import { copiesOf, isOver, type Trace } from './trace.ts'

export interface TimelineProps {
  trace: Trace | null
  /** Whether the line is whole. */
  open: boolean
  /** Shown when something is wrong with the page's own server. */
  fault: string
  onAsk(): void
  onSwitch(): void
}

export function Timeline({ trace, open, fault, onAsk, onSwitch }: TimelineProps): JSX.Element {
  const steps = stepsOf(trace, open)
  return (
    <>
      <div class="controls">
        <button type="button" class="main" onClick={onAsk}>
          Ask me
        </button>
        <button type="button" role="switch" class="switch" aria-checked={open} onClick={onSwitch}>
          <span class="track" aria-hidden="true" />
          <span>
            Line to the collector: <strong>{open ? 'connected' : 'cut'}</strong>
          </span>
        </button>
      </div>
      {fault && <p class="fault">{fault}</p>}
      <p class="summary" role="status">
        {trace && summaryOf(trace, open, steps)}
      </p>
      <ol class="steps">
        {steps.map((step) => (
          <Row key={step.name} {...step} />
        ))}
      </ol>
    </>
  )
}

function Row({ name, title, proof, state, said, time, data }: Step): JSX.Element {
  return (
    <li class={`step ${state}`} data-step={name} data-state={state}>
      <span class="sign" aria-hidden="true">
        {state === 'done' ? '✓' : state === 'failed' ? '✕' : ''}
      </span>
      <div class="head">
        <h2>{title}</h2>
        <span class="state">{state}</span>
        <span class="time">{time === null ? '' : `+${timeText(time)}`}</span>
      </div>
      <p class="said">{said}</p>
      {data !== null && (
        <pre tabIndex={0} aria-label={`Data: ${title}`}>
          {printed(data)}
        </pre>
      )}
      <p class="proof">{proof}</p>
    </li>
  )
}

/** JSON, with lists of plain values on one line. */
function printed(data: unknown): string {
  return JSON.stringify(data, null, 2).replaceAll(/\[[^[\]{}]*\]/g, (list) => list.replaceAll(/\s+/g, ' '))
}

function summaryOf(trace: Trace, open: boolean, steps: readonly Step[]): string {
  if (!isOver(trace)) {
    const now = steps.find((step) => step.state !== 'done')
    const invitation = !open && trace.row ? ' Reload this page, or close it: the answer stays.' : ''
    return (now?.said ?? '') + invitation
  }
  const copies = copiesOf(trace)
  return `The answer ${trace.score} is delivered, stored ${copies === 1 ? 'once' : `${copies} times`}, duplicates ${copies - 1}, and in the report.`
}
