/** What a rule may do, each with its form. Another kind is one more entry here; what has none is changed in the JSON. */
import type { JSX } from 'preact'
import type { Staff } from '../api/caseShapes.ts'
import { SelectField, TextField } from '../parts/fields.tsx'
import { Link } from '../parts/link.tsx'
import type { Action } from './plan.ts'
import { Words } from './words.tsx'

/** A webhook that may be chosen. */
export interface Target {
  id: string
  name: string
}

/** What the forms are given. */
export interface ActionProps {
  action: Action
  /** Name of the rule. */
  rule: string
  /** Ids of surveys that the collector serves. */
  served: readonly string[]
  /** Who may be named; null while it is not known. */
  staff: Staff | null
  /** Null where who is signed in may not see them. */
  webhooks: readonly Target[] | null
  /** What is wrong with a field of the action. */
  flawOf: (field: string) => string | undefined
  onAction: (action: Action) => void
}

interface ActionKind {
  /** The key that tells it. */
  kind: string
  title: string
  /** A first one. */
  make: (webhooks: readonly Target[], served: readonly string[]) => Action
  /** What it does, as the end of “2 days later …”. */
  say: (action: Action, webhooks: readonly Target[]) => string
  Form: (props: ActionProps) => JSX.Element
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function WebhookForm({ action, webhooks, flawOf, onAction }: ActionProps): JSX.Element {
  const id = text(action['webhook'])
  const isKnown = webhooks?.some((each) => each.id === id) ?? false
  return (
    <>
      {webhooks && webhooks.length > 0 ? (
        <SelectField
          label="tell the webhook"
          value={id}
          flaw={flawOf('webhook')}
          options={[
            ...(isKnown ? [] : [[id, id === '' ? 'choose one' : `${id} (unknown)`] as const]),
            ...webhooks.map((each) => [each.id, each.name] as const),
          ]}
          onValue={(webhook) => onAction({ ...action, webhook })}
        />
      ) : (
        <TextField
          label="tell the webhook"
          hint={webhooks ? 'There is none yet.' : 'Its id, wh_…'}
          value={id}
          flaw={flawOf('webhook')}
          onText={(webhook) => onAction({ ...action, webhook })}
        />
      )}
      <SelectField
        label="which reaches"
        value={text(action['reaches'])}
        flaw={flawOf('reaches')}
        options={[
          ['person', 'the person: quiet hours, budget and opt-out hold'],
          ['staff', 'colleagues: at any time'],
        ]}
        onValue={(reaches) => onAction({ ...action, reaches })}
      />
    </>
  )
}

/** What is inside of an action; what is undefined is not there. */
const inner = (action: Action, kind: string): Record<string, unknown> =>
  typeof action[kind] === 'object' && action[kind] !== null ? (action[kind] as Record<string, unknown>) : {}
const putInner = (kind: string, before: Record<string, unknown>, part: Record<string, unknown>): Action => ({
  [kind]: Object.fromEntries(
    Object.entries({ ...before, ...part }).filter(([, value]) => value !== undefined),
  ),
})

const roleTexts = [
  ['', 'nobody but who is named'],
  ['agent', 'every agent'],
  ['analyst', 'every analyst'],
  ['admin', 'every admin'],
] as const

function CaseForm({ action, staff, flawOf, onAction }: ActionProps): JSX.Element {
  const route = inner(action, 'case')
  const put = (part: Record<string, unknown>): void => onAction(putInner('case', route, part))
  const person = text(route['person'])
  const known = (staff?.staff ?? []).map(
    (each) => [each.id, each.id === staff?.me ? `${each.name} (you)` : `${each.name}, ${each.role}`] as const,
  )
  const isKnown = person === '' || known.some(([id]) => id === person)
  return (
    <>
      <SelectField
        label="in the inbox of"
        value={text(route['role'])}
        flaw={flawOf('case.role')}
        options={roleTexts}
        onValue={(role) => put({ role: role || undefined })}
      />
      <SelectField
        label="looked after by"
        value={person}
        flaw={flawOf('case.person') ?? (route['role'] === undefined ? flawOf('case') : undefined)}
        options={[
          ['', 'whoever takes it'],
          ...(isKnown ? [] : [[person, `${person} (unknown)`] as const]),
          ...known,
        ]}
        onValue={(id) => put({ person: id || undefined })}
      />
      <TextField
        label="what is to be done"
        hint="The title of the case. Empty: the name of the rule."
        value={text(route['title'])}
        flaw={flawOf('case.title')}
        onText={(title) => put({ title: title || undefined })}
      />
      <SelectField
        label="how urgent"
        value={text(route['priority']) || 'normal'}
        flaw={flawOf('case.priority')}
        options={[
          ['high', 'high'],
          ['normal', 'normal'],
          ['low', 'low'],
        ]}
        onValue={(priority) => put({ priority })}
      />
      <TextField
        label="to be closed within hours"
        hint="Empty: no end."
        type="number"
        min={0}
        value={typeof route['dueHours'] === 'number' ? String(route['dueHours']) : ''}
        flaw={flawOf('case.dueHours')}
        onText={(hours) => put({ dueHours: hours.trim() === '' ? undefined : Number(hours) })}
      />
    </>
  )
}

function MailForm({ action, rule, served, flawOf, onAction }: ActionProps): JSX.Element {
  const mail = inner(action, 'mail')
  const put = (part: Record<string, unknown>): void => onAction(putInner('mail', mail, part))
  const survey = text(mail['survey'])
  return (
    <>
      <SelectField
        label="that asks the survey"
        hint="An answer to it, on any channel, ends the follow-up."
        value={survey}
        flaw={flawOf('mail.survey')}
        options={[
          ...(served.includes(survey)
            ? []
            : [[survey, survey === '' ? 'choose one' : `${survey} (not served)`] as const]),
          ...served.map((id) => [id, id] as const),
        ]}
        onValue={(id) => put({ survey: id })}
      />
      <Words
        label="with the subject"
        hint="Empty: the usual one, in the language of the person. More languages in the JSON."
        text={inner(mail, 'subject') as Record<string, string>}
        flaw={flawOf('mail.subject')}
        onText={(subject) => put({ subject })}
      />
      <Link page="mail" query={{ of: `rule ${rule} 0` }}>
        How it looks in every width and colour, once it is in force
      </Link>
    </>
  )
}

/** All kinds. */
export const actionKinds: readonly ActionKind[] = [
  {
    kind: 'webhook',
    title: 'Tell a webhook',
    make: (webhooks) => ({ webhook: webhooks[0]?.id ?? '', reaches: 'person' }),
    say: ({ webhook, reaches }, webhooks) => {
      const name = webhooks.find((each) => each.id === webhook)?.name ?? (text(webhook) || '…')
      return `tell “${name}”${reaches === 'staff' ? ', which reaches colleagues' : ''}`
    },
    Form: WebhookForm,
  },
  {
    kind: 'mail',
    title: 'Write a mail',
    make: (_, served) => ({ mail: { survey: served[0] ?? '' } }),
    say: (action) => `ask ${text(inner(action, 'mail')['survey']) || '…'} by mail`,
    Form: MailForm,
  },
  {
    kind: 'case',
    title: 'Open a case',
    make: () => ({ case: { role: 'agent', priority: 'normal' } }),
    say: (action) => {
      const { role, person, title } = inner(action, 'case')
      const whom =
        text(role) === '' ? (text(person) === '' ? '…' : 'somebody of the staff') : `every ${text(role)}`
      return `open a case${text(title) === '' ? '' : ` “${text(title)}”`} for ${whom}`
    },
    Form: CaseForm,
  },
]

/** The kind of an action; undefined where there is no form for it. */
const kindOf = (action: Action): ActionKind | undefined =>
  actionKinds.find(({ kind }) => Object.hasOwn(action, kind))

/** What an action does, in words, whatever it is. */
export function sayAction(action: Action, webhooks: readonly Target[]): string {
  return kindOf(action)?.say(action, webhooks) ?? `do “${Object.keys(action)[0] ?? 'nothing'}”`
}

/** The form of an action, or the action as it stands. */
export function ActionForm(props: ActionProps): JSX.Element {
  const { action, webhooks, served, onAction } = props
  const found = kindOf(action)
  return (
    <>
      <SelectField
        label="do"
        value={found?.kind ?? ''}
        options={[
          ...(found ? [] : [['', `${Object.keys(action)[0] ?? 'nothing'}, as in the JSON`] as const]),
          ...actionKinds.map(({ kind, title }) => [kind, title] as const),
        ]}
        onValue={(kind) => {
          const next = actionKinds.find((each) => each.kind === kind)
          if (next) onAction(next.make(webhooks ?? [], served))
        }}
      />
      {found ? (
        <found.Form {...props} />
      ) : (
        <p class="hint">
          There is no form for this action: <code>{JSON.stringify(action)}</code>. Change it in the JSON.
        </p>
      )}
      {found?.kind === 'webhook' && webhooks?.length === 0 && (
        <Link page="settings" query={{ view: 'webhooks' }}>
          Make a webhook first
        </Link>
      )}
    </>
  )
}
