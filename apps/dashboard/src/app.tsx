/** The app: the door, and behind it the pages. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Fault } from './api/fault.ts'
import { onExpired, setPass } from './api/request.ts'
import type { Session } from './api/shapes.ts'
import { keepFocus } from './parts/page.tsx'
import { FaultNote } from './parts/states.tsx'
import { Frame } from './shell/frame.tsx'
import { Outlet } from './shell/outlet.tsx'
import { usePlace } from './shell/place.ts'
import { resume, SessionContext, signOut } from './shell/session.ts'
import { SignIn } from './shell/signIn.tsx'

type State =
  | { kind: 'unknown' }
  | { kind: 'failed'; fault: Fault }
  | { kind: 'out'; isOver: boolean }
  | { kind: 'in'; session: Session }

export function App(): JSX.Element | null {
  const [state, setState] = useState<State>({ kind: 'unknown' })
  const { query } = usePlace()
  const site = query.get('site')
  // Before any page asks.
  setPass({ site: site !== null && /^\d{1,9}$/.test(site) ? Number(site) : null })

  const begin = (): void => {
    void resume().then((reply) => {
      if (!reply.ok) setState({ kind: 'failed', fault: reply.fault })
      else if (reply.value) setState({ kind: 'in', session: reply.value })
      else setState({ kind: 'out', isOver: false })
    })
  }
  useEffect(begin, [])
  useEffect(() => onExpired(() => setState({ kind: 'out', isOver: true })), [])

  if (state.kind === 'unknown') return null
  if (state.kind === 'failed')
    return (
      <div class="door">
        <main id="main">
          <h1>Earshot</h1>
          <FaultNote fault={state.fault} again={begin} />
        </main>
      </div>
    )
  if (state.kind === 'out')
    return <SignIn isOver={state.isOver} onSession={(session) => setState({ kind: 'in', session })} />
  const leave = (): void => {
    void signOut().then(() => {
      keepFocus()
      setState({ kind: 'out', isOver: false })
    })
  }
  return (
    <SessionContext.Provider value={state.session}>
      <Frame onSignOut={leave}>
        <Outlet key={site} />
      </Frame>
    </SessionContext.Provider>
  )
}
