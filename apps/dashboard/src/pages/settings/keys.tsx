/** Write keys: which pages may send. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { anyShape, keysShape } from '../../api/adminShapes.ts'
import { TextField } from '../../parts/fields.tsx'
import { formatMoment, zoneOf } from '../../period/period.ts'
import { usePlace } from '../../shell/place.ts'
import { AccessDesk } from './accessDesk.tsx'

export function Keys(): JSX.Element {
  const { query } = usePlace()
  const zone = zoneOf(query)
  const [name, setName] = useState('')
  const [origins, setOrigins] = useState('')
  const [rate, setRate] = useState('')
  const called = name.trim()
  return (
    <AccessDesk
      path="/v1/keys"
      shape={keysShape}
      itemsOf={({ keys }) => keys}
      titles={['Write keys', 'write key']}
      lead="A write key is public: it stands on your pages, and can only send feedback."
      columns={[
        { title: 'Name', cell: (each) => each.name },
        { title: 'Key', cell: (each) => <code>{each.key}</code> },
        { title: 'Pages', cell: (each) => each.origins?.join(', ') ?? 'as the collector allows' },
        { title: 'A minute', cell: (each) => each.rate ?? 'any number', isNumber: true },
        { title: 'Last used', cell: (each) => (each.usedAt ? formatMoment(each.usedAt, zone) : 'never') },
      ]}
      keyOf={({ key }) => key}
      nameOf={(each) => each.name}
      endOf={({ revokedAt }) => (revokedAt ? `revoked ${formatMoment(revokedAt, zone)}` : null)}
      warn={(old) =>
        `Pages with the key “${old}” can send nothing any more, and this cannot be undone. Their visitors keep what they answered on their devices.`
      }
      farewell={(old) => `The key “${old}” is revoked. Pages that still use it are refused.`}
      fields={
        <>
          <TextField
            label="Name"
            hint="For colleagues, for example shop."
            value={name}
            isRequired
            onText={setName}
          />
          <TextField
            label="Pages that may use it"
            hint="Exact origins such as https://shop.example, one to a line. Empty: as the collector allows."
            value={origins}
            lines={2}
            onText={setOrigins}
          />
          <TextField
            label="Most requests a minute"
            hint="Empty: any number."
            type="number"
            min={1}
            value={rate}
            onText={setRate}
          />
        </>
      }
      body={() => {
        const list = origins.split(/[\s,]+/).filter(Boolean)
        return {
          name: called,
          ...(list.length > 0 && { origins: list }),
          ...(rate !== '' && { rate: Number(rate) }),
        }
      }}
      made={anyShape}
      welcome={() => {
        setName('')
        setOrigins('')
        setRate('')
        return `The key “${called}” is made. Put it on your pages as data-key.`
      }}
    />
  )
}
