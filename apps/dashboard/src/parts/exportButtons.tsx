/** Everything of a filter as a file. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Fault } from '../api/fault.ts'
import { withQuery } from '../api/query.ts'
import { save } from '../api/request.ts'
import { useMay } from '../shell/session.ts'
import type { Period } from '../period/period.ts'
import { FaultNote } from './states.tsx'

const formats = [
  ['csv', 'CSV'],
  ['ndjson', 'NDJSON'],
] as const

interface ExportProps {
  /** Null: all surveys. */
  survey: string | null
  period: Period
  /** Default the responses. */
  what?: 'responses' | 'notes'
}

export function ExportButtons({ survey, period, what = 'responses' }: ExportProps): JSX.Element | null {
  const [busy, setBusy] = useState<string | null>(null)
  const [fault, setFault] = useState<Fault | null>(null)
  const isAllowed = useMay('export')
  if (!isAllowed) return null
  const fetchFile = (format: string): void => {
    if (busy !== null) return
    setBusy(format)
    setFault(null)
    const from = what === 'notes' ? '/v1/notes/export' : '/v1/export'
    const path = withQuery(from, { format, survey, ...period.bounds })
    const name = [
      what === 'notes' && 'notes',
      survey ?? 'all',
      period.days && `${period.days.first}-${period.days.last}`,
    ]
      .filter(Boolean)
      .join('-')
    void save(path, `earshot-${name}.${format}`).then((reply) => {
      setBusy(null)
      if (!reply.ok) setFault(reply.fault)
    })
  }
  return (
    <>
      {formats.map(([format, title]) => (
        <button key={format} type="button" aria-disabled={busy !== null} onClick={() => fetchFile(format)}>
          {busy === format ? 'Fetching …' : `Export ${what === 'notes' ? 'notes as ' : ''}${title}`}
        </button>
      ))}
      {fault && <FaultNote fault={fault} />}
    </>
  )
}
