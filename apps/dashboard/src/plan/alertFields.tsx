/** A number that a rule watches, as a form: which one, what of it, and how sure it must be. */
import type { Survey } from '@earshot/contract'
import type { JSX } from 'preact'
import { SelectField, TextField } from '../parts/fields.tsx'
import { alertMetrics, metricsOf, watching, whatOf, type AlertWhat } from './alert.ts'
import { number, shown } from './numberText.ts'
import type { Cause } from './plan.ts'

interface AlertProps {
  after: Cause
  survey: Survey | undefined
  /** What is wrong at a field of the cause. */
  flawOf: (field: string) => string | undefined
  onAfter: (after: Cause) => void
}

const levels = [0.9, 0.95, 0.99, 0.999] as const

export function AlertFields({ after, survey, flawOf, onAfter }: AlertProps): JSX.Element {
  const what = whatOf(after)
  const isBound = what === 'below' || what === 'above'
  const known = metricsOf(survey)
  const { metric = '', question, level = 0.99 } = after
  const offered = known.includes(metric) ? known : [metric, ...known]
  const put = (part: Partial<Cause>): void => onAfter({ ...after, ...part })
  /** Empty is the usual one. */
  const optional = (field: 'minimum' | 'every', text: string): void => {
    const { [field]: _, ...rest } = after
    onAfter(text.trim() === '' ? rest : { ...rest, [field]: number(text) })
  }
  return (
    <>
      <div class="row">
        <SelectField
          label="number"
          value={metric}
          flaw={flawOf('metric')}
          options={offered.map(
            (each) => [each, alertMetrics.find(([id]) => id === each)?.[1] ?? each] as const,
          )}
          onValue={(next) => {
            const { question: _, ...rest } = after
            onAfter({ ...rest, metric: next })
          }}
        />
        <SelectField
          label="and it"
          value={what}
          flaw={flawOf('change')}
          options={[
            ['fall', 'falls'],
            ['rise', 'rises'],
            ['either', 'falls or rises'],
            ['below', 'is below a bound'],
            ['above', 'is above a bound'],
          ]}
          onValue={(next) => onAfter(watching(after, next as AlertWhat))}
        />
        {isBound && (
          <TextField
            label="bound"
            hint="In the unit of the number; the whole interval must lie beyond it."
            type="number"
            value={shown(after[what])}
            flaw={flawOf(what)}
            onText={(text) => put({ [what]: number(text) })}
          />
        )}
        <TextField
          label="days of a window"
          hint={isBound ? 'It ends with the last full hour.' : 'It is compared with as many days before.'}
          type="number"
          min={1}
          value={shown(after.days)}
          flaw={flawOf('days')}
          onText={(text) => put({ days: number(text) })}
        />
      </div>
      <div class="row">
        <TextField
          label="answers at least"
          hint="Fewer say too little. Empty: 30."
          type="number"
          min={2}
          value={shown(after.minimum)}
          flaw={flawOf('minimum')}
          onText={(text) => optional('minimum', text)}
        />
        <SelectField
          label="sure to"
          hint="It is looked at often: less than 99 % wakes you for nothing now and then."
          value={String(level)}
          flaw={flawOf('level')}
          options={[...new Set([...levels, level])].map(
            (each) => [String(each), `${Number((100 * each).toFixed(4))} %`] as const,
          )}
          onValue={(text) => put({ level: Number(text) })}
        />
        <TextField
          label="hours from look to look"
          hint="Empty: 1."
          type="number"
          min={1}
          value={shown(after.every)}
          flaw={flawOf('every')}
          onText={(text) => optional('every', text)}
        />
      </div>
      {question !== undefined && (
        <p class="hint">
          It watches the question <code>{question}</code>; another one of the survey stands in the JSON.
        </p>
      )}
      <p class="hint">
        It concerns nobody in particular, so it opens a case, or tells a webhook that reaches staff.
      </p>
    </>
  )
}
