/** Exports: all responses of a period as a file. */
import type { JSX } from 'preact'
import { surveysShape } from '../api/shapes.ts'
import { useAsk } from '../api/use.ts'
import { SelectField } from '../parts/fields.tsx'
import { ExportButtons } from '../parts/exportButtons.tsx'
import { Page } from '../parts/page.tsx'
import { Ready } from '../parts/states.tsx'
import { PeriodPicker } from '../period/picker.tsx'
import { periodText } from '../period/period.ts'
import { usePeriod } from '../period/use.ts'
import { setQuery, usePlace } from '../shell/place.ts'

export function Exports(): JSX.Element {
  const period = usePeriod()
  const { query } = usePlace()
  const survey = query.get('survey') ?? ''
  const surveys = useAsk('/v1/surveys', surveysShape)
  return (
    <Page
      title="Exports"
      lead="Every response of a period as a file, streamed as it is stored."
      tools={<PeriodPicker />}
    >
      <Ready asked={surveys}>
        {({ surveys: list }) => (
          <section class="panel stack">
            <div class="filters">
              <SelectField
                label="Survey"
                value={survey}
                options={[['', 'All surveys'], ...list.map((each) => [each.id, each.id] as const)]}
                onValue={(next) => setQuery({ survey: next })}
              />
            </div>
            <p>
              {survey === '' ? 'All surveys' : survey}, {periodText(period).toLowerCase()}. CSV has a column
              for each question and opens in a spreadsheet; NDJSON has one response to a line, with all that
              is stored.
            </p>
            <div class="row">
              <ExportButtons survey={survey || null} period={period} />
            </div>
            <h2>Notes of the staff</h2>
            <p>
              What was noted in this period, each note with the answers that it is about. Choose the last week
              for the report of a week.
            </p>
            <div class="row">
              <ExportButtons survey={survey || null} period={period} what="notes" />
            </div>
            <p class="soft">
              Exports name visitors and hold what they wrote. The audit log notes who made one.
            </p>
          </section>
        )}
      </Ready>
    </Page>
  )
}
