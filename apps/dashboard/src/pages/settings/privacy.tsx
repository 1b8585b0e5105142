/** What is taken out of texts when they arrive, and how long answers are kept. */
import type { JSX, TargetedSubmitEvent } from 'preact'
import { useState } from 'preact/hooks'
import type { Fault } from '../../api/fault.ts'
import { ask } from '../../api/request.ts'
import { type Privacy as Policy, privacyShape } from '../../api/adminShapes.ts'
import { useAsk } from '../../api/use.ts'
import { TextField } from '../../parts/fields.tsx'
import { FaultNote, Ready } from '../../parts/states.tsx'
import { useMay } from '../../shell/session.ts'
import { Made } from './made.tsx'

const path = '/v1/privacy'
const kinds = [
  ['email', 'E-mail addresses'],
  ['phone', 'Telephone numbers'],
  ['card', 'Card numbers'],
  ['iban', 'Bank accounts (IBAN)'],
] as const

export function Privacy(): JSX.Element {
  const asked = useAsk(path, privacyShape)
  return <Ready asked={asked}>{(policy) => <Form policy={policy} />}</Ready>
}

/** Patterns as lines: "order: \d{6}". */
const toLines = ({ patterns }: Policy): string =>
  patterns.map(({ name, pattern }) => `${name}: ${pattern}`).join('\n')

function readLines(text: string): Policy['patterns'] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const patterns = lines.map((line) => {
    const at = line.indexOf(':')
    return { name: line.slice(0, at).trim(), pattern: line.slice(at + 1).trim(), isGood: at > 0 }
  })
  return patterns.every((each) => each.isGood)
    ? patterns.map(({ name, pattern }) => ({ name, pattern }))
    : null
}

function Form({ policy }: { policy: Policy }): JSX.Element {
  const mayChange = useMay('configure')
  const [scrub, setScrub] = useState<readonly string[]>(policy.scrub)
  const [lines, setLines] = useState(toLines(policy))
  const [days, setDays] = useState(policy.retentionDays === null ? '' : String(policy.retentionDays))
  const [fault, setFault] = useState<Fault | null>(null)
  const [flaw, setFlaw] = useState<string | undefined>(undefined)
  const [said, setSaid] = useState('')
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const patterns = readLines(lines)
    if (!patterns) {
      setFlaw('Each line is a name, a colon, and a pattern.')
      return
    }
    setFlaw(undefined)
    const body = { scrub, patterns, retentionDays: days === '' ? null : Number(days) }
    void ask(path, privacyShape, { method: 'PUT', body }).then((reply) => {
      setFault(reply.ok ? null : reply.fault)
      setSaid(
        reply.ok ? 'Saved. It holds for what arrives from now on; retention for what is stored too.' : '',
      )
    })
  }
  return (
    <section class="panel" aria-label="Texts and retention">
      <Made>{said}</Made>
      {fault && <FaultNote fault={fault} />}
      <form class="form" onSubmit={submit}>
        <fieldset disabled={!mayChange}>
          <legend>Taken out of free texts when they arrive</legend>
          <div class="choices">
            {kinds.map(([kind, title]) => (
              <label key={kind}>
                <input
                  type="checkbox"
                  checked={scrub.includes(kind)}
                  onChange={({ currentTarget: { checked } }) =>
                    setScrub(checked ? [...scrub, kind] : scrub.filter((each) => each !== kind))
                  }
                />
                {title}
              </label>
            ))}
          </div>
        </fieldset>
        <TextField
          label="Patterns of your own"
          hint="One to a line: a name, a colon, a regular expression. For example order: \d{6}"
          lines={3}
          value={lines}
          flaw={flaw}
          onText={setLines}
        />
        <TextField
          label="Days after which answers are deleted"
          hint="Counted from the last that was heard of an answer. Empty: never."
          type="number"
          min={1}
          value={days}
          onText={setDays}
        />
        {mayChange ? (
          <button type="submit" class="main">
            Save
          </button>
        ) : (
          <p class="soft">Only an admin can change this.</p>
        )}
      </form>
    </section>
  )
}
