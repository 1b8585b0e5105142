/** A mail server of the tests: what is sent to it is read and kept, and goes nowhere. */
import { once } from 'node:events'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer } from 'smtp-server'

/** A server on a free port of this machine. */
export interface Mailbox {
  /** For the collector: `smtp://127.0.0.1:…`. */
  url: string
  /** In the order in which they came. */
  mails: ParsedMail[]
  /** The latest text by the address that it was sent to. */
  texts: Map<string, string>
  close(): void
}

/** Starts one. A message is there once the collector is told that it was taken. */
export async function startMailbox(): Promise<Mailbox> {
  const mails: ParsedMail[] = []
  const texts = new Map<string, string>()
  const smtp = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        void simpleParser(Buffer.concat(chunks)).then((mail) => {
          mails.push(mail)
          for (const { address } of session.envelope.rcptTo) texts.set(address, String(mail.text))
          done()
        })
      })
    },
  })
  smtp.listen(0, '127.0.0.1')
  await once(smtp.server, 'listening')
  const at = smtp.server.address()
  const port = typeof at === 'object' && at !== null ? at.port : 0
  return { url: `smtp://127.0.0.1:${port}`, mails, texts, close: () => smtp.close() }
}
