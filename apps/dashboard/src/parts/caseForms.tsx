/** What can be done about a case: a button for each, and below it the form of the one that is chosen. */
import type { JSX, TargetedSubmitEvent } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { type Case, caseShape, type Staff } from '../api/caseShapes.ts'
import type { Fault } from '../api/fault.ts'
import { ask } from '../api/request.ts'
import { actionTexts, reasonTexts } from './caseText.tsx'
import { SelectField, TextField } from './fields.tsx'
import { FaultNote } from './states.tsx'

/** What is sent, by the fields of the forms. */
type Fields = Readonly<Record<string, string>>

const titles: Readonly<Record<string, string>> = {
  acknowledge: 'Acknowledge',
  act: 'Say what was done',
  close: 'Close',
  reopen: 'Open again',
  assign: 'Give to somebody',
  note: 'Add a note',
  tell: 'Tell them',
}
const saidTexts: Readonly<Record<string, string>> = {
  acknowledge: 'Acknowledged. It is yours now.',
  act: 'Noted what was done.',
  close: 'Closed.',
  reopen: 'Open again.',
  assign: 'Given.',
  note: 'Noted.',
  tell: 'It is on its way to them.',
}
/** What somebody does next, by the state. */
const next: Readonly<Record<Case['state'], string>> = {
  new: 'acknowledge',
  acknowledged: 'act',
  acted: 'close',
  closed: 'reopen',
}

interface FormsProps {
  of: Case
  staff: Staff | null
  onDone: () => void
}

export function CaseForms({ of, staff, onDone }: FormsProps): JSX.Element {
  const [chosen, setChosen] = useState<string | null>(null)
  const [fields, setFields] = useState<Fields>({})
  const [fault, setFault] = useState<Fault | null>(null)
  const [said, setSaid] = useState('')
  const heading = useRef<HTMLHeadingElement>(null)
  const send = (command: string, body: object): void => {
    const path = `/v1/cases/${encodeURIComponent(of.id)}/${command}`
    void ask(path, caseShape, { method: 'POST', body: { ...body, version: of.version } }).then((reply) => {
      setFault(reply.ok ? null : reply.fault)
      setSaid(reply.ok ? (saidTexts[command] ?? '') : '')
      // Somebody else was faster: what stands now is shown.
      if (reply.ok || reply.fault.status === 409) onDone()
      if (!reply.ok) return
      setChosen(null)
      setFields({})
      // What had the focus is gone.
      heading.current?.focus()
    })
  }
  const choose = (command: string): void => {
    setSaid('')
    setFault(null)
    if (command === 'acknowledge') send(command, {})
    else setChosen(chosen === command ? null : command)
  }
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (chosen !== null) send(chosen, bodyOf(chosen, fields, of))
  }
  return (
    <section class="panel stack" aria-label="What to do">
      <h2 tabIndex={-1} ref={heading}>
        What to do
      </h2>
      <p role="status" class={said === '' ? 'unseen' : 'note good'}>
        {said}
      </p>
      {fault && <FaultNote fault={fault} />}
      {of.can.length === 0 && (
        <p class="soft">It belongs to another role or person. Have it given to you to change it.</p>
      )}
      <div class="row deeds">
        {of.can.map((each) => (
          <button
            key={each}
            type="button"
            class={each === next[of.state] && chosen === null ? 'main' : undefined}
            aria-expanded={each === 'acknowledge' ? undefined : chosen === each}
            onClick={() => choose(each)}
          >
            {titles[each] ?? each}
          </button>
        ))}
      </div>
      {chosen !== null && of.can.includes(chosen) && (
        <form class="form" aria-label={titles[chosen]} onSubmit={submit}>
          <Body
            of={of}
            command={chosen}
            staff={staff}
            fields={fields}
            onField={(name, value) => setFields((before) => ({ ...before, [name]: value }))}
          />
          <button type="submit" class="main">
            {chosen === 'close' && fields['message'] ? 'Close and tell them' : sendTexts[chosen]}
          </button>
        </form>
      )}
    </section>
  )
}

const sendTexts: Readonly<Record<string, string>> = {
  act: 'Put it down',
  close: 'Close the case',
  reopen: 'Open the case again',
  assign: 'Give the case',
  note: 'Keep the note',
  tell: 'Send it to them',
}

/** What is sent; what was left empty is left out. */
function bodyOf(command: string, fields: Fields, of: Case): object {
  const take = (...names: string[]): object =>
    Object.fromEntries(names.flatMap((name) => (fields[name]?.trim() ? [[name, fields[name].trim()]] : [])))
  if (command === 'act')
    return { ...(fields['action'] === '' ? {} : { action: fields['action'] ?? 'called' }), ...take('note') }
  if (command === 'close') return { reason: fields['reason'] ?? 'solved', ...take('note', 'message') }
  if (command === 'assign') {
    const to = fields['to'] ?? (of.owner === null ? '' : `person ${of.owner}`)
    const [kind, name = ''] = to.split(' ')
    return {
      ...(kind === 'person' ? { owner: name } : { owner: null, role: name || of.role }),
      ...take('note'),
    }
  }
  return take('note', 'message')
}

interface BodyProps {
  of: Case
  command: string
  staff: Staff | null
  fields: Fields
  onField: (name: string, value: string) => void
}

function Body({ of, command, staff, fields, onField }: BodyProps): JSX.Element {
  const note = (label: string, isRequired: boolean, hint?: string): JSX.Element => (
    <TextField
      label={label}
      {...(hint !== undefined && { hint })}
      lines={3}
      value={fields['note'] ?? ''}
      isRequired={isRequired}
      onText={(text) => onField('note', text)}
    />
  )
  const message = (isRequired: boolean): JSX.Element => (
    <TextField
      label={isRequired ? 'What they shall read' : 'Message to them, if you like'}
      hint="You said, we did: in their words, what has changed. It goes out by the webhooks that listen to it."
      lines={3}
      value={fields['message'] ?? ''}
      isRequired={isRequired}
      onText={(text) => onField('message', text)}
    />
  )
  if (command === 'act')
    return (
      <>
        <SelectField
          label="What was done"
          value={fields['action'] ?? 'called'}
          options={[...actionTexts, ['', 'Something else, see the note']]}
          onValue={(value) => onField('action', value)}
        />
        {note('Note for the staff', fields['action'] === '')}
      </>
    )
  if (command === 'close')
    return (
      <>
        <SelectField
          label="Why"
          value={fields['reason'] ?? 'solved'}
          options={reasonTexts}
          onValue={(value) => onField('reason', value)}
        />
        {note('Note for the staff', false)}
        {message(false)}
      </>
    )
  if (command === 'assign')
    return (
      <>
        <SelectField
          label="To whom"
          value={fields['to'] ?? (of.owner === null ? '' : `person ${of.owner}`)}
          options={[
            ...(of.owner === null ? [['', 'choose'] as const] : []),
            ...(staff?.staff ?? []).map(
              (each) =>
                [
                  `person ${each.id}`,
                  each.id === staff?.me ? `${each.name} (you)` : `${each.name}, ${each.role}`,
                ] as const,
            ),
            ['role agent', 'every agent'],
            ['role analyst', 'every analyst'],
            ['role admin', 'every admin'],
          ]}
          onValue={(value) => onField('to', value)}
        />
        {note('Note for the staff', false)}
      </>
    )
  if (command === 'tell') return message(true)
  return note(command === 'reopen' ? 'Why it is opened again' : 'Note for the staff', true)
}
