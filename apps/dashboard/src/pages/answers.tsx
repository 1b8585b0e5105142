/** Single answers: found by survey, status and words, and read one by one. */
import { bandNames, type Survey } from '@earshot/contract'
import type { JSX } from 'preact'
import { mainScale } from '../numbers/answers.ts'
import { withQuery } from '../api/query.ts'
import { responsesShape, surveysShape } from '../api/shapes.ts'
import { useAsk } from '../api/use.ts'
import { AnswerRow } from '../parts/answer.tsx'
import { SelectField } from '../parts/fields.tsx'
import { Page } from '../parts/page.tsx'
import { Empty, Ready } from '../parts/states.tsx'
import { PeriodPicker } from '../period/picker.tsx'
import { periodText } from '../period/period.ts'
import { usePeriod } from '../period/use.ts'
import { setQuery, usePlace } from '../shell/place.ts'
import type { PageProps } from '../shell/routes.tsx'
import { ExportButtons } from '../parts/exportButtons.tsx'
import { Pager } from '../parts/pager.tsx'
import { SearchForm } from '../parts/searchForm.tsx'
import { AnswerPage } from './answer.tsx'

const statuses = [
  ['', 'any'],
  ['completed', 'completed'],
  ['partial', 'not finished'],
  ['dismissed', 'closed without an answer'],
  ['shown', 'seen, not answered'],
] as const

export function Answers({ id }: PageProps): JSX.Element {
  return id === null ? <AnswerTable /> : <AnswerPage id={id} />
}

/** Scores that can be asked for: the groups of the survey's first scale, and each score by itself. */
function scoresOf(survey: Survey | undefined): (readonly [string, string])[] {
  const scale = mainScale(survey)
  const [min, max] = scale ? [scale.min, scale.max] : [0, 10]
  const range = (list: readonly number[]): string => `${Math.min(...list)}-${Math.max(...list)}`
  const [bad, , good] = scale ? bandNames[scale.metric] : []
  return [
    ['', 'any'],
    ...(scale && scale.negative.length > 0
      ? [[range(scale.negative), `${bad} (${range(scale.negative)})`] as const]
      : []),
    ...(scale && scale.positive.length > 0
      ? [[range(scale.positive), `${good} (${range(scale.positive)})`] as const]
      : []),
    ...Array.from({ length: max - min + 1 }, (_, index) => [`${min + index}`, `${min + index}`] as const),
  ]
}

function AnswerTable(): JSX.Element {
  const period = usePeriod()
  const { query } = usePlace()
  const surveys = useAsk('/v1/surveys', surveysShape)
  const survey = query.get('survey') ?? ''
  const status = query.get('status') ?? ''
  const cursor = query.get('cursor')
  const words = query.get('q') ?? ''
  const score = query.get('score') ?? ''
  const asked = useAsk(
    withQuery('/v1/responses', { survey, status, q: words, score, ...period.bounds, limit: 25, cursor }),
    responsesShape,
  )
  const definitions = surveys.value?.surveys ?? []
  return (
    <Page title="Answers" lead={`${periodText(period)}, the newest first.`} tools={<PeriodPicker />}>
      <SearchForm label="Words" words={words} />
      <div class="filters">
        <SelectField
          label="Survey"
          value={survey}
          options={[['', 'any'], ...definitions.map((each) => [each.id, each.id] as const)]}
          onValue={(next) => setQuery({ survey: next, cursor: null })}
        />
        <SelectField
          label="How far they came"
          value={status}
          options={statuses}
          onValue={(next) => setQuery({ status: next, cursor: null })}
        />
        <SelectField
          label="Score"
          value={score}
          options={scoresOf(definitions.find((each) => each.id === survey)?.survey)}
          onValue={(next) => setQuery({ score: next, cursor: null })}
        />
      </div>
      <div class="row">
        <ExportButtons survey={survey || null} period={period} />
      </div>
      <Ready asked={asked}>
        {({ responses, next }) =>
          responses.length === 0 ? (
            <Empty title="Nothing is found">
              {next ? (
                <button type="button" onClick={() => setQuery({ cursor: next })}>
                  Look further back
                </button>
              ) : (
                'Choose a longer period, other words, or any survey, status and score.'
              )}
            </Empty>
          ) : (
            <section class="panel" aria-label="Answers found">
              <ol class="answers">
                {responses.map((each) => (
                  <AnswerRow
                    key={each.id}
                    response={each}
                    survey={definitions.find((one) => one.id === each.survey)?.survey}
                    zone={period.zone}
                  />
                ))}
              </ol>
              <Pager cursor={cursor} next={next} />
            </section>
          )
        }
      </Ready>
    </Page>
  )
}
