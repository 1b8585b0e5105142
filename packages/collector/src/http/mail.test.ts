import { describe, expect, it } from 'vitest'
import type { Survey } from '@earshot/contract'
import { answer, moment, now, npsQuestion, npsSurvey, start, uuid, type Running } from '../fixtures.ts'
import { startMailSink, type Delivered, type MailSink } from '../outbound/mail.fixtures.ts'
import { day } from '../core/time.ts'

const again: Survey = {
  ...npsSurvey,
  id: 'again',
  questions: [
    {
      ...npsQuestion,
      title: 'How likely is it that you would recommend Acme to a friend or colleague?',
      low: 'Not at all likely',
      high: 'Extremely likely',
    },
    { kind: 'text', id: 'why', title: 'What is the main reason for your score?', maxLength: 20 },
    {
      kind: 'choice',
      id: 'what',
      title: 'What <b>was</b> it?',
      options: [
        { id: 'a', label: 'Price & speed' },
        { id: 'b', label: 'Service' },
      ],
      multiple: true,
      other: 'Other',
      required: true,
    },
  ],
  thanks: { title: 'Thank you', text: 'Your feedback helps us get better.' },
  translations: {
    de: {
      questions: {
        what: {
          title: 'Was <b>war</b> es?',
          options: { a: 'Preis & Tempo', b: 'Bedienung' },
          other: 'Anderes',
        },
      },
    },
  },
}
const rule = (fields: object = {}): object => ({
  id: 'recovery',
  after: { on: 'answer', survey: 'nps-q4', when: { question: 'score', bands: ['detractor'] } },
  delay: 1,
  expires: 30,
  do: { mail: { survey: 'again' } },
  text: {
    en: 'Some days ago you told us.',
    de: 'Vor einigen Tagen haben Sie uns etwas gesagt.\n\nZweiter Absatz.',
  },
  reminders: [{ after: 2, subject: { en: 'One question is still open', de: 'Eine Frage ist noch offen' } }],
  ...fields,
})

interface Stage extends Omit<Running, 'put'> {
  sink: MailSink
  clock: { time: number }
  put(path: string, body: object): Promise<Response>
}

async function stage(plan: object | null = { rules: [rule()] }, options: object = {}): Promise<Stage> {
  const sink = await startMailSink()
  const clock = { time: now }
  const running = await start({
    mail: { smtp: sink.url, from: 'Acme <hi@acme.example>' },
    publicUrl: 'https://feedback.example.com/',
    clock: { now: () => clock.time },
    ...options,
  })
  const put = (path: string, body: object): Promise<Response> =>
    running.admin(path, {
      method: 'PUT',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
  expect((await running.put(npsSurvey)).status).toBe(201)
  expect((await running.put(again)).status).toBe(201)
  if (plan) expect((await put('/v1/follow-ups', plan)).status).toBe(200)
  return { ...running, sink, clock, put }
}
const ann = { person: 'ann', visitor: 'v-ann', context: { channel: 'web', locale: 'en' } }

/** The address of a link on this collector. */
const here = (url: string, link: string): string => link.replace('https://feedback.example.com', url)
const linksIn = (got: Delivered | undefined): string[] =>
  [...String(got?.mail.text).matchAll(/https:\/\/\S+/g)].map(([link]) => link)
const form = (fields: Record<string, string | string[]>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) => [value].flat().map((each) => [name, each])),
  ),
})
/** The fields that a page's form would send by itself. */
const hiddenIn = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(
      ([, name = '', value = '']) => [
        name,
        value
          .replaceAll('&quot;', '"')
          .replaceAll('&#39;', "'")
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&amp;', '&'),
      ],
    ),
  )

describe('mail', () => {
  it('goes from a bad answer to an answer by mail, in the language of the person, and stores nothing before somebody confirms', async () => {
    const { send, put, sink, clock, url, read } = await stage()
    expect((await put('/v1/people/ann/mail', { email: 'Ann@Example.com', locale: 'de-AT' })).status).toBe(204)
    await send([answer(1, 2, ann)])
    clock.time += day
    const [got] = await sink.wait(1)
    expect(got?.to).toEqual(['Ann@Example.com'])
    expect(got?.mail.subject).toBe('Eine Frage von Acme')
    expect(got?.mail.from?.text).toBe('"Acme" <hi@acme.example>')
    expect(got?.mail.text).toContain('Vor einigen Tagen')
    expect(got?.mail.text).toContain('Wie wahrscheinlich ist es, dass Sie Acme')
    expect(got?.mail.html).toMatch(/<html lang="de" dir="ltr">/)
    expect(got?.mail.headers.get('auto-submitted')).toBe('auto-generated')
    expect(got?.mail.html).not.toMatch(/<img|<script|url\(/)
    const links = linksIn(got)
    expect(links).toHaveLength(12)
    expect(new Set([...String(got?.mail.html).matchAll(/href="([^"]*)"/g)].map(([, link]) => link))).toEqual(
      new Set(links),
    )
    // A program looks at every link, twice, and runs no script.
    for (const link of [...links, ...links])
      for (const method of ['GET', 'HEAD']) {
        const looked = await fetch(here(url, link), { method })
        expect(looked.status).toBe(200)
        expect(looked.headers.get('content-security-policy')).toContain("default-src 'none'")
        expect(looked.headers.get('x-robots-tag')).toContain('noindex')
        expect(looked.headers.get('referrer-policy')).toBe('no-referrer')
        expect(looked.headers.get('cache-control')).toBe('no-store')
      }
    expect((await read('/v1/responses')).responses).toHaveLength(1)
    expect((await read('/v1/unsubscribed')).unsubscribed).toEqual([])

    const nine = links.find((each) => each.endsWith('?a=9')) ?? ''
    const page = await (await fetch(here(url, nine))).text()
    expect(page).toMatch(/<html lang="de" dir="ltr">/)
    expect(page).toContain('<input type="radio" name="value" value="9" checked>')
    expect(page.match(/checked>/g)).toHaveLength(1)
    const bare = here(url, nine.replace(/\?.*/, ''))
    // Twice, as somebody does whose line is slow.
    const sent = form({ ...hiddenIn(page), value: '9', act: 'send' })
    const second = await (await fetch(bare, sent)).text()
    await fetch(bare, sent)
    expect(second).toContain('Was ist der Hauptgrund')
    const { responses } = await read('/v1/responses')
    expect(responses[0]).toMatchObject({
      survey: 'again',
      person: 'ann',
      visitor: 'v-ann',
      channel: 'mail',
      locale: 'de',
      followUp: `again/recovery/${uuid('response', 1)}`,
      trigger: 'followup',
      wording: 'de@1',
      status: 'partial',
      answers: { score: { value: 9, revision: 0 } },
    })
    const one = await read(`/v1/responses/${responses[0].id}`)
    expect(one.events).toHaveLength(2)

    const skipped = await (await fetch(bare, form({ ...hiddenIn(second), act: 'skip' }))).text()
    expect(skipped).toContain('Was &lt;b&gt;war&lt;/b&gt; es?')
    expect(skipped).toContain('Preis &amp; Tempo')
    const refused = await fetch(bare, form({ ...hiddenIn(skipped), act: 'skip-not' }))
    expect(refused.status).toBe(400)
    expect(await refused.text()).toContain('role="alert"')
    const last = form({ ...hiddenIn(skipped), value: ['a', 'other'], other: 'Kaffee', act: 'send' })
    expect(await (await fetch(bare, last)).text()).toContain('Vielen Dank')
    const done = (await read('/v1/responses')).responses[0]
    expect(done).toMatchObject({
      status: 'completed',
      answers: { what: { value: ['a', 'other'], other: 'Kaffee' } },
    })
    expect(await (await fetch(bare)).text()).toContain('Vielen Dank')
    // What is answered is not asked for once more.
    clock.time += 10 * day
    await expect
      .poll(
        async () =>
          (await read('/v1/jobs?state=stopped')).jobs.map((each: { reason: string }) => each.reason),
        { timeout: 5000 },
      )
      .toEqual(['answered'])
    expect(sink.received).toHaveLength(1)
  })

  it('says to who goes on in a response that is full that it was answered, and keeps what was said', async () => {
    const after = { on: 'answer', survey: 'again' }
    const { send, put, sink, clock, url, read } = await stage({ rules: [rule({ after })] })
    await put('/v1/people/ann/mail', { email: 'ann@example.com', locale: 'de' })
    // As many events as a response takes: somebody has gone to and fro.
    const begun = { ...ann, survey: 'again', response: uuid('response', 1) }
    const said = Array.from({ length: 200 }, (_, index) =>
      answer(index + 1, index % 11, {
        ...begun,
        data: { question: 'score', value: index % 11, revision: index },
      }),
    )
    await send(said.slice(0, 100))
    await send(said.slice(100))
    clock.time += day
    const [got] = await sink.wait(1)
    const link = here(url, linksIn(got).find((each) => each.includes('/s/')) ?? '')
    const page = await (await fetch(link)).text()
    const go = (accept: string): Promise<Response> =>
      fetch(link, { ...form({ ...hiddenIn(page), value: 'Late', act: 'send' }), headers: { accept } })
    const full = await go('text/html')
    expect([full.status, (await full.text()).includes('Sie haben bereits geantwortet')]).toEqual([200, true])
    const told = await go('application/json')
    expect([told.status, await told.json()]).toMatchObject([409, { code: 'already_answered' }])
    const { responses } = await read('/v1/responses')
    expect(responses).toHaveLength(1)
    expect(responses[0].answers).toEqual({
      score: expect.objectContaining({ value: 199 % 11, revision: 199 }),
    })
  })

  it('reminds with its own words, and says in one language all that it says', async () => {
    const { send, put, sink, clock } = await stage()
    await put('/v1/people/ann/mail', { email: 'ann@example.com', locale: 'fr' })
    await send([answer(1, 2, ann)])
    clock.time += day
    await sink.wait(1)
    clock.time += 2 * day
    const [first, second] = await sink.wait(2)
    // The words of the rule are there in German and English alone.
    expect(first?.mail.subject).toBe('A question from Acme')
    expect(second?.mail.subject).toBe('One question is still open')
    expect(second?.mail.text).toContain('How likely is it')
    expect(new Set([first?.mail.messageId, second?.mail.messageId]).size).toBe(2)
  })

  it('unsubscribes with one click and without a login, by person and by address, until somebody takes it back', async () => {
    const { send, put, sink, clock, url, read, admin } = await stage()
    await put('/v1/people/ann/mail', { email: 'ann@example.com', locale: 'ar' })
    await send([answer(1, 2, ann)])
    clock.time += day
    const [got] = await sink.wait(1)
    expect(got?.mail.html).toContain('<html lang="en" dir="ltr">')
    const [, link = ''] =
      /^<(https:[^>]*)>$/.exec(
        String(
          (got?.mail.headers.get('list') as { unsubscribe?: { url: string } })?.unsubscribe?.url,
        ).replace(/^(.*)$/, '<$1>'),
      ) ?? []
    expect(got?.raw.replaceAll(/\r\n[ \t]+/g, ' ')).toMatch(
      /\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n/,
    )
    expect(linksIn(got).at(-1)).toBe(link)
    const at = here(url, link)
    expect(await (await fetch(at)).text()).toContain('<button type="submit" name="act" value="leave">')
    expect((await read('/v1/unsubscribed')).unsubscribed).toEqual([])
    const boundary =
      '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    for (const init of [
      form({ 'List-Unsubscribe': 'One-Click' }),
      { method: 'POST', body: boundary, headers: { 'content-type': 'multipart/form-data; boundary=x' } },
    ]) {
      const left = await fetch(at, init)
      expect(left.status).toBe(200)
      expect(await left.text()).toContain('value="again"')
    }
    expect((await read('/v1/unsubscribed')).unsubscribed).toEqual([
      { person: 'ann', by: 'link', reason: 'one-click', at: new Date(clock.time).toISOString() },
    ])
    expect(await read('/v1/people/ann/mail')).toMatchObject({ unsubscribed: true })
    // By the button of the page it is told apart from the button of a program of mail.
    await fetch(at, form({ act: 'again' }))
    await fetch(at, form({ act: 'leave' }))
    expect((await read('/v1/unsubscribed')).unsubscribed).toMatchObject([{ by: 'link', reason: 'page' }])
    // Who opens the link again reads how it stands.
    const opened = await (await fetch(at)).text()
    expect([opened.includes('value="again"'), opened.includes('value="leave"')]).toEqual([true, false])
    clock.time += 2 * day
    await expect
      .poll(
        async () =>
          (await read('/v1/jobs?state=stopped')).jobs.map((each: { reason: string }) => each.reason),
        { timeout: 5000 },
      )
      .toEqual(['unsubscribed'])
    // Nor under another name.
    await put('/v1/people/ann2/mail', { email: 'ANN@example.com' })
    await send([answer(2, 2, { person: 'ann2', visitor: 'v-2', at: new Date(clock.time).toISOString() })], {
      sentAt: new Date(clock.time).toISOString(),
    })
    clock.time += day
    await expect
      .poll(async () => (await read('/v1/jobs?state=stopped')).jobs, { timeout: 5000 })
      .toHaveLength(2)
    expect(sink.received).toHaveLength(1)
    // Erased, and still not written to.
    expect((await admin('/v1/people/ann', { method: 'DELETE' })).status).toBe(200)
    expect((await read('/v1/unsubscribed')).unsubscribed[0].person).toBe(null)
    expect((await admin('/v1/people/ann/mail')).status).toBe(404)
    expect(await read('/v1/people/ann2/mail')).toMatchObject({ unsubscribed: true })
    expect(await (await fetch(at, form({ act: 'again' }))).text()).not.toContain('value="again"')
    expect(await read('/v1/people/ann2/mail')).toMatchObject({ unsubscribed: false })
    expect((await put('/v1/unsubscribed/bob', {})).status).toBe(204)
    expect((await read('/v1/unsubscribed')).unsubscribed).toMatchObject([{ person: 'bob', by: 'admin' }])
    expect((await admin('/v1/unsubscribed/bob', { method: 'DELETE' })).status).toBe(204)
    expect((await admin('/v1/unsubscribed/bob', { method: 'DELETE' })).status).toBe(404)
  })

  it('is sent once to be looked at, to no one who wants none, by an admin alone', async () => {
    const { admin, put, sink } = await stage(null)
    const test = (body: object): Promise<Response> =>
      admin('/v1/mail/test', {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      })
    const sent = await test({ survey: 'nps-q4', subject: { en: 'Look' }, locale: 'en', to: 'me@example.com' })
    expect([sent.status, await sent.json()]).toEqual([200, { status: 250 }])
    expect(sink.received).toHaveLength(1)
    expect(sink.received[0]?.mail.subject).toBe('Look')
    expect(linksIn(sink.received[0]).every((link) => /\/[su]\/preview/.test(link))).toBe(true)
    for (const to of ['', 'a@example.com, b@example.com', 'a@example.com\r\nBcc: b@example.com'])
      expect((await test({ survey: 'nps-q4', to })).status, to).toBe(400)
    expect((await test({ survey: 'none', to: 'me@example.com' })).status).toBe(404)
    await put('/v1/people/ann/mail', { email: 'ann@example.com' })
    await put('/v1/unsubscribed/ann', { reason: 'by phone' })
    expect((await test({ survey: 'nps-q4', to: 'Ann@example.com' })).status).toBe(409)
    expect(sink.received).toHaveLength(1)
    const bare = await stage(null, { mail: undefined, publicUrl: undefined })
    const refused = await bare.admin('/v1/mail/test', {
      method: 'POST',
      body: JSON.stringify({ to: 'me@example.com' }),
      headers: { 'content-type': 'application/json' },
    })
    expect([refused.status, (await refused.json()).code]).toEqual([400, 'mail_not_set_up'])
  })

  it('lists with a reason who wants no mail, finds them by id and address, and an admin alone removes somebody', async () => {
    const { admin, put, read, url } = await stage(null)
    await put('/v1/people/cyd-7/mail', { email: 'cyd@example.com' })
    expect((await put('/v1/unsubscribed/cyd-7', { reason: ' by phone ' })).status).toBe(204)
    expect((await admin('/v1/unsubscribed/dan', { method: 'PUT' })).status).toBe(204)
    for (const wrong of [{ reason: '' }, { reason: 'x'.repeat(501) }, { why: 'x' }])
      expect((await put('/v1/unsubscribed/eve', wrong)).status).toBe(400)
    const found = async (q: string): Promise<unknown[]> =>
      (await read(`/v1/unsubscribed?q=${encodeURIComponent(q)}`)).unsubscribed.map(
        ({ person, by, reason }: Record<string, unknown>) => [person, by, reason],
      )
    const cyd = ['cyd-7', 'admin', 'by phone']
    expect(await found('')).toEqual([['dan', 'admin', undefined], cyd])
    expect(await found('CYD')).toEqual([cyd])
    expect(await found('Cyd@example.com')).toEqual([cyd])
    expect(await found('yd@example.com')).toEqual([])
    expect((await admin(`/v1/unsubscribed?q=${'x'.repeat(255)}`)).status).toBe(400)

    const { token } = await (
      await admin('/v1/tokens', {
        method: 'POST',
        body: JSON.stringify({ name: 'desk', role: 'agent' }),
        headers: { 'content-type': 'application/json' },
      })
    ).json()
    const asAgent = { authorization: `Bearer ${token}` }
    const gone = '/v1/unsubscribed/cyd-7?reason='
    expect((await fetch(`${url}${gone}asked`, { method: 'DELETE', headers: asAgent })).status).toBe(403)
    expect((await admin(`${gone}because`, { method: 'DELETE' })).status).toBe(400)
    expect((await admin(`${gone}asked`, { method: 'DELETE' })).status).toBe(204)
    expect(await found('')).toHaveLength(1)
    const { entries } = await read('/v1/audit')
    const removed = entries.find((each: { status: number }) => each.status === 204)
    expect(removed).toMatchObject({
      action: 'DELETE /v1/unsubscribed/{id}',
      about: expect.stringMatching(/^person [0-9a-f]{16}, asked$/),
      status: 204,
    })
    expect(JSON.stringify(entries)).not.toMatch(/cyd|phone/)
  })

  it('goes on where the browser stopped, in the same response, and asks nothing twice', async () => {
    const { send, put, sink, clock, url, read } = await stage({
      rules: [rule({ after: { on: 'answer', survey: 'again' }, do: { mail: { survey: 'again' } } })],
    })
    await put('/v1/people/ann/mail', { email: 'ann@example.com' })
    await send([answer(1, 4, { ...ann, survey: 'again', surveyVersion: 1 })])
    clock.time += day
    const [got] = await sink.wait(1)
    expect(got?.mail.text).toContain('What is the main reason for your score?')
    const [link = ''] = linksIn(got)
    const page = await (await fetch(here(url, link))).text()
    expect(page).toContain('<textarea')
    expect(page).not.toContain('type="radio"')
    await fetch(here(url, link), form({ ...hiddenIn(page), value: 'Slow', act: 'send' }))
    const { responses } = await read('/v1/responses')
    expect(responses).toHaveLength(1)
    expect(responses[0]).toMatchObject({
      id: uuid('response', 1),
      answers: { score: { value: 4 }, why: { value: 'Slow' } },
    })
  })

  it('takes from the script of the page what a form gives, once, in any order of forms and acts', async () => {
    const { send, put, sink, clock, url, read } = await stage()
    await put('/v1/people/ann/mail', { email: 'ann@example.com', locale: 'de' })
    await send([answer(1, 2, ann)])
    clock.time += day
    const [got] = await sink.wait(1)
    const nine = here(url, linksIn(got).find((each) => each.endsWith('?a=9')) ?? '')
    const bare = nine.replace(/\?.*/, '')
    const state = async (link: string, acts?: object[]): Promise<Record<string, unknown>> => {
      const body = acts && JSON.stringify({ acts })
      const headers = { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) }
      const response = await fetch(link, { headers, ...(body && { method: 'POST', body }) })
      expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
      return (await response.json()) as Record<string, unknown>
    }
    const first = await state(nine)
    expect(first).toMatchObject({
      chosen: { question: 'score', value: 9, isLast: false },
      answers: {},
      isDone: false,
      name: 'Acme',
      survey: { id: 'again', locale: 'de', questions: [{ id: 'score' }, { id: 'why' }, { id: 'what' }] },
    })
    expect(first['survey']).not.toHaveProperty('translations')
    expect((await read('/v1/responses')).responses).toHaveLength(1)
    const scored = { question: 'score', value: 9, revision: 0, age: 60_000 }
    for (let times = 0; times < 2; times++)
      expect(await state(bare, [scored])).toMatchObject({
        answers: { score: { value: 9, revision: 0 } },
        chosen: null,
      })
    // The same by the form, and what is none: it spoils no other.
    const form9 = { question: 'score', revision: '0', passed: '', answers: '{}', value: '9', act: 'send' }
    expect(await (await fetch(bare, form(form9))).text()).toContain('<textarea')
    const wrong: object[] = [
      { question: 'score', value: 12, revision: 1 },
      { question: 'nothing', value: 1 },
      { question: 'what', value: [], revision: 0 },
      { question: '__proto__', value: 1 },
      // Something that must be answered is open.
      { end: true },
      { question: 'why', value: 'Kurz', revision: 0, age: -5 },
    ]
    expect(await state(bare, wrong)).toMatchObject({ isDone: false })
    // The answer of the link was one to the question before.
    expect(await state(nine)).toMatchObject({ chosen: null })
    expect(await (await fetch(nine)).text()).not.toContain('data-confirm')
    const last = [
      { question: 'what', value: ['other'], other: 'Kaffee', revision: 0, age: 10 },
      { end: true, age: 0 },
    ]
    for (let times = 0; times < 2; times++)
      expect(await state(bare, last)).toMatchObject({ isDone: true, thanks: { title: 'Vielen Dank' } })
    const later = clock.time
    clock.time += 60_000
    // After the end nothing more, but for what was done before it on a device without a line.
    await state(bare, [{ question: 'why', value: 'Zu spät', revision: 1, age: 1000 }])
    expect(
      (await state(bare, [{ question: 'why', value: 'Früher', revision: 2, age: 90_000 }]))['isDone'],
    ).toBe(true)
    const { responses } = await read('/v1/responses')
    expect(responses).toHaveLength(2)
    expect(responses[0]).toMatchObject({
      person: 'ann',
      channel: 'mail',
      status: 'completed',
      completedAt: new Date(later).toISOString(),
      followUp: `again/recovery/${uuid('response', 1)}`,
      answers: { score: { value: 9 }, why: { value: 'Früher' }, what: { value: ['other'], other: 'Kaffee' } },
    })
    expect((await read(`/v1/responses/${responses[0].id}`)).events).toHaveLength(6)
    const refused = await fetch(bare, {
      method: 'POST',
      body: '{"acts":1}',
      headers: { 'content-type': 'application/json' },
    })
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      400,
      'invalid_request',
    ])
  })

  it('says kindly why a link opens nothing: expired, forged, answered elsewhere, erased, of a secret that was taken back', async () => {
    const { send, put, sink, clock, url, admin } = await stage()
    await put('/v1/people/ann/mail', { email: 'ann@example.com', locale: 'de' })
    await put('/v1/people/bob/mail', { email: 'bob@example.com', locale: 'de' })
    await send([answer(1, 2, ann), answer(2, 2, { person: 'bob', visitor: 'v-bob' })])
    clock.time += day
    const all = await sink.wait(2)
    const [mine = '', theirs = ''] = ['ann@example.com', 'bob@example.com'].map((to) =>
      here(url, linksIn(all.find((each) => each.to[0] === to))[3] ?? ''),
    )
    const look = async (link: string, init: RequestInit = {}): Promise<[number, string]> => {
      const got = await fetch(link, {
        ...init,
        headers: { accept: 'text/html', 'accept-language': 'fr-CA,en;q=0.5' },
      })
      const text = await got.text()
      return [got.status, /<h1>(.*?)<\/h1>/s.exec(text)?.[1] ?? text]
    }
    expect(await look(mine.replace('/s/', '/s/A'))).toEqual([404, 'Ce lien ne fonctionne pas.'])
    expect(await look(mine.replace('/s/', '/u/'))).toEqual([404, 'Ce lien ne fonctionne pas.'])
    expect(await look(mine.replace('/s/', '/u/'), form({}))).toEqual([404, 'Ce lien ne fonctionne pas.'])
    expect(await look(`${url}/s/x`, form({ question: 'score', value: '1' }))).toEqual([
      404,
      'Ce lien ne fonctionne pas.',
    ])
    // What asks for no page gets a problem.
    const program = async (link: string): Promise<unknown> => {
      const response = await fetch(link, { headers: { accept: 'application/json' } })
      return [response.headers.get('content-type'), ((await response.json()) as { code: string }).code]
    }
    for (const wrong of [mine.replace('/s/', '/s/A'), mine.replace('/s/', '/u/'), `${url}/s/x`])
      expect(await program(wrong)).toEqual(['application/problem+json', 'link_broken'])
    const inApp = { ...ann, survey: 'again', at: moment(day / 1000) }
    await send([answer(9, 8, inApp)], { sentAt: moment(day / 1000) })
    expect(await look(mine)).toEqual([200, 'Sie haben bereits geantwortet. Vielen Dank.'])
    expect(await program(mine)).toEqual(['application/problem+json', 'already_answered'])
    expect((await look(theirs))[0]).toBe(200)
    const rotate = (days: number): Promise<Response> =>
      admin('/v1/mail/secret', {
        method: 'POST',
        body: JSON.stringify({ days }),
        headers: { 'content-type': 'application/json' },
      })
    await rotate(100)
    expect((await look(theirs))[0]).toBe(200)
    clock.time += 61 * day
    expect(await look(theirs)).toEqual([410, 'Dieser Link ist abgelaufen.'])
    expect(await program(theirs)).toEqual(['application/problem+json', 'link_expired'])
    clock.time -= 61 * day
    await admin('/v1/people/bob', { method: 'DELETE' })
    expect(await look(theirs)).toEqual([404, 'Dieser Link funktioniert nicht.'])
    expect(await program(theirs)).toEqual(['application/problem+json', 'link_broken'])
    await rotate(0)
    clock.time += 101 * day
    await rotate(0)
    expect(await look(mine)).toEqual([404, 'Ce lien ne fonctionne pas.'])
    // The way out of the mail is open whatever secret it was signed with.
    const links = linksIn(all.find((each) => each.to[0] === 'ann@example.com'))
    const out = here(url, links.find((each) => each.includes('/u/')) ?? '')
    expect((await look(out))[0]).toBe(200)
  })

  it('stops for who has no name, no address or has opted out, and keeps to the limits of all channels', async () => {
    const { send, put, sink, clock, read } = await stage({
      rules: [rule({ delay: 0, reminders: [] })],
      limits: [{ most: 1, days: 7 }],
    })
    await put('/v1/people/ann/mail', { email: 'ann@example.com' })
    await put('/v1/people/cyd/mail', { email: 'cyd@example.com' })
    await send([
      answer(1, 2, { visitor: 'nobody' }),
      answer(2, 2, { person: 'bob', visitor: 'v-bob' }),
      answer(3, 2, { person: 'cyd', visitor: 'v-cyd' }),
      {
        ...answer(4, 2, { person: 'cyd', visitor: 'v-cyd', type: 'optout', data: {} }),
        survey: undefined,
        surveyVersion: undefined,
        response: undefined,
      },
      answer(5, 2, ann),
      answer(6, 2, ann),
    ])
    await sink.wait(1)
    await expect
      .poll(
        async () =>
          (await read('/v1/jobs?state=stopped')).jobs
            .map((each: { reason: string }) => each.reason)
            .toSorted(),
        { timeout: 5000 },
      )
      .toEqual(['no-address', 'no-person', 'opted-out'])
    expect((await read('/v1/jobs?state=waiting')).jobs).toMatchObject([{ kind: 'followup', reason: 'limit' }])
    clock.time += 7 * day
    expect((await sink.wait(2)).map((each) => each.to[0])).toEqual(['ann@example.com', 'ann@example.com'])
  })

  it('refuses rules, addresses and subjects that cannot be mailed, in words', async () => {
    const { put, admin } = await stage(null)
    const refused = async (path: string, body: object): Promise<string> => {
      const response = await put(path, body)
      expect(response.status).toBe(400)
      return ((await response.json()) as { detail: string }).detail
    }
    const plan = (fields: object): object => ({ rules: [rule(fields)] })
    expect(await refused('/v1/follow-ups', plan({ do: { mail: { survey: 'nope' } } }))).toMatch(
      /not served here/,
    )
    expect(await refused('/v1/follow-ups', plan({ survey: 'nps-q4' }))).toMatch(/Name the same one/)
    for (const subject of ['Hi\r\nBcc: eve@example.com', 'Hi\nX: y', '=?utf-8?Q?x=0D=0A?=', 'a\u2028b', ' '])
      expect(
        await refused(
          '/v1/follow-ups',
          plan({ do: { mail: { survey: 'again', subject: { en: subject } } } }),
        ),
      ).toMatch(/rules\.0\.do\.mail\.subject\.en/)
    expect(
      await refused('/v1/follow-ups', plan({ reminders: [{ after: 1, subject: { en: 'a\nb' } }] })),
    ).toMatch(/one line/)
    for (const email of [
      'a@b.c,d@e.f',
      'a@b.c\r\nRCPT TO:<x@y.z>',
      'Ann <a@b.c>',
      'a@127.0.0.1',
      'a@[::1]',
      'a%b@c.example',
    ])
      expect(await refused('/v1/people/ann/mail', { email })).toMatch(/^This is wrong: email/)
    expect(await refused('/v1/people/ann/mail', { email: 'a@b.example', locale: 'de\nx' })).toMatch(/locale/)
    expect((await admin('/v1/people/ann/mail', { method: 'DELETE' })).status).toBe(404)

    const bare = await start()
    await bare.put(again)
    const response = await bare.admin('/v1/follow-ups', {
      method: 'PUT',
      body: JSON.stringify(plan({})),
      headers: { 'content-type': 'application/json' },
    })
    expect(await response.json()).toMatchObject({ code: 'mail_not_set_up', status: 400 })
    expect(await bare.read('/v1/mail')).toEqual({ isSetUp: false, sender: null })
    const mail = { smtp: 'smtp://u:geheim@mail.example.com', from: 'Acme <hi@acme.example>' }
    await expect(start({ mail })).rejects.toThrow(/--public-url/)
    await expect(start({ mail: { ...mail, from: 'x' }, publicUrl: 'https://x.example' })).rejects.toThrow(
      /sender of mail/,
    )
  })

  it('shows a message before anybody gets it, in any language, right to left where it is read so', async () => {
    const { admin } = await stage(null)
    const preview = async (body: object): Promise<Record<string, string>> => {
      const response = await admin('/v1/mail/preview', {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      })
      expect(response.status).toBe(200)
      return (await response.json()) as Record<string, string>
    }
    const simple = { ...npsSurvey, id: 'simple', questions: [again.questions[0]] }
    await admin('/v1/surveys/simple', {
      method: 'PUT',
      body: JSON.stringify(simple),
      headers: { 'content-type': 'application/json' },
    })
    const arabic = await preview({ survey: 'simple', locale: 'ar' })
    expect(arabic).toMatchObject({ language: 'ar', locale: 'ar', reviewed: false })
    expect(arabic.html).toMatch(/^<!doctype html>\n<html lang="ar" dir="rtl">/)
    expect(arabic.html).toContain('/s/preview?a=10')
    const odd = await preview({
      text: { en: '<script>alert(1)</script>\n\n"two"' },
      subject: { en: 'Hi & bye' },
    })
    expect(odd.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(odd.subject).toBe('Hi & bye')
    expect(odd.text).toContain('<script>alert(1)</script>\n\n"two"')
  })
})
