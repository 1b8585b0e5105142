/** What is in the file: its content, its survey, and which column is what. */
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import type { SurveySummary } from '../api/shapes.ts'
import { SelectField, TextField } from '../parts/fields.tsx'
import { lifecycleNames } from '@earshot/contract'
import { type Choice, type Content, contents, eventFields, fieldsOf, newMetrics } from './choice.ts'

interface ChoiceProps {
  choice: Choice
  surveys: readonly SurveySummary[]
  /** Columns of the file, where they are known. */
  columns: readonly string[]
  /** By what is looked for, the column that is found by its usual names; null before it is known. */
  found: Readonly<Record<string, string>> | null
  onChoice: (choice: Choice) => void
}

export function ChoiceForm({ choice, surveys, columns, found, onChoice }: ChoiceProps): JSX.Element {
  const id = useId()
  const set = (next: Partial<Choice>): void => onChoice({ ...choice, ...next })
  const { content, survey } = choice
  const isOfSurvey = content !== 'own' && content !== 'lifecycle'
  return (
    <>
      <section class="panel" aria-labelledby={`${id}-what`}>
        <h2 id={`${id}-what`}>2. What is in it</h2>
        <div class="filters start">
          <SelectField
            label="Content"
            value={content}
            options={contents}
            onValue={(next) => set({ content: next as Content, map: {} })}
          />
          {isOfSurvey && (
            <SelectField
              label="Survey"
              hint="The answers count as answers to it."
              value={survey}
              options={[['', 'A new one'], ...surveys.map((each) => [each.id, each.id] as const)]}
              onValue={(next) => set({ survey: next, map: {} })}
            />
          )}
          {isOfSurvey && survey === '' && (
            <>
              <TextField
                label="Id of the new survey"
                hint="For example nps-2024. It has a score and a comment, and asks nobody."
                value={choice.newId}
                isRequired
                onText={(newId) => set({ newId })}
              />
              <SelectField
                label="Metric"
                value={choice.metric}
                options={newMetrics}
                onValue={(metric) => set({ metric })}
              />
              {choice.metric === 'csat' && (
                <SelectField
                  label="Points of the scale"
                  value={choice.points}
                  options={['2', '3', '5', '7', '10'].map((each) => [each, each] as const)}
                  onValue={(points) => set({ points })}
                />
              )}
            </>
          )}
          {content === 'lifecycle' && (
            <SelectField
              label="What each row tells"
              value={choice.event}
              options={[['', 'What its column says'], ...lifecycleNames.map((each) => [each, each] as const)]}
              onValue={(event) => set({ event })}
            />
          )}
        </div>
        {content === 'own' && (
          <p class="soft">
            It names its surveys and questions itself. The versions of the surveys that it names must be here.
          </p>
        )}
      </section>
      {content !== 'own' && (
        <Columns
          key={`${content} ${survey}`}
          choice={choice}
          surveys={surveys}
          columns={columns}
          found={found}
          set={set}
        />
      )}
    </>
  )
}

interface ColumnsProps extends Omit<ChoiceProps, 'onChoice'> {
  set: (next: Partial<Choice>) => void
}

function Columns({ choice, surveys, columns, found, set }: ColumnsProps): JSX.Element {
  const id = useId()
  const { content, map, event } = choice
  const isReady = content === 'delighted' || content === 'formbricks' || content === 'posthog'
  const setMap = (target: string, column: string): void => set({ map: { ...map, [target]: column } })
  const usual = (target: string): string => {
    if (target === 'name' && event !== '') return `Not needed: each is ${event}`
    if (found === null) return 'By its usual names'
    return found[target] === undefined ? 'Not in the file' : `Found: ${found[target]}`
  }
  const fields = (
    <div class="filters start">
      {fieldsOf(choice, surveys).map(([target, title]) => (
        <SelectField
          key={target}
          label={title}
          value={map[target] ?? ''}
          options={[['', usual(target)], ...columns.map((each) => [each, each] as const)]}
          onValue={(column) => setMap(target, column)}
        />
      ))}
      <TextField
        label="Time of all rows"
        hint="A day, where the file tells none."
        value={choice.at}
        onText={(at) => set({ at })}
      />
    </div>
  )
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>3. Which column is what</h2>
      {isReady ? (
        <details class="definition">
          <summary>Their usual names are known; change some only where yours differ</summary>
          {fields}
        </details>
      ) : (
        fields
      )}
      {content === 'lifecycle' && event === '' && (
        <details class="definition">
          <summary>The file has words of its own for the events</summary>
          <div class="filters start">
            {eventFields.map(([target, name]) => (
              <TextField
                key={target}
                label={name}
                value={map[target] ?? ''}
                onText={(word) => setMap(target, word.trim())}
              />
            ))}
          </div>
        </details>
      )}
    </section>
  )
}
