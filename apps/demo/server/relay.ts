/** A line that can really be cut: passes TCP bytes on to the collector until it is told not to. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export interface Relay {
  url: string
  isOpen(): boolean
  /** Destroys every connection and stops listening, so that the next one is refused. */
  cut(): Promise<void>
  /** Listens again, on the same port. */
  mend(): Promise<void>
}

const host = '127.0.0.1'

/**
 * Starts a relay on a free port.
 *
 * @param target port that connections are passed on to
 */
export async function startRelay(target: number): Promise<Relay> {
  const sockets = new Set<Socket>()
  let server: Server | null = null
  let port = 0

  const hold = (socket: Socket, partner: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => partner.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      partner.destroy()
    })
    socket.pipe(partner)
  }

  const mend = async (): Promise<void> => {
    if (server) return
    const made = createServer((near) => {
      const far = connect(target, host)
      hold(near, far)
      hold(far, near)
    })
    server = made
    await new Promise<void>((resolve, reject) => {
      made.once('error', reject)
      made.listen(port, host, resolve)
    })
    port = (made.address() as AddressInfo).port
  }

  const cut = async (): Promise<void> => {
    const closing = server
    server = null
    for (const socket of sockets) socket.resetAndDestroy()
    await new Promise<void>((resolve) => (closing ? closing.close(() => resolve()) : resolve()))
  }

  await mend()
  return { url: `http://${host}:${port}`, isOpen: () => server !== null, cut, mend }
}
