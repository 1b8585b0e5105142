/** Tokens: who may read and change what. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { madeTokenShape, tokensShape } from '../../api/adminShapes.ts'
import { SelectField, TextField } from '../../parts/fields.tsx'
import { formatMoment, zoneOf } from '../../period/period.ts'
import { usePlace } from '../../shell/place.ts'
import { AccessDesk } from './accessDesk.tsx'

const roles = [
  ['viewer', 'viewer: numbers, no single answers'],
  ['agent', 'agent: single answers and people'],
  ['analyst', 'analyst: all answers, exports and surveys'],
  ['admin', 'admin: everything'],
] as const

export function Tokens(): JSX.Element {
  const { query } = usePlace()
  const zone = zoneOf(query)
  const [name, setName] = useState('')
  const [role, setRole] = useState<string>('viewer')
  const [days, setDays] = useState('')
  return (
    <AccessDesk
      path="/v1/tokens"
      shape={tokensShape}
      itemsOf={({ tokens }) => tokens}
      titles={['Tokens', 'token']}
      columns={[
        { title: 'Name', cell: (each) => each.name },
        { title: 'Role', cell: (each) => each.role },
        { title: 'Sites', cell: (each) => (each.site === null ? 'all' : each.site) },
        { title: 'Last used', cell: (each) => (each.usedAt ? formatMoment(each.usedAt, zone) : 'never') },
        { title: 'Ends', cell: (each) => (each.expiresAt ? formatMoment(each.expiresAt, zone) : 'never') },
      ]}
      keyOf={({ id }) => id}
      nameOf={(each) => each.name}
      endOf={({ isLive, revokedAt }) =>
        isLive ? null : revokedAt ? `revoked ${formatMoment(revokedAt, zone)}` : 'expired'
      }
      warn={(old) => `Whoever uses the token “${old}” is let in no more. This cannot be undone.`}
      farewell={(old) => `The token “${old}” is revoked, and whoever was signed in with it is signed out.`}
      fields={
        <>
          <TextField label="Name" hint="Who or what uses it." value={name} isRequired onText={setName} />
          <SelectField label="Role" value={role} options={roles} onValue={setRole} />
          <TextField
            label="Ends after days"
            hint="Empty: never."
            type="number"
            min={1}
            value={days}
            onText={setDays}
          />
        </>
      }
      body={() => ({ name: name.trim(), role, ...(days !== '' && { days: Number(days) }) })}
      made={madeTokenShape}
      welcome={(made) => {
        setName('')
        setDays('')
        return (
          <>
            <p>
              The token “{made.name}” is made. Copy it now: it is stored as a hash, and nobody can show it
              again.
            </p>
            <code class="secret">{made.token}</code>
          </>
        )
      }}
    />
  )
}
