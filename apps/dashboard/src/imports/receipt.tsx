/** What an import stored, to be read and to be kept. */
import type { JSX } from 'preact'
import { saveBlob } from '../api/request.ts'
import { Link } from '../parts/link.tsx'
import { formatMoment, zoneOf } from '../period/period.ts'
import { usePlace } from '../shell/place.ts'
import type { Choice } from './choice.ts'
import { type Chosen, formatSize } from './fileForm.tsx'
import { counted, Facts, leftOut, type Noun } from './outcomeView.tsx'
import type { Outcome } from './run.ts'

interface ReceiptProps {
  chosen: Chosen
  choice: Choice
  outcome: Outcome
  /** When it ended; null: it did not yet. */
  endedAt: string | null
  noun: Noun
}

export function Receipt({ chosen, choice, outcome, endedAt, noun }: ReceiptProps): JSX.Element {
  const { query } = usePlace()
  const { file } = chosen
  const { taken, bad, stored } = outcome
  const survey = choice.survey === '' ? choice.newId.trim() : choice.survey
  const isOfSurvey = choice.content !== 'own' && choice.content !== 'lifecycle'
  const lines: (readonly [string, string])[] = [
    ['File', `${file.name}, ${formatSize(file.size)}`],
    ...(endedAt === null ? [] : [['When', formatMoment(endedAt, zoneOf(query))] as const]),
    ...(isOfSurvey ? [['Survey', survey] as const] : []),
    ['Taken', counted(taken, noun)],
    ['Stored', counted(stored.accepted, 'new event')],
    ['There before', counted(stored.duplicates, 'event')],
    ...(stored.refused > 0
      ? [['Left out, of people who were erased', counted(stored.refused, 'event')] as const]
      : []),
    ...leftOut(outcome),
    ...(bad > 0 ? [['Left out, wrong', counted(bad, 'line')] as const] : []),
  ]
  const save = (): void => {
    const { columns, unused, errors } = outcome
    const receipt = {
      file: { name: file.name, bytes: file.size },
      at: endedAt,
      content: choice.content,
      survey: isOfSurvey ? survey : null,
      taken,
      stored,
      skipped: Object.fromEntries(outcome.skipped),
      wrong: { lines: bad, named: errors },
      columns: { taken: columns, unused },
    }
    const text = JSON.stringify(receipt, null, 2)
    saveBlob(new Blob([text], { type: 'application/json' }), `receipt-${file.name}.json`)
  }
  return (
    <>
      <Facts facts={lines} />
      {endedAt !== null && (
        <div class="row">
          {isOfSurvey ? (
            <Link page="surveys" id={survey} query={{ period: 'all' }} class="button">
              See its numbers
            </Link>
          ) : (
            <Link page={choice.content === 'own' ? 'surveys' : 'customers'} class="button">
              {choice.content === 'own' ? 'See the surveys' : 'See what becomes of customers'}
            </Link>
          )}
          <button type="button" onClick={save}>
            Save the receipt
          </button>
        </div>
      )}
    </>
  )
}
