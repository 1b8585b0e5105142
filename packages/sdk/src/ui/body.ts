/** What is inside a card, by kind of survey: its course, its looks, its words. The card around it is the same for all. */
import type { JSX } from 'preact'
import type { Flow, FlowInput, FlowStep } from '../core/flow.ts'
import type { Showing } from '../core/model.ts'

/** An input before the time is put on. */
export type Act = FlowInput extends infer Each ? (Each extends FlowInput ? Omit<Each, 'at'> : never) : never

export interface BodyProps {
  flow: Flow
  /** Has the flow go on, and all drawn again. */
  act(input: Act): void
  /** Draws all again, after a change that the flow does not know. */
  draw(): void
}

/** A step, and what screen readers are told with it. */
export type BodyStep = FlowStep & { say?: string | false | undefined }

/** The inside of one card, with the state of its controls. */
export interface Body {
  /** Rules besides those of the card. */
  css: string
  start(showing: Showing, offline: boolean): Flow
  step(flow: Flow, input: FlowInput): BodyStep
  /** Draws everything up to the thanks. The element with the class `to` gets the focus when the one that had it is gone. */
  body(props: BodyProps): JSX.Element
}
