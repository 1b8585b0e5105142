import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cdp, page, userEvent } from 'vitest/browser'
import type { Question } from '@earshot/contract'
import type { FlowEffect } from '../../core/flow.ts'
import type { Showing } from '../../core/model.ts'
import {
  answersIn,
  choice,
  progressIn,
  recorded,
  scale,
  showingOf,
  surveyOf,
  text,
} from '../../core/pages.fixtures.ts'
import type { Instant } from '../../core/time.ts'
import type { Card } from '../../ports/card.ts'
import { audit } from '../audit.fixtures.ts'
import { layPage } from '../browserStage.fixtures.ts'
import { mountCard } from '../mount.tsx'
import { loadKinds } from './files.ts'

type Cdp = { send(method: string, params: object): Promise<unknown> }

let card: Card | undefined
let effects: FlowEffect[] = []
const closed = vi.fn<() => void>()

beforeEach(() => {
  layPage()
  effects = []
  closed.mockClear()
})
afterEach(async () => {
  card?.destroy()
  card = undefined
  await vi.waitFor(() => expect(host()).toBeNull())
})

const host = () => document.querySelector<HTMLElement>('[data-earshot]')
const root = () => host()?.shadowRoot as ShadowRoot
const focused = () => root().activeElement as HTMLInputElement
const answers = () => answersIn(effects)
const values = () => answers().map((each) => each.value)
const types = () => recorded(effects).map((each) => each.type)
const title = () => root().querySelector('legend,h2,label')?.textContent
const button = (name: string) => page.getByRole('button', { name, exact: true })
const field = () => page.getByRole('textbox')
const status = () => root().querySelector('[role=status]')?.textContent
const described = (element: Element | null | undefined) =>
  root().getElementById(element?.getAttribute('aria-describedby') ?? '')?.textContent

/** With what those questions need, and no more. */
async function mount(questions: readonly Question[], more: Partial<Showing> = {}): Promise<void> {
  const showing = showingOf(surveyOf(...questions), more)
  const kinds = await loadKinds([showing.survey])
  const perform = (effect: FlowEffect): void => {
    effects.push(effect)
    // The store says yes at once.
    if (effect.type !== 'record') return
    queueMicrotask(() => card?.tell({ type: 'stored', event: effect.draft as never, durable: true }))
  }
  card = mountCard(
    showing,
    false,
    { now: () => 1 as Instant, lock: 'pk_test', perform, command() {}, locales: () => ['en'], closed },
    kinds,
  )
}
async function settled(): Promise<void> {
  await Promise.all(document.getAnimations().map((each) => each.finished))
  await Promise.all(
    [...root().querySelectorAll('*')].flatMap((each) => each.getAnimations().map(({ finished }) => finished)),
  )
}
const byKeys = async (): Promise<void> => {
  document.querySelector<HTMLElement>('#before')?.focus()
  await userEvent.keyboard('{Tab}')
}

const yesno: Question = { kind: 'yesno', id: 'solved', title: 'Solved?', yes: 'Yes', no: 'No' }
const statement: Question = { kind: 'statement', id: 'hi', title: 'Hello', text: 'Two short\nquestions' }
const link: Question = {
  kind: 'link',
  id: 'review',
  title: 'Tell others',
  href: '/#review',
  label: 'Write a review',
}
const thumbs = { ...scale, look: 'thumbs', max: 2, positive: [2], negative: [1] } as Question
const last = text('last')

const kinds: Record<string, Question> = {
  numbers: { ...scale, max: 10, required: true } as Question,
  stars: { ...scale, look: 'stars', required: true } as Question,
  faces: { ...scale, look: 'faces', required: true } as Question,
  thumbs: { ...thumbs, required: true },
  'long text': text('t', { required: true }),
  'short text': text('t', { required: true, input: 'short' }),
  email: text('t', { required: true, input: 'email' }),
  number: text('t', { required: true, input: 'number' }),
  'single choice': choice('c', { required: true, other: 'Other' }),
  'multiple choice': choice('c', { required: true, multiple: true, other: 'Other' }),
  'yes or no': { ...yesno, required: true },
  statement,
  link,
}

describe.each(['light', 'dark'])('in the %s', (scheme) => {
  beforeEach(
    () =>
      (cdp() as unknown as Cdp).send('Emulation.setEmulatedMedia', {
        features: [{ name: 'prefers-color-scheme', value: scheme }],
      }) as Promise<void>,
  )
  afterEach(
    () => (cdp() as unknown as Cdp).send('Emulation.setEmulatedMedia', { features: [] }) as Promise<void>,
  )

  it.each(Object.entries(kinds))(
    '%s has no axe violation, as asked, in error and chosen',
    async (_name, question) => {
      expect(matchMedia(`(prefers-color-scheme:${scheme})`).matches).toBe(true)
      await mount([question, last])
      expect(await audit()).toEqual([])
      if (question.required) {
        await button('Continue').click()
        expect(root().querySelector('.flaw')).toBeTruthy()
        expect(await audit()).toEqual([])
      }
      const control = root().querySelector<HTMLInputElement>('input')
      if (control && control.type !== 'text' && control.type !== 'email') {
        // As a screen reader does it, without a pointer.
        control.click()
        await vi.waitFor(() => expect(root().querySelector('input:checked')).toBeTruthy())
        expect(await audit()).toEqual([])
      }
    },
  )
})

describe('axe', () => {
  it('sees into the page: planted faults of label and contrast are found', async () => {
    await mount([text('t')])
    expect(await audit()).toEqual([])
    root().querySelector('label')?.remove()
    const send = root().querySelector<HTMLElement>('.send')
    send?.style.setProperty('color', '#888')
    send?.style.setProperty('background', '#999')
    const found = (await audit()).map((each) => each.split(':')[0])
    expect(found).toEqual(expect.arrayContaining(['label', 'color-contrast']))
  })
})

describe('a scale', () => {
  it.each([
    ['numbers', ['1, Bad', '2', '3', '4', '5, Good']],
    ['stars', ['1 of 5, Bad', '2 of 5', '3 of 5', '4 of 5', '5 of 5, Good']],
    ['faces', ['1 of 5, Bad', '2 of 5', '3 of 5', '4 of 5', '5 of 5, Good']],
  ] as const)('of %s is named by the question, its answers by their place', async (look, names) => {
    await mount([{ ...scale, look } as Question, last])
    await expect.element(page.getByRole('radiogroup', { name: 'How was it?' })).toBeVisible()
    expect(
      page
        .getByRole('radio')
        .elements()
        .map((each) => each.getAttribute('aria-label')),
    ).toEqual(names)
    expect(page.getByRole('radio', { checked: true }).elements()).toEqual([])
  })
  it('by pointer is an answer at once, and the next page comes by itself', async () => {
    await mount([{ ...scale, look: 'stars' } as Question, last])
    await page.getByRole('radio', { name: '4 of 5' }).click()
    expect(values()).toEqual([4])
    expect(root().querySelectorAll('.on')).toHaveLength(4)
    await vi.waitFor(() => expect(title()).toBe('last?'))
    expect(focused().tagName).toBe('TEXTAREA')
  })
  it('by keys waits for Enter', async () => {
    await mount([scale, last])
    await byKeys()
    await userEvent.keyboard('{ArrowRight}{ArrowRight}')
    expect(values()).toEqual([])
    const chosen = Number(focused().value)
    await userEvent.keyboard('{Enter}')
    expect(values()).toEqual([chosen])
    expect(title()).toBe('last?')
    expect(focused().tagName).toBe('TEXTAREA')
  })
  it('takes digits', async () => {
    await mount([scale, last])
    await byKeys()
    await userEvent.keyboard('4{Enter}')
    expect(values()).toEqual([4])
  })
  it('is one Tab stop', async () => {
    await mount([{ ...scale, look: 'faces' } as Question, last])
    await byKeys()
    expect(focused().name).toBe('score')
    await userEvent.keyboard('{Tab}')
    expect(focused().className).toBe('soft later')
  })
  it('changed before the next page came is two revisions, and one step', async () => {
    await mount([scale, choice('c'), last])
    for (const value of [2, 4]) {
      const tile = root().querySelector<HTMLInputElement>(`[value="${value}"]`)
      tile?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))
      tile?.click()
    }
    await vi.waitFor(() => expect(title()).toBe('c?'))
    expect(answers()).toMatchObject([
      { value: 2, revision: 0 },
      { value: 4, revision: 1 },
    ])
  })
})

describe('yes or no', () => {
  it('by pointer', async () => {
    await mount([yesno, last])
    await page.getByRole('radio', { name: 'No' }).click()
    expect(values()).toEqual([false])
    await vi.waitFor(() => expect(title()).toBe('last?'))
  })
  it('by keys', async () => {
    await mount([yesno, last])
    await byKeys()
    await userEvent.keyboard(' {Enter}')
    expect(values()).toEqual([true])
  })
})

describe('one choice', () => {
  const question = choice('c', { other: 'Other' })
  it('by pointer, also on its words', async () => {
    await mount([question, last])
    await page.getByText('Label b').click()
    expect(values()).toEqual([['b']])
    await vi.waitFor(() => expect(title()).toBe('last?'))
  })
  it('by keys', async () => {
    await mount([question, last])
    await byKeys()
    await userEvent.keyboard('{ArrowDown}{ArrowDown}')
    expect(values()).toEqual([])
    await userEvent.keyboard('{Enter}')
    expect(values()).toEqual([['c']])
  })
  it('in own words waits for them', async () => {
    await mount([question, last])
    await page.getByText('Other').click()
    await page.getByRole('textbox', { name: 'Please say which' }).fill('Rain')
    expect(values()).toEqual([])
    await button('Continue').click()
    expect(answers()).toMatchObject([{ value: ['other'], other: 'Rain' }])
  })
})

describe('several choices', () => {
  const question = choice('c', { multiple: true, least: 2, most: 2 })
  it('by pointer, confirmed', async () => {
    await mount([question, last])
    await page.getByRole('checkbox', { name: 'Label c' }).click()
    await page.getByRole('checkbox', { name: 'Label a' }).click()
    expect(values()).toEqual([])
    await button('Continue').click()
    expect(values()).toEqual([['a', 'c']])
  })
  it('by keys', async () => {
    await mount([question, last])
    await byKeys()
    await userEvent.keyboard(' {Tab} {Enter}')
    expect(values()).toEqual([['a', 'b']])
  })
  it('too few are told, with how many it takes', async () => {
    await mount([question, last])
    await page.getByRole('checkbox', { name: 'Label a' }).click()
    await button('Continue').click()
    expect(described(root().querySelector('fieldset'))).toBe('Choose 2 answers.')
    expect(focused().type).toBe('checkbox')
    expect(focused().getAttribute('aria-invalid')).toBe('true')
    expect(status()).toBe('Choose 2 answers.')
  })
})

describe('a field', () => {
  it.each([
    [
      'email',
      { input: 'email' },
      'nobody',
      'Enter an e-mail address, for example name@example.com.',
      'a@b.co',
      'a@b.co',
    ],
    ['number', { input: 'number', least: 1, most: 9 }, 'many', 'Enter a number from 1 to 9.', '2,5', 2.5],
    ['short', { input: 'short', minLength: 3 }, 'ab', 'Write at least 3 characters.', 'abc', 'abc'],
    ['long', { hint: 'Six digits', pattern: '\\d{6}' }, '12', 'Six digits', '123456', '123456'],
  ] as const)('%s says what is wrong and takes what fits', async (_name, more, bad, words, good, value) => {
    await mount([text('t', more), last])
    await field().fill(bad)
    await button('Continue').click()
    expect(values()).toEqual([])
    const input = root().querySelector('#t')
    expect(input?.getAttribute('aria-invalid')).toBe('true')
    expect(described(input)).toBe(words)
    expect(focused()).toBe(input)
    expect(status()).toBe(words)
    await field().fill(good)
    await button('Continue').click()
    expect(values()).toEqual([value])
    expect(title()).toBe('last?')
  })
  it('is sent where a sandbox lets no form be submitted', async () => {
    const submits = vi.fn<() => void>()
    await mount([text('t', { input: 'short' })])
    root().addEventListener('submit', submits)
    await userEvent.click(root().querySelector('input')!)
    await userEvent.keyboard('Hello{Enter}')
    expect(values()).toEqual(['Hello'])
    expect(submits).not.toHaveBeenCalled()
  })
  it('short is sent by Enter', async () => {
    await mount([text('t', { input: 'short' }), last])
    await byKeys()
    await userEvent.keyboard('Hello{Enter}')
    expect(values()).toEqual(['Hello'])
  })
  it('counts near the end, and tells it by tens', async () => {
    await mount([text('t', { maxLength: 30 })])
    await field().fill('x'.repeat(9))
    expect(root().querySelector('.count')?.textContent).toBe('')
    await field().fill('x'.repeat(18))
    await vi.waitFor(() => expect(root().querySelector('.count')?.textContent).toBe('12 characters left'))
    expect(root().querySelector('[aria-live]')?.textContent).toBe('20 characters left')
  })
  it('with something in it is not closed by Escape', async () => {
    await mount([text('t', { input: 'short' })])
    await field().fill('Half a sent')
    await userEvent.keyboard('{Escape}')
    expect(closed).not.toHaveBeenCalled()
  })
})

describe('pages to read', () => {
  it('a statement, and back to it', async () => {
    await mount([statement, last])
    await expect.element(page.getByRole('heading', { name: 'Hello' })).toBeVisible()
    await button('Continue').click()
    expect(title()).toBe('last?')
    await button('Back').click()
    expect(title()).toBe('Hello')
    expect(types()).toEqual([])
  })
  it('a link opens apart, says so, and is an answer', async () => {
    await mount([link, last])
    const anchor = page.getByRole('link', { name: 'Write a review (opens in a new tab)' })
    await expect.element(anchor).toBeVisible()
    const element = anchor.element() as HTMLAnchorElement
    expect([element.target, element.rel]).toEqual(['_blank', 'noopener'])
    element.addEventListener('click', (event) => event.preventDefault())
    await anchor.click()
    expect(values()).toEqual([true])
    await vi.waitFor(() => expect(title()).toBe('last?'))
  })
  it('a link to a script is none', async () => {
    await mount([{ ...link, href: ['javascript', 'alert(1)'].join(':') }])
    expect(root().querySelector('a')).toBeNull()
  })
})

describe('the way', () => {
  it('is numbered where its length is fixed, and only there', async () => {
    await mount([scale, choice('c'), last])
    expect(root().querySelector('.meta')?.textContent).toBe('1 of 3')
    card?.destroy()
    await vi.waitFor(() => expect(host()).toBeNull())
    await mount([scale, text('why', { when: { question: 'score', bands: ['satisfied'] } })])
    expect(root().querySelector('.meta')).toBeNull()
  })
  it('back keeps what was answered, and what was only typed', async () => {
    await mount([scale, text('t'), last])
    await page.getByRole('radio', { name: '2', exact: true }).click()
    await expect.element(field()).toBeVisible()
    await field().fill('Draft')
    await button('Back').click()
    await expect.element(page.getByRole('radio', { name: '2', exact: true })).toBeChecked()
    await button('Continue').click()
    await expect.element(field()).toHaveValue('Draft')
    expect(values()).toEqual([2])
  })
  it('another answer leads another way', async () => {
    await mount([
      scale,
      text('bad', { when: { question: 'score', bands: ['dissatisfied'] } }),
      text('good', { when: { question: 'score', bands: ['satisfied'] } }),
    ])
    await page.getByRole('radio', { name: '2', exact: true }).click()
    await vi.waitFor(() => expect(title()).toBe('bad?'))
    await button('Back').click()
    await page.getByRole('radio', { name: '5, Good' }).click()
    await vi.waitFor(() => expect(title()).toBe('good?'))
    expect(answers().map((each) => each.revision)).toEqual([0, 1])
  })
  it('skip leaves no answer; the first scale has none', async () => {
    await mount([scale, yesno, last])
    expect(button('Skip').elements()).toEqual([])
    await page.getByRole('radio', { name: '3', exact: true }).click()
    await vi.waitFor(() => expect(title()).toBe('Solved?'))
    await button('Skip').click()
    expect(title()).toBe('last?')
    await button('Skip').click()
    await expect.element(page.getByRole('heading', { name: 'Thank you' })).toBeVisible()
    expect(types()).toEqual(['answer', 'display', 'complete'])
  })
  it('required is said, to the API too, and has no Skip', async () => {
    await mount([{ ...yesno, required: true }, last])
    expect(root().querySelector('.meta')?.textContent).toBe('1 of 2 · Required')
    expect(root().querySelector('fieldset')?.getAttribute('aria-required')).toBe('true')
    expect(button('Skip').elements()).toEqual([])
    await button('Continue').click()
    const group = root().querySelector('fieldset')
    expect(group?.getAttribute('aria-invalid')).toBe('true')
    expect(described(group)).toBe('Choose an answer to go on.')
    expect(focused().type).toBe('radio')
  })
  it('ends with what the last button says', async () => {
    await mount([scale, text('t', { next: [{ to: 'end' }] }), last])
    await page.getByRole('radio', { name: '3', exact: true }).click()
    await field().fill('Fine')
    await button('Send').click()
    await expect.element(page.getByRole('heading', { name: 'Thank you' })).toBeVisible()
    expect(types()).toEqual(['answer', 'display', 'answer', 'complete'])
  })
  it('with nothing left to ask is no card', async () => {
    await expect(mount([text('t', { known: 'x' })], { facts: { 'trait.x': 1 } })).rejects.toThrow(
      'nothing is left to ask',
    )
    expect(host()).toBeNull()
  })
  it('puts facts into texts, as text', async () => {
    await mount([{ ...scale, title: 'Hi {{trait.name|there}}, how was it?' }], {
      facts: { 'trait.name': '<img src=x>' },
    })
    await expect.element(page.getByRole('radiogroup', { name: 'Hi <img src=x>, how was it?' })).toBeVisible()
    expect(root().querySelector('img')).toBeNull()
  })
})

describe('the files', () => {
  it('of types that nobody can draw are missed with their name', async () => {
    const question = { ...scale, look: 'hearts' } as unknown as Question
    await expect(loadKinds([surveyOf(question)])).rejects.toThrow('no question of the type "hearts"')
  })
})

describe('what is told', () => {
  it('the first question, and the next only where the focus does not tell it', async () => {
    await mount([scale, choice('c'), last])
    await vi.waitFor(() => expect(status()).toBe('Survey: How was it?'))
    card?.tell({ type: 'answer', at: 1 as Instant, question: 'score', value: 3 })
    card?.tell({ type: 'next', at: 1 as Instant, page: 'score' })
    await vi.waitFor(() => expect(status()).toBe('c?'))
    expect(document.activeElement).toBe(document.body)
    await page.getByRole('radio', { name: 'Label a' }).click()
    await vi.waitFor(() => expect(title()).toBe('last?'))
    expect(status()).toBe('c?')
  })
  it('the new question has the focus of whom was on the card', async () => {
    await mount([scale, choice('c'), last])
    await byKeys()
    await userEvent.keyboard('3{Enter}')
    expect(focused().tagName).toBe('LEGEND')
    await userEvent.keyboard('{Tab}{ArrowDown}{Enter}')
    expect(values()).toEqual([3, ['b']])
  })
})

describe('after a reload', () => {
  it('goes on at the first page without an answer', async () => {
    await mount([scale, text('t'), last])
    await page.getByRole('radio', { name: '4', exact: true }).click()
    await expect.element(field()).toBeVisible()
    const progress = progressIn(effects)
    card?.destroy()
    await vi.waitFor(() => expect(host()).toBeNull())
    effects = []
    await mount([scale, text('t'), last], { progress })
    expect(title()).toBe('t?')
    await field().fill('Fine')
    await button('Continue').click()
    expect(types()).toEqual(['answer'])
    await button('Back').click()
    await button('Back').click()
    await expect.element(page.getByRole('radio', { name: '4', exact: true })).toBeChecked()
  })
})

describe('at 320 pixels', () => {
  afterEach(() => page.viewport(1280, 720))
  it.each(Object.entries(kinds))(
    '%s has targets of 44 pixels and nothing scrolls sideways',
    async (_name, question) => {
      await page.viewport(320, 568)
      await mount([question, last])
      await settled()
      const boxOf = (each: Element) => each.getBoundingClientRect()
      for (const target of root().querySelectorAll('.tile,.row,button:not(.foot *),a,.field')) {
        expect(boxOf(target).height).toBeGreaterThanOrEqual(44)
        expect(boxOf(target).width).toBeGreaterThanOrEqual(40)
      }
      const inside = root().querySelector('.card') as HTMLElement
      expect(inside.scrollWidth).toBeLessThanOrEqual(inside.clientWidth)
    },
  )
})
