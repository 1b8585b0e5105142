/** A mail server on this machine, which keeps what it gets, for the tests of mail. */
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A message as it came. */
export interface Delivered {
  from: string
  to: string[]
  raw: string
  mail: ParsedMail
  /** Whether it came over an encrypted connection. */
  secure: boolean
}

/** The server. */
export interface MailSink {
  url: string
  port: number
  received: Delivered[]
  /** Resolves when so many have come. */
  wait(count: number): Promise<Delivered[]>
  /** What becomes of the next ones: a refusal by its code, or the line is cut before or after the message was taken. */
  trouble: ({ at: 'rcpt' | 'data'; code: number; text?: string } | { at: 'cut' | 'taken' })[]
}

/** Starts one; it is closed after the test. */
export async function startMailSink(options: SMTPServerOptions = {}): Promise<MailSink> {
  const waiting: { count: number; done: (all: Delivered[]) => void }[] = []
  const sink: MailSink = {
    url: '',
    port: 0,
    received: [],
    trouble: [],
    wait: (count) =>
      new Promise((done) => {
        waiting.push({ count, done })
        look()
      }),
  }
  const look = (): void => {
    for (const each of waiting) if (sink.received.length >= each.count) each.done(sink.received)
  }
  const refusal = (code: number, text = 'no'): Error => Object.assign(new Error(text), { responseCode: code })
  const sockets = new Map<string, () => void>()
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    logger: false,
    ...options,
    onRcptTo(_, __, done) {
      const [next] = sink.trouble
      if (next?.at !== 'rcpt') return done()
      sink.trouble.shift()
      done(refusal(next.code, next.text))
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => void take(Buffer.concat(chunks).toString(), session, done))
    },
  })
  const take = async (
    raw: string,
    session: Parameters<NonNullable<SMTPServerOptions['onData']>>[1],
    done: (error?: Error | null) => void,
  ): Promise<void> => {
    const next = sink.trouble[0]?.at === 'rcpt' ? undefined : sink.trouble.shift()
    if (next?.at === 'data') return done(refusal(next.code, next.text))
    if (next?.at !== 'cut') {
      const { mailFrom, rcptTo } = session.envelope
      sink.received.push({
        from: mailFrom === false ? '' : mailFrom.address,
        to: rcptTo.map((each) => each.address),
        raw,
        mail: await simpleParser(raw),
        secure: session.secure,
      })
    }
    if (next) for (const cut of sockets.values()) cut()
    else done()
    look()
  }
  server.server.on('connection', (socket) => {
    const name = String(socket.remotePort)
    sockets.set(name, () => socket.destroy())
    socket.on('close', () => sockets.delete(name))
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const address = server.server.address()
  sink.port = typeof address === 'object' && address !== null ? address.port : 0
  sink.url = `smtp://127.0.0.1:${sink.port}`
  onTestFinished(() => {
    for (const cut of sockets.values()) cut()
    server.close()
  })
  return sink
}
