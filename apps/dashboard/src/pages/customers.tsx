/** What becomes of customers: whether they stay, pay, come back and are helped. */
import type { JSX } from 'preact'
import { CustomerCard, hasData, useCustomerReports } from '../parts/customerCards.tsx'
import { CustomerSplit } from '../parts/customerSplit.tsx'
import { SelectField, TextField } from '../parts/fields.tsx'
import { Page } from '../parts/page.tsx'
import { Empty, Ready } from '../parts/states.tsx'
import { PeriodPicker } from '../period/picker.tsx'
import { periodText } from '../period/period.ts'
import { usePeriod } from '../period/use.ts'
import { setQuery, usePlace } from '../shell/place.ts'
import { useWhere, WhereFilter } from '../where/filter.tsx'
import { customerChoices } from '../where/where.ts'

const names: Readonly<Record<string, string>> = Object.fromEntries(customerChoices)

export function Customers(): JSX.Element {
  const period = usePeriod()
  const where = useWhere()
  const { query } = usePlace()
  const by = query.get('by') ?? ''
  const isTrait = by.startsWith('trait.')
  const asked = useCustomerReports(period, where, by === '' || by === 'trait.' ? null : by)
  const name = isTrait ? `Trait ${by.slice('trait.'.length)}` : (names[by] ?? by)
  return (
    <Page
      title="Customers"
      lead={
        period.days
          ? `What becomes of them: ${periodText(period).toLowerCase()}.`
          : 'What becomes of them: the last 30 days, since these numbers need a period.'
      }
      tools={<PeriodPicker />}
    >
      <WhereFilter choices={customerChoices} of="customers" period={period} survey={null} />
      <div class="filters split">
        <SelectField
          label="Split by"
          value={isTrait ? 'trait.' : by}
          options={[['', 'Nothing: all together'], ...customerChoices]}
          onValue={(next) => setQuery({ by: next })}
        />
        {isTrait && (
          <TextField
            label="Trait to split by"
            hint="As the page gives it, for example plan."
            value={by.slice('trait.'.length)}
            onText={(text) => setQuery({ by: `trait.${text.trim()}` })}
          />
        )}
      </div>
      <Ready asked={asked}>
        {(list) => {
          const told = list.filter(hasData)
          return told.length === 0 && where.length > 0 ? (
            <Empty title="Nothing is known of such customers in this period">
              Take a condition away, or choose a longer period. What counts is what was known of somebody when
              the period began.
            </Empty>
          ) : told.length === 0 ? (
            <Empty title="Nothing is known of customers in this period">
              These numbers come of events such as <code>subscription_started</code>,{' '}
              <code>trial_started</code>, <code>purchased</code> and <code>enquiry_resolved</code>. Pages tell
              them with <code>earshot.track()</code>, servers with <code>POST /v1/lifecycle</code>.
            </Empty>
          ) : (
            <>
              {told[0]?.segments ? (
                <div class="stack">
                  {told.map((each) => (
                    <CustomerSplit key={each.metric} report={each} name={name} />
                  ))}
                </div>
              ) : (
                <div class="cards">
                  {told.map((each) => (
                    <CustomerCard key={each.metric} report={each} />
                  ))}
                </div>
              )}
              {told.length < list.length && (
                <p class="soft section-title">
                  {list.length - told.length === 1
                    ? 'One more number stands'
                    : `${list.length - told.length} more numbers stand`}{' '}
                  here as soon as there are events for {list.length - told.length === 1 ? 'it' : 'them'}.
                </p>
              )}
            </>
          )
        }}
      </Ready>
    </Page>
  )
}
