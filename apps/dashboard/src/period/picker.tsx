/** Chooses period and time zone. Both stand in the address, so that a link shows what its sender saw. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { SelectField, TextField } from '../parts/fields.tsx'
import { setQuery } from '../shell/place.ts'
import { paperText, presets } from './period.ts'
import { usePeriod } from './use.ts'
import { ownZone } from './zone.ts'

export function PeriodPicker(): JSX.Element {
  const { name, days, zone } = usePeriod()
  const isOwn = name.includes('..')
  const [flaw, setFlaw] = useState<string | undefined>(undefined)
  const options = [
    ...presets.map(([each, text]) => [each, text] as const),
    ['all', 'Since the beginning'] as const,
    ['own', 'From … to …'] as const,
  ]
  const setDays = (first: string, last: string): void => {
    if (first === '' || last === '') return
    if (first > last) {
      setFlaw('The first day must not be after the last.')
      return
    }
    setFlaw(undefined)
    setQuery({ period: `${first}..${last}`, cursor: null })
  }
  return (
    <>
      <SelectField
        label="Period"
        value={isOwn ? 'own' : name}
        options={options}
        onValue={(value) => {
          const today = new Date().toISOString().slice(0, 10)
          const own = days ? `${days.first}..${days.last}` : `${today}..${today}`
          setQuery({ period: value === 'own' ? own : value, cursor: null })
        }}
      />
      {isOwn && days && (
        <>
          <TextField
            label="First day"
            type="date"
            value={days.first}
            flaw={flaw}
            onText={(first) => setDays(first, days.last)}
          />
          <TextField
            label="Last day"
            type="date"
            value={days.last}
            onText={(last) => setDays(days.first, last)}
          />
        </>
      )}
      <ZoneField zone={zone} />
      <p class="printed">{paperText({ days, zone })}</p>
    </>
  )
}

/** There are hundreds; they are drawn when somebody is about to choose. */
function ZoneField({ zone }: { zone: string }): JSX.Element {
  const [isWanted, setWanted] = useState(false)
  const all = isWanted ? Intl.supportedValuesOf('timeZone') : []
  const names = [...new Set([zone, ownZone(), 'UTC', ...all])]
  return (
    <SelectField
      label="Time zone"
      value={zone}
      options={names.map((each) => [each, each.replaceAll('_', ' ')] as const)}
      onFocus={() => setWanted(true)}
      onValue={(next) => setQuery({ tz: next === ownZone() ? null : next })}
    />
  )
}
