/** Gives one message to an SMTP server, and says what came of it. */
import { Readable } from 'node:stream'
import { isIP } from 'node:net'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { addressFlaw, headerFlaw, readSender, type Sender } from '../core/mailAddress.ts'

/** Where mail goes out. */
export interface SmtpOptions {
  /** `smtp://user:password@host:587`, or `smtps://` where the connection is encrypted from its beginning. */
  url: string
  /** Milliseconds from the beginning to the server's last word. Default 25 seconds. */
  timeout?: number | undefined
}

/** A message as it is to be sent. */
export interface OutgoingMail {
  from: Sender
  to: string
  /** Without the angle brackets: the same whenever the same message is sent. */
  messageId: string
  headers: Readonly<Record<string, string>>
  subject: string
  text: string
  html: string
}

/** What came of it. */
export type Mailed =
  | { ok: true; status: number }
  | {
      ok: false
      /** Fit to be shown: no address, no password, nothing that the server wrote but its codes. */
      reason: string
      /** It is of no use to try again. */
      isFinal?: boolean | undefined
      /** The message was on its way when the line broke: nobody knows whether it arrived. */
      isUnknown?: boolean | undefined
    }

/** The way to a mail server. */
export interface Smtp {
  /** Never rejects. */
  send(mail: OutgoingMail, signal: AbortSignal): Promise<Mailed>
  /** Connects, and signs in where there is a password. Never rejects. */
  verify(): Promise<Mailed>
  /** Host and port, without the password. */
  where: string
}

interface Server {
  host: string
  port: number
  secure: boolean
  requireTLS: boolean
  ignoreTLS: boolean
  auth: { user: string; pass: string } | null
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/**
 * Reads the address of a mail server.
 *
 * @throws in words, which do not repeat the password
 * @example
 * readSmtpUrl('smtp://user:pass@mail.example.com').port // 587
 */
export function readSmtpUrl(text: string): Server {
  const wrong = (what: string): Error =>
    new Error(
      `The address of the mail server is refused: ${what}. Write it like smtp://user:password@mail.example.com:587, or smtps:// for port 465; signs such as @ or / in the password as %40 or %2F.`,
    )
  if (!URL.canParse(text)) throw wrong('it cannot be read')
  const url = new URL(text)
  const secure = url.protocol === 'smtps:'
  if (!secure && url.protocol !== 'smtp:') throw wrong('it must begin with smtp:// or smtps://')
  if (url.hostname === '' || (url.pathname !== '' && url.pathname !== '/') || url.hash !== '')
    throw wrong('it must have a host, and no path')
  const tls = url.searchParams.get('tls') ?? 'required'
  if ([...url.searchParams.keys()].some((name) => name !== 'tls') || !['required', 'off'].includes(tls))
    throw wrong('all that may stand behind the "?" is tls=off')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  let auth: Server['auth'] = null
  try {
    if (url.username !== '')
      auth = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
  } catch {
    throw wrong('the user or the password has a % that stands for nothing')
  }
  // Mail to this very machine goes over no line.
  const isPlain = !secure && (tls === 'off' || isLoopback(host))
  if (isPlain && auth && !isLoopback(host))
    throw wrong('with tls=off everybody on the way could read the password; leave one of them out')
  const port = url.port === '' ? (secure ? 465 : 587) : Number(url.port)
  return { host, port, secure, requireTLS: !secure && !isPlain, ignoreTLS: isPlain, auth }
}

/**
 * Makes the way to a server. Each message has a connection of its own.
 *
 * @throws when the address is wrong
 * @example
 * const smtp = createSmtp({ url: 'smtp://user:pass@mail.example.com' })
 * await smtp.send(mail, signal) // { ok: true, status: 250 }
 */
export function createSmtp({ url, timeout = 25_000 }: SmtpOptions): Smtp {
  const server = readSmtpUrl(url)
  const { host, port, secure, requireTLS, ignoreTLS, auth } = server

  /** Opens a connection, has `work` done with it, and closes it. */
  const converse = (
    work: (connection: SMTPConnection, done: (found: Mailed) => void) => void,
    signal: AbortSignal | null,
    isUnderWay: () => boolean,
  ): Promise<Mailed> =>
    new Promise((resolve) => {
      const connection = new SMTPConnection({
        host,
        port,
        secure,
        requireTLS,
        ignoreTLS,
        connectionTimeout: timeout,
        greetingTimeout: timeout,
        socketTimeout: timeout,
        dnsTimeout: timeout,
      })
      const until = AbortSignal.any([AbortSignal.timeout(timeout), ...(signal ? [signal] : [])])
      let isOver = false
      const finish = (found: Mailed): void => {
        // To close it makes it say that it has ended.
        if (isOver) return
        isOver = true
        until.removeEventListener('abort', late)
        if (found.ok) connection.quit()
        else connection.close()
        resolve(found)
      }
      const failed = (error: unknown): void => finish(judge(error, isUnderWay()))
      const late = (): void => finish({ ok: false, reason: 'no answer in time', isUnknown: isUnderWay() })
      until.addEventListener('abort', late, { once: true })
      connection.on('error', failed)
      connection.on('end', () =>
        finish({ ok: false, reason: 'the connection was closed', isUnknown: isUnderWay() }),
      )
      connection.connect((error) => {
        if (error) return failed(error)
        if (!auth) return work(connection, finish)
        connection.login({ user: auth.user, pass: auth.pass, credentials: auth }, (refused) =>
          refused ? failed(refused) : work(connection, finish),
        )
      })
    })

  return {
    where: `${host}:${port}`,
    verify: () =>
      converse(
        (_, done) => done({ ok: true, status: 250 }),
        null,
        () => false,
      ),
    async send(mail, signal) {
      const flaw = addressFlaw(mail.to) ?? addressFlaw(mail.from.address) ?? headerFlaw(mail.subject)
      if (flaw !== null) return { ok: false, reason: `refused: ${flaw}`, isFinal: true }
      if (signal.aborted) return { ok: false, reason: 'the collector was stopped' }
      const composed = new MailComposer({
        from: mail.from,
        to: { name: '', address: mail.to },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        messageId: `<${mail.messageId}>`,
        headers: Object.entries(mail.headers).map(([key, value]) => ({
          key,
          value: { prepared: true, foldLines: false, value },
        })),
        disableFileAccess: true,
        disableUrlAccess: true,
      }).compile()
      const bytes = await composed.build()
      let isUnderWay = false
      // Read from when the server has said that it takes the message, and not before.
      const content = new Readable({
        read() {
          isUnderWay = true
          this.push(bytes)
          this.push(null)
        },
      })
      return converse(
        (connection, done) =>
          connection.send({ from: mail.from.address, to: [mail.to] }, content, (error, info) =>
            done(
              error
                ? judge(error, isUnderWay)
                : { ok: true, status: Number(info?.response.slice(0, 3)) || 250 },
            ),
          ),
        signal,
        () => isUnderWay,
      )
    },
  }
}

/** What an error means. Of what the server wrote only the codes are told: it likes to repeat the address. */
function judge(error: unknown, isUnderWay: boolean): Mailed {
  const { code, response, responseCode } = error as {
    code?: unknown
    response?: unknown
    responseCode?: unknown
  }
  const isRefusal = typeof responseCode === 'number' && responseCode >= 400
  const [extended] = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(typeof response === 'string' ? response : '') ?? []
  const name = typeof code === 'string' ? code : 'unknown'
  const reason = isRefusal
    ? `smtp ${responseCode}${extended === undefined ? '' : ` ${extended}`}`
    : `the connection failed: ${name}`
  return {
    ok: false,
    reason,
    // A password can be mended; an address that is not there cannot.
    isFinal: isRefusal && responseCode >= 500 && name !== 'EAUTH' && name !== 'ECONNECTION',
    isUnknown: isUnderWay && !isRefusal,
  }
}

/**
 * Reads the sender of all mail.
 *
 * @throws in words
 * @example
 * senderOf('Acme <feedback@acme.example>') // { name: 'Acme', address: 'feedback@acme.example' }
 */
export function senderOf(text: string): Sender {
  const sender = readSender(text)
  if (!('flaw' in sender)) return sender
  throw new Error(
    `The sender of mail is refused: ${sender.flaw}. Write it like "Acme <feedback@example.com>".`,
  )
}
