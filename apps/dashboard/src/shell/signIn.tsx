/** The door: a token for a session. */
import type { JSX, TargetedSubmitEvent } from 'preact'
import { useState } from 'preact/hooks'
import type { Fault } from '../api/fault.ts'
import type { Session } from '../api/shapes.ts'
import { TextField } from '../parts/fields.tsx'
import { keepFocus, Page } from '../parts/page.tsx'
import { FaultNote } from '../parts/states.tsx'
import { Mark } from './brand.tsx'
import { signIn } from './session.ts'

interface SignInProps {
  /** Whether somebody was signed in until now. */
  isOver: boolean
  onSession: (session: Session) => void
}

export function SignIn({ isOver, onSession }: SignInProps): JSX.Element {
  const [token, setToken] = useState('')
  const [flaw, setFlaw] = useState<string | undefined>(undefined)
  const [fault, setFault] = useState<Fault | null>(null)
  const [isBusy, setBusy] = useState(false)

  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (isBusy) return
    const given = token.trim()
    if (given === '') {
      setFlaw('Paste the token here.')
      event.currentTarget.querySelector('input')?.focus()
      return
    }
    if (given.startsWith('pk_')) {
      setFlaw('This is a write key, which is public and opens nothing. A token begins with sk_.')
      event.currentTarget.querySelector('input')?.focus()
      return
    }
    setBusy(true)
    setFlaw(undefined)
    void signIn(given).then((reply) => {
      setBusy(false)
      if (reply.ok) {
        keepFocus()
        onSession(reply.value)
        return
      }
      setFault(
        reply.fault.status === 401
          ? {
              ...reply.fault,
              message: 'This token is unknown, revoked or expired.',
              advice:
                'Look at it again: it begins with sk_. An admin can make a new one; a lost admin token is replaced on the server by: earshot-collector keys --new-admin-token',
            }
          : reply.fault,
      )
    })
  }

  return (
    <div class="door">
      <main id="main">
        <p class="brand">
          <Mark /> Earshot
        </p>
        <div class="panel">
          <Page title="Sign in">
            {isOver && (
              <p class="note" role="status">
                Your session is over. Sign in again, and this page goes on where you were.
              </p>
            )}
            {fault && <FaultNote fault={fault} />}
            <form class="form" onSubmit={submit} noValidate>
              <TextField
                label="Token"
                hint="The collector printed an admin token when it was first started. It begins with sk_."
                type="password"
                autocomplete="current-password"
                value={token}
                isRequired
                flaw={flaw}
                onText={setToken}
              />
              <button type="submit" class="main" aria-disabled={isBusy}>
                {isBusy ? 'Signing in …' : 'Sign in'}
              </button>
            </form>
          </Page>
        </div>
      </main>
    </div>
  )
}
