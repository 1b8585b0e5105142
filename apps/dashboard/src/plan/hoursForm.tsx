/** What holds for all rules: when nobody is disturbed, and how often one person may be reached. */
import type { JSX } from 'preact'
import { TextField } from '../parts/fields.tsx'
import type { Plan } from './plan.ts'

interface HoursProps {
  plan: Plan
  flawOf: (path: string) => string | undefined
  onPlan: (plan: Plan) => void
}

export function HoursForm({ plan, flawOf, onPlan }: HoursProps): JSX.Element {
  const { quiet, zone = '', limits = [] } = plan
  const putQuiet = (part: Partial<NonNullable<Plan['quiet']>>): void => {
    const next = { from: quiet?.from ?? '', to: quiet?.to ?? '', ...part }
    const { quiet: _, ...rest } = plan
    onPlan(next.from === '' && next.to === '' ? rest : { ...rest, quiet: next })
  }
  const putLimits = (next: NonNullable<Plan['limits']>): void => {
    const { limits: _, ...rest } = plan
    onPlan(next.length === 0 ? rest : { ...rest, limits: next })
  }
  return (
    <>
      <fieldset class="question">
        <legend>Quiet hours</legend>
        <div class="row">
          <TextField
            label="no person is reached from"
            hint="Like 21:00. Both empty: never quiet."
            value={quiet?.from ?? ''}
            flaw={flawOf('quiet.from')}
            onText={(from) => putQuiet({ from: from.trim() })}
          />
          <TextField
            label="until"
            value={quiet?.to ?? ''}
            flaw={flawOf('quiet.to')}
            onText={(to) => putQuiet({ to: to.trim() })}
          />
          <TextField
            label="in the time zone"
            hint="Where that of the person is not known. Empty: UTC."
            value={zone}
            flaw={flawOf('zone')}
            onText={(text) => {
              const { zone: _, ...rest } = plan
              onPlan(text.trim() === '' ? rest : { ...rest, zone: text.trim() })
            }}
          />
        </div>
      </fieldset>
      <fieldset class="question">
        <legend>Budget of one person</legend>
        {limits.length === 0 && (
          <p class="hint">There is none: every rule reaches everybody whom it means.</p>
        )}
        {limits.map((each, index) => {
          const put = (part: Partial<typeof each>): void =>
            putLimits(limits.map((one, at) => (at === index ? { ...one, ...part } : one)))
          return (
            <div class="row limit" key={index}>
              <TextField
                label="at most so many times"
                type="number"
                min={1}
                value={String(each.most ?? '')}
                flaw={flawOf(`limits.${index}.most`)}
                onText={(text) => put({ most: Number(text) })}
              />
              <TextField
                label="in so many days"
                type="number"
                min={0}
                value={String(each.days ?? '')}
                flaw={flawOf(`limits.${index}.days`)}
                onText={(text) => put({ days: Number(text) })}
              />
              <button type="button" onClick={() => putLimits(limits.filter((_, at) => at !== index))}>
                Remove
                <span class="unseen">
                  {' '}
                  the limit of {each.most} in {each.days} days
                </span>
              </button>
            </div>
          )
        })}
        {limits.length < 5 && (
          <div class="end">
            <button type="button" onClick={() => putLimits([...limits, { most: 1, days: 7 }])}>
              Add a limit
            </button>
          </div>
        )}
      </fieldset>
    </>
  )
}
