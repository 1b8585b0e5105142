/** The questions of the form: their words, and the question for the reason of each band. */
import type { Band, ChoiceQuestion, Question, ScaleQuestion } from '@earshot/contract'
import type { JSX } from 'preact'
import { isAnyReason, put, putReason, reasonsOf } from './change.ts'
import { ChecksField, flawsAt, SelectField, TextField } from './fields.tsx'
import type { FormProps } from './form.tsx'
import type { Flaw } from './judge.ts'

type QuestionsProps = Pick<FormProps, 'survey' | 'flaws' | 'onSurvey'>

const kindTexts: Readonly<Record<Question['kind'], string>> = {
  scale: 'Scale',
  text: 'Text',
  choice: 'Choice',
  yesno: 'Yes or no',
  statement: 'Statement',
  link: 'Link',
}

export function Questions({ survey, flaws, onSurvey }: QuestionsProps): JSX.Element {
  return (
    <>
      {survey.questions.map((question, index) =>
        isAnyReason(survey, question) ? null : (
          <fieldset class="question" key={index}>
            <legend>
              {kindTexts[question.kind] ?? 'Question'} <code>{String(question.id ?? index)}</code>
            </legend>
            <QuestionFields {...{ survey, question, index, flaws, onSurvey }} />
          </fieldset>
        ),
      )}
    </>
  )
}

interface OneProps extends QuestionsProps {
  question: Question
  index: number
}

/** Other fields than the title that a respondent reads, by kind. */
const wordsOf: Readonly<Partial<Record<Question['kind'], readonly (readonly [string, string])[]>>> = {
  scale: [
    ['low', 'At the lowest answer'],
    ['high', 'At the highest answer'],
  ],
  yesno: [
    ['yes', 'For yes'],
    ['no', 'For no'],
  ],
  statement: [['text', 'Text']],
  link: [
    ['text', 'Text'],
    ['label', 'Label'],
    ['href', 'Address'],
  ],
}
const mayLack = new Set(['text'])

const linkPurposes = [
  ['', 'Anywhere'],
  ['review', 'Reviews in public'],
  ['help', 'Help; may hang on an answer'],
] as const

function QuestionFields(props: OneProps): JSX.Element {
  const { survey, question, index, flaws, onSurvey } = props
  const path = `questions.${index}`
  const lang = survey.locale
  const at = (field: string): Flaw[] => flawsAt(flaws, `${path}.${field}`)
  const set = (field: string, value: unknown): void =>
    onSurvey(`${path}.${field}`, ({ questions }) => put(questions[index] as Question, field, value))
  const words = wordsOf[question.kind] ?? []
  return (
    <>
      <TextField
        label="Question"
        long
        lang={lang}
        value={question.title}
        flaws={at('title')}
        onText={(text) => set('title', text)}
      />
      {words.length > 0 && (
        <div class="row">
          {words.map(([field, label]) => (
            <TextField
              key={field}
              label={label}
              lang={lang}
              value={(question as unknown as Record<string, unknown>)[field]}
              flaws={at(field)}
              onText={(text) => set(field, text === '' && mayLack.has(field) ? undefined : text)}
            />
          ))}
        </div>
      )}
      {question.kind === 'scale' && <Scale {...props} question={question} set={set} />}
      {question.kind === 'link' && (
        <SelectField
          label="Leads to"
          value={question.purpose ?? ''}
          options={linkPurposes}
          hint="Everybody is offered a review, or nobody: no score may decide."
          flaws={['purpose', 'when', 'known'].flatMap(at)}
          onValue={(purpose) => set('purpose', purpose || undefined)}
        />
      )}
      {question.kind === 'choice' && Array.isArray(question.options) && (
        <Choices {...props} question={question} set={set} />
      )}
    </>
  )
}

interface ChoicesProps extends OneProps {
  question: ChoiceQuestion
  set(field: string, value: unknown): void
}

function Choices({ survey, question, index, flaws, onSurvey, set }: ChoicesProps): JSX.Element {
  const path = `questions.${index}`
  return (
    <>
      <div class="row">
        {question.options.map((option, place) => (
          <TextField
            key={place}
            label={`Choice “${option.id}”`}
            lang={survey.locale}
            value={option.label}
            flaws={flawsAt(flaws, `${path}.options.${place}.label`)}
            onText={(text) =>
              onSurvey(`${path}.options.${place}`, ({ questions }) => {
                const target = questions[index]
                if (target?.kind === 'choice') put(target.options[place] as object, 'label', text)
              })
            }
          />
        ))}
        <TextField
          label="Last choice, with a text field"
          lang={survey.locale}
          value={question.other}
          placeholder="None"
          flaws={flawsAt(flaws, `${path}.other`)}
          onText={(text) => set('other', text === '' ? undefined : text)}
        />
      </div>
      <ChecksField
        legend="Count as good"
        hint="Reports show the share of those who chose one of these."
        lang={survey.locale}
        options={goodChoices(question)}
        values={question.positive}
        flaws={flaws.filter(
          ({ path: at }) => at === `${path}.positive` || at.startsWith(`${path}.positive.`),
        )}
        onValues={(ids) => set('positive', ids.length > 0 ? ids : undefined)}
      />
    </>
  )
}

/** Every choice a respondent has, and those called good that are no longer among them, so that they can be taken away. */
function goodChoices({ options, other, positive }: ChoiceQuestion): [id: string, label: string][] {
  const own = options.map(({ id, label }): [string, string] => [id, label || id])
  if (other !== undefined) own.push(['other', other])
  const known = new Set(own.map(([id]) => id))
  const gone = Array.isArray(positive) ? positive.filter((id) => !known.has(id)) : []
  return [...own, ...gone.map((id): [string, string] => [id, String(id)])]
}

interface ScaleProps extends OneProps {
  question: ScaleQuestion
  set(field: string, value: unknown): void
}

const looks = [
  ['numbers', 'Numbers'],
  ['stars', 'Stars'],
  ['faces', 'Faces'],
  ['thumbs', 'Thumbs'],
] as const

const reasonText = (band: Band): string => `Reason, asked of ${bandTexts[band]}`
const bandTexts: Readonly<Record<Band, string>> = {
  detractor: 'detractors',
  passive: 'passives',
  promoter: 'promoters',
  hard: 'those who found it hard',
  neutral: 'those in the middle',
  easy: 'those who found it easy',
  dissatisfied: 'the dissatisfied',
  satisfied: 'the satisfied',
  low: 'low answers',
  middle: 'middle answers',
  high: 'high answers',
}

function Scale({ survey, question, index, flaws, onSurvey, set }: ScaleProps): JSX.Element {
  return (
    <>
      {reasonsOf(survey, question).map(({ band, index: place, question: reason }) => (
        <TextField
          key={band}
          label={reasonText(band)}
          long
          lang={survey.locale}
          value={reason?.title ?? ''}
          placeholder="Not asked"
          flaws={reason ? flawsAt(flaws, `questions.${place}.title`) : []}
          onText={(text) =>
            onSurvey(`questions.${index}.reason.${band}`, (draft) => {
              const scale = draft.questions[index]
              if (scale?.kind === 'scale') putReason(draft, scale, band, text)
            })
          }
        />
      ))}
      <SelectField
        label="Drawn as"
        value={question.look ?? 'numbers'}
        options={looks}
        flaws={flawsAt(flaws, `questions.${index}.look`)}
        onValue={(value) => set('look', value === 'numbers' ? undefined : value)}
      />
    </>
  )
}
