/** What answers of a survey are about: themes with their shares, the most frequent first, and the words themselves. */
import type { JSX } from 'preact'
import { withQuery } from '../api/query.ts'
import { type SurveySummary, type Themes, themesShape } from '../api/shapes.ts'
import { useAsk } from '../api/use.ts'
import { Pareto } from '../charts/pareto.tsx'
import { bandNames, type ScaleQuestion } from '@earshot/contract'
import { mainScale, plainTitle } from '../numbers/answers.ts'
import { SelectField } from '../parts/fields.tsx'
import { Link } from '../parts/link.tsx'
import { Empty, Ready } from '../parts/states.tsx'
import type { Period } from '../period/period.ts'
import { setQuery, usePlace } from '../shell/place.ts'
import { useMay } from '../shell/session.ts'

interface CommentsProps {
  survey: SurveySummary
  period: Period
}

export function Comments({ survey, period }: CommentsProps): JSX.Element {
  const { query } = usePlace()
  const isAllowed = useMay('responses')
  const questions = survey.survey.questions.filter((each) => each.kind === 'text' || each.kind === 'choice')
  const question = questions.find((each) => each.id === query.get('question')) ?? questions[0]
  const scale = mainScale(survey.survey)
  const bands = scale ? bandNames[scale.metric] : []
  const band = bands.find((each) => each === query.get('band')) ?? ''
  const asked = useAsk(
    question
      ? withQuery('/v1/reports/themes', {
          survey: survey.id,
          question: question.id,
          band,
          ...period.bounds,
          timezone: period.zone,
        })
      : null,
    themesShape,
    true,
  )
  if (!question)
    return (
      <Empty title="This survey asks for no words">
        Add a question of the kind text or choice, so that people can say why.
      </Empty>
    )
  return (
    <div class="stack">
      <div class="filters">
        <SelectField
          label="Question"
          value={question.id}
          options={questions.map((each) => [each.id, plainTitle(each.title)] as const)}
          onValue={(next) => setQuery({ question: next })}
        />
        {bands.length > 0 && (
          <SelectField
            label="Of those whose score is"
            value={band}
            options={[['', 'any'], ...bands.map((each) => [each, each] as const)]}
            onValue={(next) => setQuery({ band: next })}
          />
        )}
      </div>
      <Ready asked={asked}>{(value) => <Found themes={value} />}</Ready>
      {isAllowed && (
        <p>
          <Link page="answers" query={{ survey: survey.id, score: scoresIn(scale, band) }}>
            Read the answers themselves
          </Link>
        </p>
      )}
    </div>
  )
}

/** The scores of a band, as the list of answers asks for them. */
function scoresIn(scale: ScaleQuestion | undefined, band: string): string | null {
  if (!scale || band === '') return null
  const [bad, , good] = bandNames[scale.metric]
  const list =
    band === good
      ? scale.positive
      : band === bad
        ? scale.negative
        : Array.from({ length: scale.max - scale.min + 1 }, (_, index) => scale.min + index).filter(
            (each) => !scale.positive.includes(each) && !scale.negative.includes(each),
          )
  return list.length === 0 ? null : `${Math.min(...list)}-${Math.max(...list)}`
}

function Found({ themes }: { themes: Themes }): JSX.Element {
  if (themes.answers === 0)
    return <Empty title="Nobody wrote anything here">Choose a longer period, or any score.</Empty>
  if (themes.isHidden)
    return (
      <Empty title="Too few to be shown">
        {themes.answers} {themes.answers === 1 ? 'answer is' : 'answers are'} fewer than {themes.minimum}:
        themes of so few may tell who wrote. Choose a longer period.
      </Empty>
    )
  if (themes.themes.length === 0)
    return <Empty title="No theme stands out">No word is in at least three of the answers.</Empty>
  return <Pareto themes={themes} />
}
