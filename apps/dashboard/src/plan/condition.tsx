/** Which answers a rule means: any, a group of scores, a choice, a word; what is more than that stays as the JSON has it. */
import { bandNames, type Survey } from '@earshot/contract'
import type { JSX } from 'preact'
import { plainTitle } from '../numbers/answers.ts'
import { SelectField, TextField } from '../parts/fields.tsx'
import { type Choice, choiceOf, firstChoice, kindsFor, whenOf } from './plan.ts'

interface ConditionProps {
  when: unknown
  survey: Survey | undefined
  flaw: string | undefined
  onWhen: (when: unknown) => void
}

const kindTexts: Readonly<Record<Choice['kind'], string>> = {
  any: 'any answer',
  band: 'a score of a group',
  choice: 'a choice',
  word: 'a word in what was written',
  other: 'as its rule in the JSON says',
}

export function Condition({ when, survey, flaw, onWhen }: ConditionProps): JSX.Element {
  const choice = choiceOf(when, survey)
  const put = (next: Choice): void => onWhen(whenOf(next, survey))
  const kinds: readonly Choice['kind'][] = kindsFor(survey)
  const offered = kinds.includes(choice.kind) ? kinds : [choice.kind, ...kinds]
  const questions = survey?.questions ?? []
  const ofKind = (kind: string): (readonly [string, string])[] =>
    questions.filter((each) => each.kind === kind).map((each) => [each.id, plainTitle(each.title)] as const)
  const asked = 'question' in choice ? questions.find((each) => each.id === choice.question) : undefined
  return (
    <>
      <SelectField
        label="and it is"
        value={choice.kind}
        flaw={flaw}
        options={offered.map((each) => [each, kindTexts[each]] as const)}
        onValue={(kind) => put(firstChoice(kind as Choice['kind'], survey))}
      />
      {choice.kind === 'other' && (
        <p class="hint">
          <code>{JSON.stringify(when)}</code>
        </p>
      )}
      {choice.kind === 'band' && (
        <>
          <SelectField
            label="scale"
            value={choice.question}
            options={ofKind('scale')}
            onValue={(question) => put({ ...choice, question })}
          />
          <fieldset>
            <legend>groups</legend>
            <div class="choices">
              {(asked?.kind === 'scale' ? bandNames[asked.metric] : []).map((band) => (
                <label key={band}>
                  <input
                    type="checkbox"
                    checked={choice.bands.includes(band)}
                    onChange={(event) =>
                      put({
                        ...choice,
                        bands: event.currentTarget.checked
                          ? [...choice.bands, band]
                          : choice.bands.filter((each) => each !== band),
                      })
                    }
                  />
                  {band}
                </label>
              ))}
            </div>
          </fieldset>
        </>
      )}
      {choice.kind === 'choice' && (
        <>
          <SelectField
            label="question"
            value={choice.question}
            options={ofKind('choice')}
            onValue={(question) => put({ ...choice, question, value: '' })}
          />
          <SelectField
            label="choice"
            value={choice.value}
            options={[
              ...(choice.value === '' ? [['', 'choose one'] as const] : []),
              ...(asked?.kind === 'choice'
                ? asked.options.map((each) => [each.id, each.label] as const)
                : []),
            ]}
            onValue={(value) => put({ ...choice, value })}
          />
        </>
      )}
      {choice.kind === 'word' && (
        <>
          <SelectField
            label="question"
            value={choice.question}
            options={ofKind('text')}
            onValue={(question) => put({ ...choice, question })}
          />
          <TextField
            label="word"
            hint="Large or small letters make no difference."
            value={choice.value}
            onText={(value) => put({ ...choice, value })}
          />
        </>
      )}
    </>
  )
}
