import type { AnswerEvent, FeedbackEvent } from '@earshot/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { nps } from '../core/builders.ts'
import type { Input } from '../core/model.ts'
import { initialState } from '../core/step.ts'
import type { Instant } from '../core/time.ts'
import type { RulesChunk, RuntimeTools } from '../ports/rules.ts'
import { importRules } from './importRules.ts'

const start = location.href
afterEach(() => {
  history.replaceState(null, '', start)
  document.body.replaceChildren()
})

/** A client on the page, as far as the sensors see it. */
function createTools(): { tools: RuntimeTools; inputs: Input[] } {
  const inputs: Input[] = []
  const state = { ...initialState(false, []), pageSince: Date.now() as Instant }
  const tools = {
    state: () => state,
    clock: { now: () => 1 as Instant },
    dispatch: (input: Input) => inputs.push(input),
  } as unknown as RuntimeTools
  return { tools, inputs }
}
const signal = { on: 'click', selector: 'button' } as const
const watch = async (chunk: RulesChunk, tools: RuntimeTools): Promise<unknown> =>
  chunk.carryOut({ type: 'watch', signals: [signal] }, tools)

describe('the chunk of the rules', () => {
  it('looks out for each client by itself', async () => {
    const chunk = await importRules()
    const [one, two, gone] = [createTools(), createTools(), createTools()]
    const button = document.createElement('button')
    button.textContent = 'Buy'
    document.body.append(button)
    for (const { tools } of [one, two, gone]) await watch(chunk, tools)
    chunk.destroy(gone.tools)
    await userEvent.click(page.getByText('Buy'))
    const seen = [{ type: 'signal', at: 1, signal }]
    expect(one.inputs).toEqual(seen)
    expect(two.inputs).toEqual(seen)
    expect(gone.inputs).toEqual([])
    // Once for each page view, however often it is ordered.
    await watch(chunk, one.tools)
    one.tools.state().pageSince = (Date.now() + 1) as Instant
    await watch(chunk, two.tools)
    await watch(chunk, one.tools)
    await userEvent.click(page.getByText('Buy'))
    expect(one.inputs).toEqual([...seen, ...seen])
    expect(two.inputs).toEqual(seen)
    for (const { tools } of [one, two]) chunk.destroy(tools)
  })
  it('leaves to others what it has no say in', async () => {
    const chunk = await importRules()
    expect(chunk.carryOut({ type: 'configure' }, createTools().tools)).toBeUndefined()
  })

  const survey = nps({ id: 'q', name: 'A' })
  const answer = (value: string, question = 'why'): AnswerEvent =>
    ({
      id: '1',
      type: 'answer',
      survey: 'q',
      data: { question, value, revision: 0 },
      context: { url: 'raw', locale: 'de' },
    }) as unknown as AnswerEvent
  it('cleans the text and the address of an event as the site wants it, and nothing else', async () => {
    const { cleaned } = await importRules()
    history.replaceState(null, '', '/a?token=1&utm_source=mail#top')
    const event = answer('Ask ann@example.com')
    const kept = structuredClone(event)
    const url = `${location.origin}/a`
    expect(cleaned(event, {}, survey)).toEqual({ ...event, context: { url, locale: 'de' } })
    const privacy = { scrub: ['email'], query: ['utm_source'], fragment: true } as const
    const settings = { privacy: { ...privacy, scrub: [...privacy.scrub], query: [...privacy.query] } }
    expect(cleaned(event, settings, survey)).toEqual({
      ...event,
      data: { ...event.data, value: 'Ask [email]' },
      context: { url: `${url}?utm_source=mail#top`, locale: 'de' },
    })
    expect(event).toEqual(kept)
  })
  it('leaves an address that a question asks for', async () => {
    const { cleaned } = await importRules()
    const asking = {
      ...survey,
      questions: [{ id: 'mail', kind: 'text', title: 'Your address?', input: 'email' } as never],
    }
    const settings = { privacy: { scrub: ['email' as const] } }
    const text = (result: FeedbackEvent): unknown => (result as AnswerEvent).data.value
    expect(text(cleaned(answer('ann@example.com', 'mail'), settings, asking))).toBe('ann@example.com')
    expect(text(cleaned(answer('ann@example.com', 'mail'), settings, survey))).toBe('[email]')
    expect(text(cleaned(answer('ann@example.com', 'mail'), settings, undefined))).toBe('[email]')
  })
})
