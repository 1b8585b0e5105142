/** Starts the mail server of the demo, and reads what it was given. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { simpleParser } from 'mailparser'

/** A message, read back. */
export interface Mail {
  /** Counts up from 1. */
  number: number
  /** The address that it went to. */
  to: string
  from: string
  subject: string
  text: string
  html: string
}

export interface Mailbox {
  /** `smtp://127.0.0.1:…`. */
  url: string
  /** Everything that was sent, the oldest first. */
  mails(): Promise<Mail[]>
  /** The message as it came over the line; null when there is none with this number. */
  raw(number: number): Promise<Buffer | null>
  close(): Promise<void>
}

const program = fileURLToPath(new URL('smtpServer.ts', import.meta.url))

/**
 * Starts the server on a free port of this machine.
 *
 * @throws when it ends before it listens
 * @example
 * const mailbox = await startMailbox()
 * await createCollector({ mail: { smtp: mailbox.url, from: 'Acme <hi@acme.example>' }, publicUrl, data: ':memory:' })
 */
export async function startMailbox(): Promise<Mailbox> {
  const directory = await mkdtemp(join(tmpdir(), 'earshot-mails-'))
  const child = spawn(process.execPath, [program, directory], { stdio: ['pipe', 'pipe', 'inherit'] })
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (said: Buffer) => resolve(said.toString().trim()))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`The mail server of the demo ended with ${code}.`)))
  })
  const raw = (number: number): Promise<Buffer | null> =>
    readFile(join(directory, `${number}.eml`)).catch(() => null)
  const read = new Map<number, Mail>()
  const mailOf = async (number: number): Promise<Mail | null> => {
    const known = read.get(number)
    const source = known ? null : await raw(number)
    if (!source) return known ?? null
    const { to, from, subject = '', text = '', html } = await simpleParser(source)
    const [first] = [to ?? []].flat()
    const mail: Mail = {
      number,
      to: first?.text ?? '',
      from: from?.text ?? '',
      subject,
      text,
      html: html || '',
    }
    read.set(number, mail)
    return mail
  }
  return {
    url: `smtp://127.0.0.1:${port}`,
    raw,
    async mails() {
      const names = (await readdir(directory)).filter((name) => name.endsWith('.eml'))
      const numbers = names.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b)
      return (await Promise.all(numbers.map(mailOf))).filter((each) => each !== null)
    },
    async close() {
      // Ctrl+C ends both at once, so it may be gone already.
      const isThere = child.exitCode === null && child.signalCode === null
      const ended = isThere ? once(child, 'exit') : null
      child.kill()
      await ended
      await rm(directory, { recursive: true, force: true })
    },
  }
}
