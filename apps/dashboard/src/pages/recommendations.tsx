/** What the numbers advise: each piece of advice with its data, its base and its interval. */
import type { JSX } from 'preact'
import { withQuery } from '../api/query.ts'
import { recommendationsShape } from '../api/shapes.ts'
import { useAsk } from '../api/use.ts'
import { formatCount } from '../numbers/format.ts'
import { Link } from '../parts/link.tsx'
import { Page } from '../parts/page.tsx'
import { Empty, Ready } from '../parts/states.tsx'
import { PeriodPicker } from '../period/picker.tsx'
import { periodText } from '../period/period.ts'
import { usePeriod } from '../period/use.ts'

/** What each rule looks for, and where its data is. */
const rules: Readonly<Record<string, { title: string; why: string; view: string | null }>> = {
  segment: {
    title: 'A group that is worse off',
    why: 'Its share of bad scores is larger than that of all others, by more than chance, with a correction for looking at many groups.',
    view: 'segments',
  },
  change: {
    title: 'A score that got worse',
    why: 'The interval of the change against the period before leaves out 0.',
    view: null,
  },
  'response-change': {
    title: 'Fewer answer',
    why: 'The interval of the change of the response rate leaves out 0.',
    view: null,
  },
  'drop-off': {
    title: 'A question that ends the survey',
    why: 'At least a tenth of those who come to it stop there, even by the lower end of the interval.',
    view: null,
  },
  theme: {
    title: 'What is named most by the unhappy',
    why: 'Few causes make up most of what goes wrong, so the most frequent comes first.',
    view: 'comments',
  },
}

export function Recommendations(): JSX.Element {
  const period = usePeriod()
  const asked = useAsk(
    withQuery('/v1/recommendations', { ...period.bounds, timezone: period.zone }),
    recommendationsShape,
  )
  return (
    <Page
      title="Recommendations"
      lead={`What the numbers say to look at first: ${periodText(period).toLowerCase()}.`}
      tools={<PeriodPicker />}
    >
      <Ready asked={asked}>
        {({ recommendations, minimum }) =>
          recommendations.length === 0 ? (
            <Empty title="Nothing stands out">
              No rule found anything that is more than chance, with at least {minimum} answers. A longer
              period has more answers, and finds smaller differences.
            </Empty>
          ) : (
            <ol class="stack">
              {recommendations.map(({ id, rule, survey, text, measure, estimate, about }) => {
                const known = rules[rule]
                const by = rule === 'segment' ? about?.split(':')[0] : undefined
                return (
                  <li key={id} class="panel">
                    <h2>{known?.title ?? rule}</h2>
                    <p>{text}</p>
                    <p class="soft">
                      {measure}, n = {formatCount(estimate.n)} ·{' '}
                      <Link page="surveys" id={survey} query={{ view: known?.view ?? null, by: by ?? null }}>
                        See the data: {survey}
                      </Link>
                    </p>
                    {known && (
                      <details class="definition">
                        <summary>
                          Why this is here<span class="unseen">: {known.title}</span>
                        </summary>
                        <p>
                          {known.why} Nothing is advised on fewer than {minimum} answers.
                        </p>
                      </details>
                    )}
                  </li>
                )
              })}
            </ol>
          )
        }
      </Ready>
    </Page>
  )
}
