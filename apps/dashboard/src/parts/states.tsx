/** What stands where there is nothing to show yet, or nothing at all. */
import type { ComponentChildren, JSX } from 'preact'
import type { Asked } from '../api/use.ts'
import type { Fault } from '../api/fault.ts'

interface FaultProps {
  fault: Fault
  again?: (() => void) | undefined
}

/** What went wrong, and what to do. */
export function FaultNote({ fault, again }: FaultProps): JSX.Element {
  return (
    <div class="note bad" role="alert">
      <p>
        <strong>{fault.message}</strong>
      </p>
      {fault.errors.length > 0 && (
        <ul class="list">
          {fault.errors.map((each) => (
            <li key={each.path + each.message}>
              {each.path && <code>{each.path}</code>} {each.message}
            </li>
          ))}
        </ul>
      )}
      <p>{fault.advice}</p>
      {again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  )
}

interface EmptyProps {
  title: string
  /** What to do next. */
  children: ComponentChildren
}

/** Nothing is there, and that is no mistake. */
export function Empty({ title, children }: EmptyProps): JSX.Element {
  return (
    <div class="empty">
      <p class="title">{title}</p>
      <div>{children}</div>
    </div>
  )
}

/** It takes a moment. Said to screen readers too, once. */
export function Waiting({ what = 'Loading' }: { what?: string }): JSX.Element {
  return (
    <p class="waiting" role="status">
      {what} …
    </p>
  )
}

interface ReadyProps<Value> {
  asked: Asked<Value>
  children: (value: Value) => ComponentChildren
  what?: string
}

/** What was asked for, or why it is not there. While it is asked for again, what is known stays. */
export function Ready<Value>({ asked, children, what }: ReadyProps<Value>): JSX.Element {
  const { value, fault, again } = asked
  return (
    <>
      {fault && <FaultNote fault={fault} again={again} />}
      {value !== null ? children(value) : !fault && <Waiting {...(what !== undefined && { what })} />}
    </>
  )
}
