/** What makes the survey appear, as a form. */
import type { Survey, Trigger } from '@earshot/contract'
import type { JSX } from 'preact'
import { newTriggers, put } from './change.ts'
import { flawsAt, NumberField, SelectField, TextField } from './fields.tsx'
import type { FormProps } from './form.tsx'
import type { Flaw } from './judge.ts'

type TriggersProps = Pick<FormProps, 'survey' | 'flaws' | 'onSurvey'>

const kindTexts = [
  ['event', 'An event is tracked'],
  ['page', 'After a page was opened'],
  ['time', 'Time on the page'],
  ['scroll', 'The page was scrolled'],
  ['exit', 'About to leave'],
  ['idle', 'No input for some time'],
  ['seen', 'An element was seen'],
  ['click', 'An element was clicked'],
  ['rage', 'Clicked in anger'],
  ['sequence', 'Events in an order'],
] as const satisfies readonly (readonly [Trigger['on'], string])[]

export function Triggers({ survey, flaws, onSurvey }: TriggersProps): JSX.Element {
  const { triggers, followUps = [] } = survey
  return (
    <>
      {triggers.length === 0 && (
        <p class="soft">
          {Array.isArray(followUps) && followUps.length > 0
            ? 'It has no trigger: it appears later, by its follow-up. That stands in the JSON under “followUps”.'
            : 'It has no trigger: it appears by show() alone.'}
        </p>
      )}
      {triggers.map((trigger, index) => (
        <fieldset class="question" key={index}>
          <legend>Trigger {index + 1}</legend>
          <TriggerFields {...{ survey, trigger, index, flaws, onSurvey }} />
          <p>
            <button
              type="button"
              class="link"
              onClick={() =>
                onSurvey(`triggers.${index}.remove`, (draft) => void draft.triggers.splice(index, 1))
              }
            >
              Remove trigger {index + 1}
            </button>
          </p>
        </fieldset>
      ))}
      <p>
        <button
          type="button"
          onClick={() =>
            onSurvey(
              `triggers.${triggers.length}.add`,
              (draft) => void draft.triggers.push({ ...newTriggers.event }),
            )
          }
        >
          Add a trigger
        </button>
      </p>
    </>
  )
}

interface OneProps extends TriggersProps {
  trigger: Trigger
  index: number
}

/** Fields that the form has; others stay, and are named. */
const inForm = new Set(['on', 'name', 'delay', 'seconds', 'percent', 'selector', 'steps', 'within'])

function TriggerFields({ trigger, index, flaws, onSurvey }: OneProps): JSX.Element {
  const path = `triggers.${index}`
  const at = (field: string): Flaw[] => flawsAt(flaws, `${path}.${field}`)
  const set = (field: string, value: unknown): void =>
    onSurvey(`${path}.${field}`, (draft: Survey) => put(draft.triggers[index] as Trigger, field, value))
  const numberOf = (
    field: string,
    label: string,
    more: { max?: number; optional?: boolean } = {},
  ): JSX.Element => (
    <NumberField
      label={label}
      value={(trigger as unknown as Record<string, unknown>)[field]}
      {...(more.max !== undefined && { max: more.max })}
      {...(more.optional && { placeholder: '0' })}
      flaws={at(field)}
      onNumber={(value) => set(field, value)}
    />
  )
  const textOf = (field: string, label: string): JSX.Element => (
    <TextField
      label={label}
      value={(trigger as unknown as Record<string, unknown>)[field]}
      flaws={at(field)}
      onText={(text) => set(field, text === '' && trigger.on === 'rage' ? undefined : text)}
    />
  )
  const others = Object.keys(trigger).filter((each) => !inForm.has(each))
  return (
    <>
      <SelectField
        label="When"
        value={trigger.on}
        options={kindTexts}
        flaws={at('on')}
        onValue={(on) =>
          onSurvey(`${path}.on`, (draft) => {
            draft.triggers[index] = structuredClone(newTriggers[on as Trigger['on']])
          })
        }
      />
      <div class="row">
        {trigger.on === 'event' && textOf('name', 'Name of the event')}
        {trigger.on === 'event' && numberOf('delay', 'Seconds to wait', { optional: true })}
        {trigger.on === 'page' && numberOf('delay', 'Seconds')}
        {(trigger.on === 'time' || trigger.on === 'idle') && numberOf('seconds', 'Seconds')}
        {trigger.on === 'scroll' && numberOf('percent', 'Percent of the page', { max: 100 })}
        {(trigger.on === 'seen' || trigger.on === 'click') && textOf('selector', 'CSS selector')}
        {trigger.on === 'rage' && textOf('selector', 'CSS selector, or empty')}
        {trigger.on === 'sequence' && numberOf('within', 'Seconds from first to last')}
      </div>
      {trigger.on === 'sequence' && Array.isArray(trigger.steps) && (
        <TextField
          label="Names of the events, with commas between them"
          value={trigger.steps.map((each) => each?.name ?? '').join(', ')}
          flaws={flaws.filter((each) => each.path.startsWith(`${path}.steps`))}
          onText={(text) =>
            set(
              'steps',
              // A step that keeps its name keeps what else it has.
              text.split(',').map((each) => {
                const name = each.trim()
                return trigger.steps.find((step) => step?.name === name) ?? { name }
              }),
            )
          }
        />
      )}
      {others.length > 0 && <p class="hint">It also has {others.join(', ')}: see the JSON.</p>}
    </>
  )
}
