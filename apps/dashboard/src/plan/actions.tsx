/** What a rule may do, each with its form. Another kind is one more entry here; what has none is changed in the JSON. */
import type { JSX } from 'preact'
import { SelectField, TextField } from '../parts/fields.tsx'
import { Link } from '../parts/link.tsx'
import type { Action } from './plan.ts'

/** A webhook that may be chosen. */
export interface Target {
  id: string
  name: string
}

/** What the forms are given. */
export interface ActionProps {
  action: Action
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
  make: (webhooks: readonly Target[]) => Action
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
  const { action, webhooks, onAction } = props
  const found = kindOf(action)
  return (
    <>
      {(actionKinds.length > 1 || !found) && (
        <SelectField
          label="do"
          value={found?.kind ?? ''}
          options={[
            ...(found ? [] : [['', `${Object.keys(action)[0] ?? 'nothing'}, as in the JSON`] as const]),
            ...actionKinds.map(({ kind, title }) => [kind, title] as const),
          ]}
          onValue={(kind) => {
            const next = actionKinds.find((each) => each.kind === kind)
            if (next) onAction(next.make(webhooks ?? []))
          }}
        />
      )}
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
