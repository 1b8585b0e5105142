import type { FeedbackEvent, Question, Survey } from '@earshot/contract'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { csat } from './core/builders.ts'
import { createHeadless, type HeadlessOptions, type HeadlessSurvey } from './headless.ts'
import { createEarshot, type Earshot } from './index.ts'
import { anNps, card, hear, optionsFor, stubCollector } from './wrapper/wrapper.fixtures.ts'

let clients: Earshot[] = []
let collector: ReturnType<typeof stubCollector>
let count = 0

beforeEach(() => {
  collector = stubCollector()
})
afterEach(async () => {
  for (const client of clients) client.destroy()
  clients = []
  await vi.waitFor(() => expect(card()).toBeNull())
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const choice: Question = {
  kind: 'choice',
  id: 'what',
  title: 'What of it, {{trait.name|friend}}?',
  options: ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, label: `Label ${id}` })),
  multiple: true,
  most: 2,
  other: 'Something else',
  shuffle: true,
}
const paged = anNps('paged', {
  questions: [
    { ...(anNps('q').questions[0] as Question), title: 'How likely?' },
    choice,
    { kind: 'text', id: 'age', title: 'How old?', input: 'number', least: 18, maxLength: 3 },
    { kind: 'statement', id: 'end', title: 'You said {{answer.what|nothing}}.' },
  ],
  thanks: { title: 'Thanks, {{trait.name|friend}}' },
})

/** Starts a client and shows a survey; resolves with it when it is handed over. */
async function show(
  survey: Survey,
  more: Partial<HeadlessOptions> = {},
): Promise<{
  survey: HeadlessSurvey
  client: Earshot
  key: string
  gone: ReturnType<typeof vi.fn<() => void>>
}> {
  const gone = vi.fn<() => void>()
  const key = `headless_${count++}`
  const handed = new Promise<{ survey: HeadlessSurvey; client: Earshot }>((resolve) => {
    const client = createHeadless({
      ...optionsFor(key, { surveys: [survey] }),
      onSurvey(each) {
        resolve({ survey: each, client })
        return gone
      },
      ...more,
    })
    clients.push(client)
    client.show(survey.id)
  })
  return { ...(await handed), key, gone }
}

const stage = (survey: HeadlessSurvey, wanted: string): Promise<void> =>
  vi.waitFor(() => expect(survey.state().stage).toBe(wanted))
const ids = (survey: HeadlessSurvey): string[] => survey.state().questions.map(({ id }) => id)
/** What has arrived of one showing, oldest first. */
const arrived = (survey: HeadlessSurvey): unknown[] =>
  collector.events
    .filter((each) => 'response' in each && each.response === survey.response)
    .toSorted((one, other) => one.seq - other.seq)
    .map(dataOf)
const dataOf = (event: FeedbackEvent): unknown => {
  if (event.type === 'answer') return [event.data.question, event.data.value]
  return event.type === 'dismiss' ? ['dismiss', event.data.reason] : event.type
}

describe('a survey on one page', () => {
  it('goes from the first question to the collector, and no card is drawn', async () => {
    const { survey, client, gone } = await show(anNps('nps'))
    const { questions, ...rest } = survey.state()
    expect(questions).toMatchObject([{ id: 'score', kind: 'scale', min: 0, max: 10, required: true }])
    expect(rest).toMatchObject({ stage: 'ask', progress: null, canGoBack: false, isLast: true, flaw: null })
    const changes = vi.fn<() => void>()
    const stop = survey.subscribe(changes)
    const before = survey.state()
    expect(survey.state()).toBe(before)
    expect(survey.answer('score', 3)).toBeNull()
    expect(survey.state()).not.toBe(before)
    expect(before.answers).toEqual({})
    expect(changes).toHaveBeenCalledOnce()
    stop()
    expect(survey.state().answers).toEqual({ score: 3 })
    const [, reason] = ids(survey)
    expect(survey.finish({ [reason as string]: '  Too slow ' })).toBeNull()
    expect(survey.state().stage).toBe('saving')
    await stage(survey, 'thanks')
    expect(survey.state().thanks.title).toBe('Thank you')
    expect(changes).toHaveBeenCalledOnce()
    await client.flush()
    expect(arrived(survey)).toEqual([['score', 3], 'display', [reason, 'Too slow'], 'complete'])
    expect(gone).not.toHaveBeenCalled()
    survey.dismiss()
    expect(gone).toHaveBeenCalledOnce()
    expect(survey.state().stage).toBe('closed')
    expect(card()).toBeNull()
    await client.flush()
    expect(arrived(survey)).toHaveLength(4)
  })
  it('refuses what does not fit with a word, records none of it, and never throws', async () => {
    const { survey, client } = await show(anNps('nps'))
    const flaw = (id: unknown, value: unknown): string =>
      `${survey.answer(id as string, value as never)?.code} ${survey.state().flaw?.message}`
    expect(flaw('score', 11)).toBe('misfit question "score": takes a whole number from 0 to 10')
    for (const wrong of [-1, 1.5, NaN, '7', true, null, ['7'], {}, Symbol('7')])
      expect(flaw('score', wrong)).toContain('misfit')
    expect(flaw('score', undefined)).toBe('missing question "score" needs an answer')
    expect(flaw('reason', 'why')).toContain('not-asked')
    expect(flaw('__proto__', 1)).toContain('not-asked')
    expect(survey.next()).toMatchObject({ code: 'missing', question: 'score' })
    expect(survey.finish({ score: '7' })).toMatchObject({ code: 'misfit' })
    expect(survey.finish()).toMatchObject({ code: 'missing' })
    expect(survey.answer('score', 2)).toBeNull()
    expect(survey.state().flaw).toBeNull()
    const reason = ids(survey)[1] as string
    expect(flaw(reason, 'x'.repeat(5001))).toContain('misfit')
    expect(flaw(reason, 3)).toContain('misfit')
    expect(flaw(reason, ' ')).toContain('missing')
    expect(survey.finish({ [reason]: 'x'.repeat(5001) })).toMatchObject({ code: 'misfit', question: reason })
    expect(survey.finish({ [reason]: 'fine', other: 'lost' })).toMatchObject({ code: 'not-asked' })
    expect(survey.finish({ [reason]: 5 as never })).toMatchObject({ code: 'misfit' })
    survey.back()
    await client.flush()
    expect(survey.state().stage).toBe('ask')
    expect(arrived(survey)).toEqual([['score', 2], 'display'])
  })
  it('ends with the last open answer, and then takes none', async () => {
    const survey = csat({
      id: 'csat',
      name: 'Acme',
      reasons: { dissatisfied: null, neutral: null, satisfied: null },
    })
    const { survey: handed } = await show(survey)
    expect(handed.answer(ids(handed)[0] as string, 5)).toBeNull()
    expect(handed.state().stage).toBe('saving')
    expect(handed.answer('score', 4)).toMatchObject({ code: 'ended' })
    await stage(handed, 'thanks')
    expect(handed.finish()).toMatchObject({ code: 'ended' })
    expect(handed.next()).toMatchObject({ code: 'ended' })
  })
})

describe('what was shown', () => {
  it('is told when the site says so, once, and not of a survey that is over', async () => {
    const shown = hear('shown')
    const { survey, client } = await show(anNps('nps'))
    survey.displayed()
    survey.displayed()
    await client.flush()
    expect(arrived(survey)).toEqual(['display'])
    survey.dismiss()
    const { survey: other, client: second } = await show(anNps('nps'))
    other.dismiss()
    other.displayed()
    other.dismiss()
    expect(other.answer('score', 1)).toMatchObject({ code: 'ended' })
    await second.flush()
    expect(arrived(other)).toEqual([['dismiss', 'close']])
    expect(shown).toHaveLength(1)
  })
  it('waits for a page that is hidden', async () => {
    const { survey, client } = await show(anNps('nps'))
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
    survey.displayed()
    await client.flush()
    expect(arrived(survey)).toEqual([])
    hidden.mockReturnValue(false)
    document.dispatchEvent(new Event('visibilitychange'))
    await vi.waitFor(async () => {
      await client.flush()
      expect(arrived(survey)).toEqual(['display'])
    })
  })
  it('is told of an element when it was seen, not while it is out of sight', async () => {
    const shown = hear('shown')
    const element = document.createElement('p')
    element.textContent = 'How likely?'
    element.hidden = true
    document.body.append(element)
    const { survey } = await show(anNps('nps'))
    const other = await show(anNps('nps'))
    survey.displayed(element)
    other.survey.displayed(
      document.body.appendChild(Object.assign(document.createElement('p'), { textContent: '?' })),
    )
    await vi.waitFor(() => expect(shown).toHaveLength(1), { timeout: 5000 })
    expect(shown).toMatchObject([{ response: other.survey.response }])
    element.hidden = false
    await vi.waitFor(() => expect(shown).toHaveLength(2), { timeout: 5000 })
    document.body.replaceChildren()
  })
  it('is nothing where drawing fails: it does not count, and can do nothing any more', async () => {
    const errors = hear<{ code: string; message: string }>('error')
    let kept: HeadlessSurvey | undefined
    let fails = true
    const options = optionsFor(`headless_${count++}`, {
      surveys: [anNps('nps', { recontact: { shown: 30, answered: 90, dismissed: 90 } })],
    })
    const drawn = vi.fn<(survey: HeadlessSurvey) => void>()
    const client = createHeadless({
      ...options,
      onSurvey(survey) {
        if (!fails) return drawn(survey)
        kept = survey
        throw new Error('no room')
      },
    })
    clients.push(client)
    client.show('nps')
    await vi.waitFor(() => expect(errors).toMatchObject([{ code: 'card_unavailable' }]))
    kept?.displayed()
    expect(kept?.answer('score', 3)).toMatchObject({ code: 'ended' })
    fails = false
    client.show('nps')
    await vi.waitFor(() => expect(drawn).toHaveBeenCalledOnce())
    await client.flush()
    expect(collector.events).toEqual([])
  })
})

describe('a survey with pages', () => {
  it('goes there and back, in the words and the order of the visitor, to the collector', async () => {
    const { survey, client } = await show(paged, { person: 'ada' })
    expect(survey.state()).toMatchObject({ progress: { at: 1, of: 4 }, canGoBack: false, isLast: false })
    expect(survey.next()).toMatchObject({ code: 'missing', question: 'score' })
    expect(survey.answer('what', ['a'])).toMatchObject({ code: 'not-asked' })
    survey.answer('score', 9)
    expect(ids(survey)).toEqual(['score'])
    expect(survey.next()).toBeNull()
    const [what] = survey.state().questions
    expect(what).toMatchObject({ title: 'What of it, friend?', required: false })
    const order = what?.kind === 'choice' && what.options.map(({ id }) => id)
    expect(survey.answer('what', ['a', 'b', 'c'])?.message).toContain('at most 2')
    expect(survey.answer('what', ['other'], { other: 5 as never })).toMatchObject({ code: 'misfit' })
    expect(survey.answer('what', ['a', 'other'], { other: ' Rain ' })).toBeNull()
    expect(survey.state()).toMatchObject({ answers: { what: ['a', 'other'] }, others: { what: 'Rain' } })
    expect(survey.answer('what', [])).toBeNull()
    expect(survey.state()).toMatchObject({ answers: { what: [] }, others: {} })
    expect(survey.answer('what', ['a', 'other'], { other: 'Rain' })).toBeNull()
    survey.back()
    expect(survey.state()).toMatchObject({ progress: { at: 1 }, answers: { score: 9 } })
    survey.next()
    survey.next()
    expect(survey.answer('age', '17')).toMatchObject({ code: 'misfit', question: 'age' })
    expect(survey.answer('age', 'old')).toMatchObject({ code: 'misfit' })
    expect(survey.answer('age', '18,5')).toBeNull()
    expect(survey.state().answers).toMatchObject({ age: 18.5 })
    survey.next()
    expect(survey.state().questions).toMatchObject([{ title: 'You said Label a, Rain.' }])
    expect(survey.answer('end', 'x')).toMatchObject({ code: 'misfit' })
    expect(survey.state()).toMatchObject({ isLast: true, canGoBack: true })
    expect(survey.next()).toBeNull()
    await stage(survey, 'thanks')
    expect(survey.state().thanks.title).toBe('Thanks, friend')
    await client.flush()
    expect(arrived(survey)).toEqual([
      ['score', 9],
      'display',
      ['what', ['a', 'other']],
      ['what', []],
      ['what', ['a', 'other']],
      ['age', 18.5],
      'complete',
    ])
    expect(collector.events.flatMap((each) => (each.type === 'answer' ? [each.data] : []))).toContainEqual(
      expect.objectContaining({ question: 'what', other: 'Rain', order }),
    )
  })
  it('ends past all that need not be answered, and not past what must be', async () => {
    const [score, what, ...rest] = paged.questions as [Question, Question, ...Question[]]
    const questions = [
      score,
      what,
      { kind: 'yesno' as const, id: 'yes', title: '?', yes: 'Y', no: 'N', required: true },
      ...rest,
    ]
    const { survey, client } = await show({ ...paged, id: 'must', questions })
    survey.answer('score', 1)
    expect(survey.finish()).toMatchObject({ code: 'missing', question: 'yes' })
    expect(ids(survey)).toEqual(['yes'])
    survey.answer('yes', false)
    expect(survey.finish()).toBeNull()
    await stage(survey, 'thanks')
    await client.flush()
    expect(arrived(survey)).toEqual([['score', 1], 'display', ['yes', false], 'complete'])
  })
  it('does not take a list that the site changes later', async () => {
    const { survey, client } = await show(paged)
    survey.answer('score', 9)
    survey.next()
    const chosen = ['a']
    survey.answer('what', chosen)
    chosen.push('b', 'c', 'd')
    expect(survey.state().answers['what']).toEqual(['a'])
    await client.flush()
    expect(arrived(survey)).toContainEqual(['what', ['a']])
  })
})

describe('an answer', () => {
  it('outlives a collector that is down and a page that is closed at once', async () => {
    collector.isDown = true
    const { survey, client, key } = await show(anNps('nps'))
    survey.answer('score', 10)
    survey.dismiss()
    await vi.waitFor(() => expect(survey.state().offline || survey.state().stage).toBeTruthy())
    client.destroy()
    collector.isDown = false
    const next = createHeadless({ ...optionsFor(key, { surveys: [] }), onSurvey: () => {} })
    clients.push(next)
    await vi.waitFor(async () => {
      await next.flush()
      expect(arrived(survey)).toEqual([['score', 10], 'display', ['dismiss', 'close']])
    })
  })
  it('is told to be kept when it is, and the site hears of the line', async () => {
    collector.isDown = true
    const answered = hear<{ durable: boolean; value: number }>('answered')
    const { survey } = await show(anNps('nps'))
    survey.answer('score', 10)
    await vi.waitFor(() => expect(answered).toMatchObject([{ value: 10, durable: true }]))
    await vi.waitFor(() => expect(survey.state().offline).toBe(true))
  })
})

describe('a showing', () => {
  it('is on one tab only: a card that comes later takes it over without a word', async () => {
    const { survey, key, gone } = await show(anNps('nps'))
    const other = createEarshot(optionsFor(key, { surveys: [anNps('nps')] }))
    clients.push(other)
    const dismissed = hear('dismissed')
    other.show('nps', { force: true })
    await vi.waitFor(() => expect(card()).not.toBeNull())
    await vi.waitFor(() => expect(gone).toHaveBeenCalledOnce())
    expect(survey.state().stage).toBe('closed')
    expect(dismissed).toEqual([])
  })
  it('takes over from one that came before', async () => {
    const { survey, key, gone } = await show(anNps('nps'))
    const drawn = vi.fn<() => void>()
    const other = createHeadless({ ...optionsFor(key, { surveys: [anNps('nps')] }), onSurvey: drawn })
    clients.push(other)
    other.show('nps', { force: true })
    await vi.waitFor(() => expect(gone).toHaveBeenCalledOnce())
    expect(drawn).toHaveBeenCalledOnce()
    expect(survey.state().stage).toBe('closed')
  })
  it('is put off, closed by the site, and taken away with the client', async () => {
    const [snoozed, dismissed] = [hear('snoozed'), hear<{ reason: string }>('dismissed')]
    const first = await show(anNps('nps'))
    first.survey.snooze(3)
    await vi.waitFor(() => expect(snoozed).toHaveLength(1))
    await vi.waitFor(() => expect(first.gone).toHaveBeenCalledOnce())
    const second = await show(anNps('nps'))
    second.client.dismiss()
    expect(dismissed).toMatchObject([{ reason: 'command' }])
    expect(second.gone).toHaveBeenCalledOnce()
    const third = await show(anNps('nps'))
    third.client.destroy()
    expect(third.gone).toHaveBeenCalledOnce()
    expect(third.survey.answer('score', 1)).toMatchObject({ code: 'ended' })
    expect(dismissed).toHaveLength(1)
  })
  it('makes room for the next only when it is closed', async () => {
    const surveys = [anNps('a'), anNps('b', { transactional: true })]
    const drawn: HeadlessSurvey[] = []
    const gone = vi.fn<() => void>()
    const suppressed = hear<{ survey: string; reason: string }>('suppressed')
    const client = createHeadless({
      ...optionsFor(`headless_${count++}`, { surveys, settings: { limits: { quiet: 0, perSession: 9 } } }),
      onSurvey(survey) {
        drawn.push(survey)
        // Closed while it is being drawn.
        if (drawn.length === 1) survey.dismiss()
        return gone
      },
    })
    clients.push(client)
    client.show('a')
    await vi.waitFor(() => expect(drawn).toHaveLength(1))
    expect(gone).toHaveBeenCalledOnce()
    client.show('b')
    await vi.waitFor(() => expect(drawn).toHaveLength(2))
    client.show('a')
    await vi.waitFor(() => expect(suppressed).toMatchObject([{ survey: 'a', reason: 'another-survey' }]))
  })
  it('goes on when listeners and what takes it away throw', async () => {
    const quiet = (event: ErrorEvent): void => event.preventDefault()
    window.addEventListener('error', quiet)
    const { survey, client, gone } = await show(anNps('nps'))
    gone.mockImplementation(() => {
      throw new Error('the site’s own fault')
    })
    survey.subscribe(() => {
      throw new Error('the site’s own fault')
    })
    const heard = vi.fn<() => void>()
    survey.subscribe(heard)
    expect(survey.answer('score', 1)).toBeNull()
    expect(heard).toHaveBeenCalledOnce()
    survey.dismiss()
    await client.flush()
    expect(arrived(survey)).toEqual([['score', 1], 'display', ['dismiss', 'close']])
    window.removeEventListener('error', quiet)
  })
})

describe('createHeadless', () => {
  it('tells a mistake at once, with the mend', () => {
    expect(() => createHeadless({ ...optionsFor('headless_bad') } as never)).toThrow('"onSurvey" must be')
    expect(() => createHeadless({ onSurvey: () => {} } as never)).toThrow('"pk_…"')
  })
})
