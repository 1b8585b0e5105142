import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { start } from '../fixtures.ts'

it('a request that is refused at once is logged like any other, and the collector goes on', async () => {
  const logged: unknown[] = []
  const log = { info: (_: string, facts?: object) => void logged.push(facts), error: () => undefined }
  const { url } = await start({ log, logRequests: true })
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.setEncoding('latin1')
  // The path means another one than it says.
  socket.write('POST //v1/feedback HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
  let text = ''
  socket.on('data', (chunk: string) => (text += chunk))
  await once(socket, 'close')
  expect(text).toMatch(/^HTTP\/1\.1 400 .*\r\nx-request-id: [\da-f]{12}\r\n/is)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect(logged).toContainEqual(expect.objectContaining({ method: 'POST', status: 400 }))
})
