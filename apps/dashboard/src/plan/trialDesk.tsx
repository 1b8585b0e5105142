/** Tries a plan on what happened: how far back, and what would have come of it. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Trial } from '../api/outboundShapes.ts'
import { SelectField } from '../parts/fields.tsx'
import { TrialView } from './trialView.tsx'

interface TrialDeskProps {
  trial: Trial | null
  /** Whether the plan has changed since. */
  isOld: boolean
  isBusy: boolean
  isReady: boolean
  onTry: (days: number) => void
}

export function TrialDesk({ trial, isOld, isBusy, isReady, onTry }: TrialDeskProps): JSX.Element {
  const [days, setDays] = useState('30')
  return (
    <section class="panel stack" aria-label="Who would have got what?">
      <h2>Who would have got what?</h2>
      <p class="hint">
        The plan is played over what is stored, as if it had been in force. Nothing is sent and nothing is
        kept.
      </p>
      <div class="span">
        <SelectField
          label="Of the last"
          value={days}
          options={[
            ['7', '7 days'],
            ['30', '30 days'],
            ['90', '90 days'],
          ]}
          onValue={setDays}
        />
      </div>
      <div class="end">
        <button type="button" class="main" aria-disabled={!isReady} onClick={() => onTry(Number(days))}>
          {isBusy ? 'Simulating …' : 'Simulate'}
        </button>
      </div>
      {isOld && <p class="note">The plan has changed since: simulate again to see what that makes of it.</p>}
      {trial && <TrialView trial={trial} />}
    </section>
  )
}
