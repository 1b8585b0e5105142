/** One rule as a form that reads like a sentence: when, after, do, unless. */
import type { JSX } from 'preact'
import type { Staff } from '../api/caseShapes.ts'
import type { SurveySummary } from '../api/shapes.ts'
import { DeliveryLink } from '../parts/deliveryLink.tsx'
import { SelectField, TextField } from '../parts/fields.tsx'
import { ActionForm, sayAction, type Target } from './actions.tsx'
import { DraftField } from './draft.tsx'
import { number, shown } from './numberText.ts'
import { type PlanRule, remindersOf, sentenceOf } from './plan.ts'
import { LetterPreview } from './letterPreview.tsx'
import { Reminders } from './reminders.tsx'
import { WhenForm } from './whenForm.tsx'
import { Words } from './words.tsx'

interface RuleProps {
  rule: PlanRule
  surveys: readonly SurveySummary[]
  webhooks: readonly Target[] | null
  staff: Staff | null
  isOpen: boolean
  /** What is wrong at a path inside the rule. */
  flawOf: (path: string) => string | undefined
  hasFlaw: boolean
  onRule: (rule: PlanRule) => void
  onRemove: () => void
}

export function RuleForm(props: RuleProps): JSX.Element {
  const { rule, surveys, webhooks, staff, isOpen, flawOf, hasFlaw, onRule, onRemove } = props
  const { after } = rule
  // It concerns nobody: nobody is asked, and nothing that anybody does ends it.
  const isAlert = after.on === 'alert'
  const [isCase, isMail] = ['case' in rule.do, 'mail' in rule.do]
  const survey = surveys.find((each) => each.id === after.survey)?.survey
  // What is undefined is not there.
  const put = (part: { [Field in keyof PlanRule]?: PlanRule[Field] | undefined }): void =>
    onRule(JSON.parse(JSON.stringify({ ...rule, ...part })) as PlanRule)
  const ids = surveys.map((each) => [each.id, each.id] as const)
  return (
    <details class="rule" open={isOpen || hasFlaw || undefined}>
      <summary>
        <span>
          <strong>{rule.id}</strong> {hasFlaw && <span class="tag">to mend</span>}
          <br />
          <span class="soft">{sentenceOf(rule, survey, sayAction(rule.do, webhooks ?? []))}</span>
        </span>
      </summary>
      <div class="group">
        <fieldset class="question">
          <legend>When</legend>
          <WhenForm
            after={after}
            survey={survey}
            surveys={surveys}
            flawOf={flawOf}
            onAfter={(next) => {
              const isForStaff = next.on === 'alert' && 'reaches' in rule.do
              const toStaff = isForStaff && { do: { ...rule.do, reaches: 'staff' } }
              const nobody = next.on === 'alert' && { survey: undefined, unless: undefined }
              put({ after: next, ...nobody, ...toStaff })
            }}
          />
        </fieldset>
        <fieldset class="question">
          <legend>After</legend>
          <div class="row">
            <TextField
              label="days"
              hint="0 is at once, 0.5 is twelve hours."
              type="number"
              min={0}
              value={shown(rule.delay)}
              flaw={flawOf('delay')}
              onText={(text) => put({ delay: number(text) })}
            />
            <TextField
              label="and given up so many days later"
              type="number"
              min={0}
              value={shown(rule.expires)}
              flaw={flawOf('expires')}
              onText={(text) => put({ expires: number(text) })}
            />
            {!isCase && (
              <DraftField
                label="again after days"
                hint="Each after the time before: 3, 7. Empty: once only."
                value={(rule.reminders ?? []).map((each) => each.after).join(', ')}
                flaw={flawOf('reminders')}
                onText={(text) => put({ reminders: remindersOf(text, rule.reminders) })}
              />
            )}
          </div>
        </fieldset>
        <fieldset class="question">
          <legend>Do</legend>
          <div class="row">
            <ActionForm
              action={rule.do}
              rule={rule.id}
              webhooks={webhooks}
              served={surveys.filter(({ source }) => source === 'served').map(({ id }) => id)}
              staff={staff}
              flawOf={(field) => flawOf(`do.${field}`)}
              onAction={(action) =>
                put({
                  do: action,
                  // A case says nothing to the person; a mail names the survey itself.
                  ...('case' in action && { text: undefined, reminders: undefined }),
                  ...('mail' in action && { survey: undefined }),
                })
              }
            />
            {!isMail && (!isAlert || rule.survey !== undefined) && (
              <SelectField
                label="to ask the survey"
                value={rule.survey ?? ''}
                flaw={flawOf('survey')}
                hint="An answer to it ends the follow-up."
                options={[['', 'none'], ...ids]}
                onValue={(id) => put({ survey: id || undefined })}
              />
            )}
          </div>
          {!isCase && (
            <Words
              label="with the words"
              hint="For whatever writes to the person. May be empty; more languages in the JSON."
              text={rule.text}
              lines={2}
              flaw={flawOf('text')}
              onText={(text) => put({ text })}
            />
          )}
          {isMail && (
            <Reminders
              reminders={rule.reminders ?? []}
              flawOf={flawOf}
              onReminders={(reminders) => put({ reminders })}
            />
          )}
          {isMail && <LetterPreview rule={rule} />}
        </fieldset>
        {(!isAlert || rule.unless !== undefined) && (
          <fieldset class="question">
            <legend>Unless meanwhile</legend>
            <Unless {...props} onUnless={(unless) => put({ unless })} />
          </fieldset>
        )}
        <div class="question">
          <TextField
            label="Name of the rule"
            hint="It is part of every identity: a rule with another name is another rule."
            value={rule.id}
            flaw={flawOf('id')}
            onText={(text) => put({ id: text })}
          />
          <div class="end">
            <DeliveryLink of={{ rule: rule.id }} />
            <button type="button" class="danger" onClick={onRemove}>
              Remove {rule.id}
            </button>
          </div>
        </div>
      </div>
    </details>
  )
}

interface UnlessProps extends RuleProps {
  onUnless: (unless: PlanRule['unless']) => void
}

function Unless({ rule, surveys, flawOf, onUnless }: UnlessProps): JSX.Element {
  const { answered = [], events = [] } = rule.unless ?? {}
  const put = (part: NonNullable<PlanRule['unless']>): void => {
    const next = { answered, events, ...part }
    const isEmpty = next.answered.length === 0 && next.events.length === 0
    onUnless(
      isEmpty
        ? undefined
        : {
            ...(next.answered.length > 0 && { answered: next.answered }),
            ...(next.events.length > 0 && { events: next.events }),
          },
    )
  }
  return (
    <>
      {surveys.length > 0 && (
        <fieldset>
          <legend>one of these is answered</legend>
          <div class="choices">
            {surveys.map(({ id }) => (
              <label key={id}>
                <input
                  type="checkbox"
                  checked={answered.includes(id)}
                  onChange={(event) =>
                    put({
                      answered: event.currentTarget.checked
                        ? [...answered, id]
                        : answered.filter((each) => each !== id),
                    })
                  }
                />
                {id}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {events.some((each) => each.key !== undefined) ? (
        <p class="hint">
          Events that stop it, with their keys, stand in the JSON: <code>{JSON.stringify(events)}</code>
        </p>
      ) : (
        <DraftField
          label="one of these events happens"
          hint="Names with a comma between them. Empty: none."
          value={events.map((each) => each.name).join(', ')}
          flaw={flawOf('unless.events')}
          onText={(text) =>
            put({
              events: text
                .split(',')
                .map((each) => ({ name: each.trim() }))
                .filter((each) => each.name !== ''),
            })
          }
        />
      )}
    </>
  )
}
