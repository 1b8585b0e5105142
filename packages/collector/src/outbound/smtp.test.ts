import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startMailSink } from './mail.fixtures.ts'
import { createSmtp, readSmtpUrl, senderOf, type OutgoingMail } from './smtp.ts'

const never = new AbortController().signal
const mail = (fields: Partial<OutgoingMail> = {}): OutgoingMail => ({
  from: { name: 'Acme “Ärger” GmbH', address: 'hi@acme.example' },
  to: 'ada@example.com',
  messageId: 'abc@acme.example',
  headers: { 'List-Unsubscribe': `<https://feedback.example.com/u/${'x'.repeat(90)}>` },
  subject: 'Är det bättre? هل أصبح الأمر أفضل؟ 😀',
  text: 'Hello\n\n.\nwith a dot\n',
  html: '<p>Hello</p>',
  ...fields,
})

describe('SMTP', () => {
  it('brings a message of two parts to a server, as it was written', async () => {
    const sink = await startMailSink()
    const smtp = createSmtp({ url: sink.url })
    expect(await smtp.verify()).toEqual({ ok: true, status: 250 })
    expect(await smtp.send(mail(), never)).toEqual({ ok: true, status: 250 })
    const [got] = sink.received
    expect(got).toMatchObject({ from: 'hi@acme.example', to: ['ada@example.com'] })
    expect(got?.mail.subject).toBe(mail().subject)
    expect(got?.mail.from?.value).toEqual([{ name: 'Acme “Ärger” GmbH', address: 'hi@acme.example' }])
    expect(got?.mail.text).toBe('Hello\n\n.\nwith a dot\n')
    expect(got?.mail.html).toBe('<p>Hello</p>')
    expect(got?.mail.messageId).toBe('<abc@acme.example>')
    expect(got?.raw.replaceAll(/\r\n[ \t]+/g, ' ')).toContain(
      `List-Unsubscribe: <https://feedback.example.com/u/${'x'.repeat(90)}>\r\n`,
    )
    expect(got?.raw).toMatch(/multipart\/alternative/)
  })

  it.each([
    [{ at: 'rcpt', code: 550, text: '5.1.1 <ada@example.com> is not here' }, 'smtp 550 5.1.1', true],
    [{ at: 'rcpt', code: 451, text: 'greylisted ada@example.com' }, 'smtp 451', false],
    [{ at: 'data', code: 554, text: 'spam' }, 'smtp 554', true],
    [{ at: 'data', code: 452, text: 'full' }, 'smtp 452', false],
  ] as const)(
    'tells by %j that it did not go out, without the words of the server',
    async (trouble, reason, isFinal) => {
      const sink = await startMailSink()
      sink.trouble.push(trouble)
      expect(await createSmtp({ url: sink.url }).send(mail(), never)).toEqual({
        ok: false,
        reason,
        isFinal,
        isUnknown: false,
      })
      expect(sink.received).toHaveLength(0)
    },
  )

  it('does not know what became of a message when the line breaks before the last word', async () => {
    const sink = await startMailSink()
    sink.trouble.push({ at: 'taken' }, { at: 'cut' })
    const smtp = createSmtp({ url: sink.url })
    for (const _ of sink.trouble.slice())
      expect(await smtp.send(mail(), never)).toMatchObject({ ok: false, isUnknown: true })
    expect(sink.received).toHaveLength(1)
  })

  it('knows that nothing went out when nobody listens, or the server says nothing', async () => {
    const sink = await startMailSink()
    const { port } = sink
    const silent = (await import('node:net')).createServer(() => undefined).listen(0, '127.0.0.1')
    await new Promise((done) => silent.once('listening', done))
    const at = silent.address()
    const url = `smtp://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`
    expect(await createSmtp({ url, timeout: 100 }).send(mail(), never)).toMatchObject({
      ok: false,
      isUnknown: false,
    })
    silent.close()
    await new Promise((done) => connect(port, '127.0.0.1', () => done(null)))
    expect(await createSmtp({ url: 'smtp://127.0.0.1:1' }).send(mail(), never)).toMatchObject({
      ok: false,
      isUnknown: false,
      isFinal: false,
    })
  })

  it('signs in, and tries again later where the password is wrong', async () => {
    const sink = await startMailSink({
      authOptional: false,
      onAuth: ({ username, password }, _, done) =>
        username === 'me@x' && password === 'p/w' ? done(null, { user: 'me' }) : done(new Error('no')),
      allowInsecureAuth: true,
    })
    const at = `127.0.0.1:${sink.port}`
    expect(await createSmtp({ url: `smtp://me%40x:p%2Fw@${at}` }).send(mail(), never)).toMatchObject({
      ok: true,
    })
    const refused = await createSmtp({ url: `smtp://me%40x:secret@${at}` }).send(mail(), never)
    expect(refused).toMatchObject({ ok: false, reason: 'smtp 535', isFinal: false })
  })

  it('sends nothing with a line in its head that is not ours', async () => {
    const sink = await startMailSink()
    const smtp = createSmtp({ url: sink.url })
    for (const flawed of [
      { to: 'ada@example.com\r\nRCPT TO:<eve@example.com>' },
      { to: 'ada@example.com,eve@example.com' },
      { subject: 'Hi\r\nBcc: eve@example.com' },
      { subject: '=?utf-8?Q?Hi=0D=0ABcc:_eve@example.com?=' },
      { from: { name: '', address: 'hi@acme.example>\r\nX: y' } },
    ])
      expect(await smtp.send(mail(flawed), never)).toMatchObject({ ok: false, isFinal: true })
    expect(sink.received).toHaveLength(0)
  })

  it('has an address that can be read, and encrypts on any line but its own', () => {
    expect(readSmtpUrl('smtp://u:p@mail.example.com')).toEqual({
      host: 'mail.example.com',
      port: 587,
      secure: false,
      requireTLS: true,
      ignoreTLS: false,
      auth: { user: 'u', pass: 'p' },
    })
    expect(readSmtpUrl('smtps://mail.example.com')).toMatchObject({
      port: 465,
      secure: true,
      requireTLS: false,
    })
    expect(readSmtpUrl('smtp://relay.internal:25?tls=off')).toMatchObject({
      requireTLS: false,
      ignoreTLS: true,
    })
    expect(readSmtpUrl('smtp://u:p@[::1]:25')).toMatchObject({ host: '::1', ignoreTLS: true })
    for (const wrong of [
      'mail.example.com',
      'https://mail.example.com',
      'smtp://',
      'smtp://host/path',
      'smtp://host?x=y',
      'smtp://host?tls=maybe',
      'smtp://user:geheim@host?tls=off',
      'smtp://user:geheim%@host',
    ]) {
      expect(() => readSmtpUrl(wrong)).toThrow(/mail server is refused/)
      expect(() => readSmtpUrl(wrong)).not.toThrow(/geheim/)
    }
    expect(() => senderOf('Acme\r\nBcc: x <a@b.example>')).toThrow(/one line/)
  })
})
