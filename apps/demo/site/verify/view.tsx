/** Draws the switch, the buttons and the timelines. */
import type { JSX } from 'preact'
import type { Story } from '../../server/story.ts'
import { stepsOf, timeText, type TraceStep } from './steps.ts'
import { type Hero, isToldOut, storySteps } from './storySteps.ts'
import { copiesOf, isOver, type Trace } from './trace.ts'

/** A row of a timeline. */
export interface Step extends Omit<TraceStep, 'name' | 'time'> {
  name: string
  /** When, in words; empty while it has not happened. */
  time: string
  /** Where to go on. */
  link?: { href: string; text: string }
}

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
          <Row key={step.name} {...step} time={step.time === null ? '' : `+${timeText(step.time)}`} />
        ))}
      </ol>
    </>
  )
}

export interface StoryProps {
  hero: Hero | null
  story: Story | null
  /** Address of the collector, where the dashboard is. */
  collector: string
  onBegin(): void
}

/** The story of one customer, from an answered enquiry to the end of the case. */
export function StoryTimeline({ hero, story, collector, onBegin }: StoryProps): JSX.Element {
  const steps = storySteps(hero, story, collector)
  const now = steps.find((step) => step.state !== 'done')
  return (
    <>
      <h2 class="part">Follow one customer</h2>
      <p class="lead">
        An enquiry is answered, and the customer does not come back. Ten seconds later, which stand for some
        days, a mail asks how it was. Choose a low score in it, and see who hears of it, until the case is
        closed and the customer knows.
      </p>
      <div class="controls">
        <button type="button" class="main" onClick={onBegin}>
          Answer an enquiry
        </button>
      </div>
      <p class="summary" role="status">
        {hero &&
          (isToldOut(story)
            ? `The loop is closed for ${hero.person}.`
            : now && now.said !== 'Nothing yet.'
              ? now.said
              : '')}
      </p>
      <ol class="steps">
        {steps.map((step) => (
          <Row key={step.name} {...step} isInner />
        ))}
      </ol>
    </>
  )
}

interface RowProps extends Step {
  /** Whether it stands below a heading of the second level. */
  isInner?: boolean
}

function Row({ name, title, proof, state, said, time, data, link, isInner }: RowProps): JSX.Element {
  const Heading = isInner ? 'h3' : 'h2'
  return (
    <li class={`step ${state}`} data-step={name} data-state={state}>
      <span class="sign" aria-hidden="true">
        {state === 'done' ? '✓' : state === 'failed' ? '✕' : ''}
      </span>
      <div class="head">
        <Heading>{title}</Heading>
        <span class="state">{state}</span>
        <span class="time">{time}</span>
      </div>
      <p class="said">{said}</p>
      {link && (
        <p>
          <a href={link.href} target="_blank" rel="noreferrer">
            {link.text}
          </a>
        </p>
      )}
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

function summaryOf(trace: Trace, open: boolean, steps: readonly TraceStep[]): string {
  if (!isOver(trace)) {
    const now = steps.find((step) => step.state !== 'done')
    const invitation = !open && trace.row ? ' Reload this page, or close it: the answer stays.' : ''
    return (now?.said ?? '') + invitation
  }
  const copies = copiesOf(trace)
  return `The answer ${trace.score} is delivered, stored ${copies === 1 ? 'once' : `${copies} times`}, duplicates ${copies - 1}, and in the report.`
}
