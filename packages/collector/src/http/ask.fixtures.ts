/** Requests as a colleague makes them, for tests of routes. */
import type { Running } from '../fixtures.ts'

/** What came back. */
export interface Reply {
  status: number
  text: string
  /** Null where it is no JSON, or lines of it. */
  // oxlint-disable-next-line typescript/no-explicit-any -- what it holds is for the expectations to say
  body: any
}
/** Asks with a token, or with that of the admin; what has a body is a POST if nothing else is said. */
export type Ask = (path: string, body?: object | null, token?: string, method?: string) => Promise<Reply>

/** How a collector is asked. */
export const askOf =
  ({ url, token: own }: Pick<Running, 'url' | 'token'>): Ask =>
  async (path, body = null, token = own, method = body ? 'POST' : 'GET') => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, text, body: isJson ? JSON.parse(text) : null }
  }
