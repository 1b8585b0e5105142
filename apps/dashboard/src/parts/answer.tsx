/** One response in a list: its score, its words, and where it came from. */
import type { JSX } from 'preact'
import type { Survey } from '@earshot/contract'
import type { Response } from '../api/shapes.ts'
import { sideOf } from '../numbers/bands.ts'
import { saidIn } from '../numbers/answers.ts'
import { formatMoment } from '../period/period.ts'
import { Link } from './link.tsx'

const statusTexts: Readonly<Record<string, string>> = {
  shown: 'seen, not answered',
  dismissed: 'closed without an answer',
  partial: 'not finished',
}

interface AnswerProps {
  response: Response
  survey: Survey | undefined
  zone: string
}

export function AnswerRow({ response, survey, zone }: AnswerProps): JSX.Element {
  const said = saidIn(response, survey)
  const score = said.find((each) => each.kind === 'scale')
  const words = said.filter((each) => each !== score)
  const status = statusTexts[response.status]
  return (
    <li>
      {score ? (
        <p class={`score ${score.band ? sideOf(score.band) : ''}`}>
          <span class="unseen">Score </span>
          {score.text}
          {score.band && <span class="unseen">, {score.band}</span>}
        </p>
      ) : (
        <p class="score" aria-hidden="true">
          –
        </p>
      )}
      <div>
        {words.map((each) => (
          <p key={each.question} class="said">
            {each.kind === 'words' ? each.text : `${each.title}: ${each.text}`}
          </p>
        ))}
        {words.length === 0 && <p class="soft">{score?.band ?? status ?? 'no words'}</p>}
        <p class="about">
          <Link page="answers" id={response.id}>
            <time dateTime={response.lastAt}>{formatMoment(response.lastAt, zone)}</time>
          </Link>
          <span>{response.survey}</span>
          {words.length > 0 && score?.band && <span>{score.band}</span>}
          {response.touchpoint && <span>{response.touchpoint}</span>}
          {response.locale && <span>{response.locale}</span>}
          {score && status && <span>{status}</span>}
        </p>
      </div>
    </li>
  )
}
