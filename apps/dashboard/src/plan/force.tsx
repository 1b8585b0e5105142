/** Puts a plan into force, or says who may. */
import type { ComponentChildren, JSX } from 'preact'
import { Made } from '../pages/settings/made.tsx'

interface ForceProps {
  isAllowed: boolean
  /** Whether what is written is what holds. */
  isInForce: boolean
  isBusy: boolean
  said: string
  onSave: () => void
  onBack: () => void
  /** What stands in the way. */
  children?: ComponentChildren
}

export function Force(props: ForceProps): JSX.Element {
  const { isAllowed, isInForce, isBusy, said, onSave, onBack, children } = props
  return (
    <section class="panel stack" aria-label="Put it into force">
      <h2>Put it into force</h2>
      <Made>{said}</Made>
      {isAllowed ? (
        <>
          <p class="hint">
            {isInForce
              ? 'What is written here is in force.'
              : 'What is written here is not in force yet. It replaces the whole plan; what is under way is judged by the new one, and ends with its rule.'}
          </p>
          {children}
          <div class="end">
            <button type="button" class="main" aria-disabled={isBusy || isInForce} onClick={onSave}>
              Save the plan
            </button>
            {!isInForce && (
              <button type="button" onClick={onBack}>
                Back to what is in force
              </button>
            )}
          </div>
        </>
      ) : (
        <p>Your role may write and simulate a plan; an admin puts it into force. Give them the JSON.</p>
      )}
    </section>
  )
}
