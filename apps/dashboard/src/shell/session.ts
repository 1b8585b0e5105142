/** Who is signed in, and what the role lets them do. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { ask, type Reply, setPass } from '../api/request.ts'
import { anyShape } from '../api/adminShapes.ts'
import { maybeSessionShape, type Role, type Session, sessionShape } from '../api/shapes.ts'
import { forget } from '../api/use.ts'

/** What a page needs; as the collector's own table of roles. */
export type Permission =
  | 'numbers'
  | 'responses'
  | 'people'
  | 'cases'
  | 'export'
  | 'define'
  | 'configure'
  | 'manage'

const permissions: Readonly<Record<Permission, readonly Role[]>> = {
  numbers: ['admin', 'analyst', 'agent', 'viewer'],
  responses: ['admin', 'analyst', 'agent'],
  people: ['admin', 'agent'],
  cases: ['admin', 'analyst', 'agent'],
  export: ['admin', 'analyst'],
  define: ['admin', 'analyst'],
  configure: ['admin'],
  manage: ['admin'],
}

/** Whether a role may do something. The collector decides; this only keeps doors shut that it would shut. */
export const may = (role: Role, need: Permission): boolean => permissions[need].includes(role)

const path = '/v1/session'
const isPlain = globalThis.location?.protocol === 'http:'

function enter(reply: Reply<Session>): Reply<Session> {
  if (reply.ok) setPass({ csrf: reply.value.csrf })
  return reply
}

/** The session of this browser; null where nobody is signed in. */
export async function resume(): Promise<Reply<Session | null>> {
  const reply = await ask(`${path}?optional`, maybeSessionShape, { atDoor: true })
  if (!reply.ok) return reply
  return 'session' in reply.value ? { ok: true, value: null } : enter({ ok: true, value: reply.value })
}

/** Begins a session. The token is sent once and kept nowhere: the browser gets a cookie that scripts cannot read. */
export async function signIn(token: string): Promise<Reply<Session>> {
  forget()
  const reply = enter(await ask(path, sessionShape, { method: 'POST', body: { token }, atDoor: true }))
  if (!reply.ok || !isPlain) return reply
  // Safari keeps no secure cookie without TLS, not even of the machine itself.
  const kept = await resume()
  if (!kept.ok || kept.value) return reply
  return enter(await ask(path, sessionShape, { method: 'POST', body: { token, local: true }, atDoor: true }))
}

/** Ends it. */
export async function signOut(): Promise<Reply<unknown>> {
  const reply = await ask(path, anyShape, { method: 'DELETE', atDoor: true })
  forget()
  setPass({ csrf: null, site: null })
  return reply
}

export const SessionContext = createContext<Session | null>(null)

/** Who is signed in. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('Pages are drawn only for somebody who is signed in.')
  return session
}

/** Whether who is signed in may do something. */
export function useMay(need: Permission): boolean {
  return may(useSession().role, need)
}
