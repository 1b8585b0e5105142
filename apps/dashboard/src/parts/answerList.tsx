/** The newest answers, as they arrive. */
import type { JSX } from 'preact'
import { withQuery } from '../api/query.ts'
import { responsesShape, surveysShape } from '../api/shapes.ts'
import { useAsk } from '../api/use.ts'
import { zoneOf } from '../period/period.ts'
import { usePlace } from '../shell/place.ts'
import { AnswerRow } from './answer.tsx'
import { Link } from './link.tsx'
import { Empty, Ready } from './states.tsx'

const count = 4
export function AnswerList(): JSX.Element {
  const { query } = usePlace()
  const asked = useAsk(withQuery('/v1/responses', { limit: 50 }), responsesShape, true)
  const surveys = useAsk('/v1/surveys', surveysShape)
  const definitions = surveys.value?.surveys ?? []
  return (
    <section class="panel" aria-label="Newest answers">
      <header>
        <h2>Newest answers</h2>
        <Link page="answers">All answers</Link>
      </header>
      <Ready asked={asked}>
        {({ responses }) => {
          const answered = responses.filter((each) => Object.keys(each.answers).length > 0).slice(0, count)
          return answered.length === 0 ? (
            <Empty title="No answer yet">As soon as somebody answers, it stands here.</Empty>
          ) : (
            <ol class="answers">
              {answered.map((each) => (
                <AnswerRow
                  key={each.id}
                  response={each}
                  survey={definitions.find((one) => one.id === each.survey)?.survey}
                  zone={zoneOf(query)}
                />
              ))}
            </ol>
          )
        }}
      </Ready>
    </section>
  )
}
