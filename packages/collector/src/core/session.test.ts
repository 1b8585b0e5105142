import { describe, expect, it } from 'vitest'
import { isLocal, readSessionCookie } from './session.ts'

const secret = 'a'.repeat(43)
const other = 'b'.repeat(43)

describe('a browser on the machine itself', () => {
  it.each(['localhost', 'LOCALHOST:8787', '127.0.0.1:8787', '127.8.9.1', '[::1]:8787'])(
    'is one at %s',
    (host) => {
      expect(isLocal(new Headers({ host }))).toBe(true)
    },
  )
  it.each(['example.com', 'localhost.example.com', '127.0.0.1.example.com', '10.0.0.1', '', 'a localhost'])(
    'is none at "%s"',
    (host) => {
      expect(isLocal(new Headers({ host }))).toBe(false)
    },
  )
  it('is none where a proxy says that it is between', () => {
    for (const name of ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'])
      expect(isLocal(new Headers({ host: 'localhost', [name]: 'x' }))).toBe(false)
  })
})

describe('the secret of the session', () => {
  const read = (cookie: string, host = 'localhost'): string | null =>
    readSessionCookie(new Headers({ cookie, host }))
  it('is that of the secure cookie, else of the one without TLS, which counts on the machine itself only', () => {
    expect(read(`a=1; __Host-earshot=${secret}; earshot-local=${other}`)).toBe(secret)
    expect(read(`earshot-local=${other}`)).toBe(other)
    expect(read(`earshot-local=${other}`, 'feedback.example.com')).toBeNull()
    expect(read(`__Host-earshot=${secret}`, 'feedback.example.com')).toBe(secret)
    expect(read(`__Host-earshot=${secret}x`)).toBeNull()
  })
})
