/** What begins a follow-up, as a form: an answer, an event, silence, or a number. */
import type { Survey } from '@earshot/contract'
import type { JSX } from 'preact'
import type { SurveySummary } from '../api/shapes.ts'
import { SelectField, TextField } from '../parts/fields.tsx'
import { AlertFields } from './alertFields.tsx'
import { firstAlert } from './alert.ts'
import { Condition } from './condition.tsx'
import type { Cause } from './plan.ts'

interface WhenProps {
  after: Cause
  survey: Survey | undefined
  surveys: readonly SurveySummary[]
  /** What is wrong at a path inside the rule. */
  flawOf: (path: string) => string | undefined
  onAfter: (after: Cause) => void
}

export function WhenForm({ after, survey, surveys, flawOf, onAfter }: WhenProps): JSX.Element {
  const known = surveys.map((each) => [each.id, each.id] as const)
  const isKnown = known.some(([id]) => id === after.survey)
  const put = (part: { [Field in keyof Cause]?: Cause[Field] | undefined }): void =>
    onAfter({ ...after, ...part })
  return (
    <>
      <div class="row">
        <SelectField
          label="this happens"
          value={after.on}
          flaw={flawOf('after.on')}
          options={[
            ['answer', 'a survey is answered'],
            ['event', 'an event is tracked'],
            ['silence', 'a survey is seen, and nothing said'],
            ['alert', 'a number changes, or crosses a bound'],
          ]}
          onValue={(on) =>
            onAfter(
              on === 'event'
                ? { on, name: after.name ?? '' }
                : on === 'alert'
                  ? firstAlert(survey ?? surveys[0]?.survey)
                  : { on, survey: after.survey ?? surveys[0]?.id ?? '' },
            )
          }
        />
        {after.on === 'event' ? (
          <>
            <TextField
              label="event"
              hint="As it is tracked, for example ticket_solved."
              value={after.name ?? ''}
              flaw={flawOf('after.name')}
              onText={(text) => put({ name: text })}
            />
            <TextField
              label="once for each"
              hint="A property such as ticket. Empty: for each event."
              value={after.key ?? ''}
              flaw={flawOf('after.key')}
              onText={(text) => put({ key: text || undefined })}
            />
          </>
        ) : (
          <SelectField
            label="survey"
            value={after.survey ?? ''}
            flaw={flawOf('after.survey')}
            options={isKnown ? known : [[after.survey ?? '', after.survey || 'choose one'], ...known]}
            onValue={(id) =>
              onAfter(
                after.on === 'alert'
                  ? { ...after, ...firstAlert(surveys.find((each) => each.id === id)?.survey, after) }
                  : { on: after.on, survey: id },
              )
            }
          />
        )}
        {after.on === 'answer' && (
          <Condition
            when={after.when}
            survey={survey}
            flaw={flawOf('after.when')}
            onWhen={(when) => put({ when })}
          />
        )}
      </div>
      {after.on === 'alert' && (
        <AlertFields
          after={after}
          survey={survey}
          flawOf={(field) => flawOf(`after.${field}`)}
          onAfter={onAfter}
        />
      )}
      {after.on === 'event' && after.where !== undefined && (
        <p class="hint">
          Its rule over the properties of the event stands in the JSON:{' '}
          <code>{JSON.stringify(after.where)}</code>
        </p>
      )}
    </>
  )
}
