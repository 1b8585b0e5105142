import { createElement as e, StrictMode, useEffect, useState, type ReactNode } from 'react'
import { createRoot, hydrateRoot, type Root } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { createEarshot, type Earshot } from './index.ts'
import { EarshotProvider, Survey, useEarshot, useEarshotEvent } from './react.ts'
import { anNps, card, hear, optionsFor, stubCollector, watchConsole } from './wrapper/wrapper.fixtures.ts'

// Everything is real; only the number of clients is counted.
vi.mock('./index.ts', { spy: true })

let root: Root | undefined
let said: unknown[][]
const started = () => vi.mocked(createEarshot).mock.results.length
const container = (): HTMLElement => {
  const element = document.createElement('div')
  document.body.append(element)
  return element
}
const render = (node: ReactNode): void => {
  root ??= createRoot(container())
  root.render(node)
}
const unmount = (): void => {
  root?.unmount()
  root = undefined
}

beforeEach(() => {
  stubCollector()
  vi.mocked(createEarshot).mockClear()
  said = watchConsole()
})
afterEach(async () => {
  unmount()
  await vi.waitFor(() => expect(card()).toBeNull())
  document.body.replaceChildren()
  expect(said).toEqual([])
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('a provider', () => {
  it('in StrictMode starts one client and shows a survey once', async () => {
    const [ready, suppressed] = [hear('ready'), hear('suppressed')]
    const options = optionsFor('react_strict')
    render(e(StrictMode, null, e(EarshotProvider, { options }, e(Survey, { id: 'nps-q4' }))))
    await vi.waitFor(() => expect(card()).not.toBeNull())
    // Whatever was asked twice has been refused by the time this is.
    const over = new Promise((resolve) =>
      window.addEventListener('earshot:suppressed', resolve, { once: true }),
    )
    vi.mocked(createEarshot).mock.results[0]?.value.show('no such survey')
    await over
    expect(suppressed).toEqual([{ survey: 'no such survey', reason: 'unknown-survey' }])
    expect(started()).toBe(1)
    expect(ready).toHaveLength(1)
  })
  it('ends the client when it is unmounted, and takes no commands then', async () => {
    let earshot: Earshot | undefined
    const Child = (): null => {
      const known = useEarshot()
      useEffect(() => {
        earshot = known
      }, [known])
      return null
    }
    render(e(EarshotProvider, { options: optionsFor('react_end') }, e(Child), e(Survey, { id: 'nps-q4' })))
    await vi.waitFor(() => expect(card()).not.toBeNull())
    const destroy = vi.spyOn(vi.mocked(createEarshot).mock.results[0]?.value as Earshot, 'destroy')
    unmount()
    await vi.waitFor(() => expect(destroy).toHaveBeenCalledOnce())
    await vi.waitFor(() => expect(card()).toBeNull())
    const suppressed = hear('suppressed')
    earshot?.show('nps-q4')
    await earshot?.flush()
    expect(await earshot?.explain('nps-q4')).toMatchObject({ show: false, reason: 'not-ready' })
    expect(suppressed).toEqual([])
  })
  it('keeps its client when it is rendered with other options, and starts another with another key', async () => {
    const seen: Earshot[] = []
    const Child = (): null => {
      const earshot = useEarshot()
      useEffect(() => {
        seen.push(earshot)
      })
      return null
    }
    const tree = (key: string, locale: string): ReactNode =>
      e(EarshotProvider, { options: optionsFor(key, { locale }) }, e(Child), e(Survey, { id: 'nps-q4' }))
    render(tree('react_one', 'en'))
    await vi.waitFor(() => expect(card()).not.toBeNull())
    render(tree('react_one', 'de'))
    await vi.waitFor(() => expect(seen).toHaveLength(2))
    expect(started()).toBe(1)
    const first = card()
    render(tree('react_two', 'de'))
    await vi.waitFor(() => expect(started()).toBe(2))
    // The place asks the new client too.
    await vi.waitFor(() => {
      expect(card()).not.toBeNull()
      expect(card()).not.toBe(first)
    })
    expect(new Set(seen).size).toBe(1)
  })
  it('takes a client of the site, and leaves it running', async () => {
    const client = createEarshot(optionsFor('react_own'))
    const show = vi.spyOn(client, 'show')
    const destroy = vi.spyOn(client, 'destroy')
    const hidden = { plan: 'pro' }
    render(
      e(EarshotProvider, { client }, e(Survey, { id: 'nps-q4', force: true, hidden, className: 'here' })),
    )
    await vi.waitFor(() => expect(card()).not.toBeNull())
    const [[id, how] = []] = show.mock.calls
    expect([id, how?.force, how?.hidden]).toEqual(['nps-q4', true, hidden])
    expect(document.querySelector(how?.into as string)).toBe(document.querySelector('.here'))
    unmount()
    const over = new Promise((resolve) => client.on('suppressed', resolve))
    client.show('no such survey')
    await over
    expect(destroy).not.toHaveBeenCalled()
    client.destroy()
  })
  it('does with the commands of effects what comes before the start of a client', async () => {
    const queued = hear<{ type: string }>('queued')
    const Child = (): null => {
      const earshot = useEarshot()
      useEffect(() => earshot.track('seen'), [earshot])
      return null
    }
    render(e(EarshotProvider, { options: optionsFor('react_early') }, e(Child)))
    await vi.waitFor(() => expect(queued.map(({ type }) => type)).toEqual(['track']))
  })
  it('tells a mistake in the options to the boundary around it', async () => {
    const caught = vi.fn<(error: unknown) => void>()
    root = createRoot(container(), { onUncaughtError: caught })
    root.render(e(EarshotProvider, { options: { key: 'sk_1', collector: '' } }))
    await vi.waitFor(() => expect(String(caught.mock.calls[0]?.[0])).toContain('"pk_…"'))
  })
  it('is missed with the mend', async () => {
    const caught = vi.fn<(error: unknown) => void>()
    root = createRoot(container(), { onUncaughtError: caught })
    root.render(e(Survey, { id: 'nps-q4' }))
    await vi.waitFor(() => expect(String(caught.mock.calls[0]?.[0])).toContain('<EarshotProvider'))
  })
})

describe('a survey in a place', () => {
  it('tells its events to the latest handlers, and of no other survey', async () => {
    const heard: unknown[] = []
    const surveys = [anNps('nps-q4'), anNps('other')]
    const Child = (): ReactNode => {
      const [name, rename] = useState('first')
      useEffect(() => rename('second'), [])
      useEarshotEvent('shown', ({ survey }) => heard.push([name, 'shown', survey]))
      return [
        e(Survey, {
          key: 1,
          id: 'nps-q4',
          onAnswered: ({ value }) => heard.push([name, 'answered', value]),
          onCompleted: ({ survey }) => heard.push([name, 'completed', survey]),
        }),
        e(Survey, { key: 2, id: 'other', onAnswered: () => heard.push('never') }),
      ]
    }
    render(e(EarshotProvider, { options: optionsFor('react_events', { surveys }) }, e(Child)))
    await page.getByRole('radio', { name: '9', exact: true }).click()
    await page.getByRole('textbox').fill('Quick')
    await page.getByRole('button', { name: 'Send' }).click()
    await vi.waitFor(() => expect(heard).toHaveLength(4))
    expect(heard).toEqual(
      expect.arrayContaining([
        ['second', 'answered', 9],
        ['second', 'answered', 'Quick'],
        ['second', 'shown', 'nps-q4'],
        ['second', 'completed', 'nps-q4'],
      ]),
    )
  })
  it('is closed when it is unmounted, and only if it is in its place', async () => {
    const dismissed = hear('dismissed')
    const options = optionsFor('react_close')
    const tree = (...places: ReactNode[]): ReactNode => e(EarshotProvider, { options }, ...places)
    render(tree(e(Survey, { id: 'nps-q4', key: 1, className: 'here' }), e(Survey, { id: 'other', key: 2 })))
    await vi.waitFor(() => expect(card()).not.toBeNull())
    render(tree(e(Survey, { id: 'nps-q4', key: 1, className: 'here' })))
    await vi.waitFor(() => expect(document.querySelectorAll('[data-earshot-place]')).toHaveLength(1))
    expect(card()).not.toBeNull()
    render(tree())
    await vi.waitFor(() => expect(card()).toBeNull())
    // To leave is not to refuse.
    expect(dismissed).toEqual([])
  })
  it('shows another survey when it is given one', async () => {
    const surveys = [anNps('nps-q4'), anNps('other', { transactional: true })]
    const options = optionsFor('react_id', { surveys, settings: { limits: { quiet: 0, perSession: 9 } } })
    const client = createEarshot(options)
    const show = vi.spyOn(client, 'show')
    const tree = (id: string): ReactNode =>
      e(EarshotProvider, { client }, e(Survey, { id, className: 'here' }))
    render(tree('nps-q4'))
    await vi.waitFor(() => expect(card()).not.toBeNull())
    render(tree('other'))
    await vi.waitFor(() => expect(show.mock.calls.map(([id]) => id)).toEqual(['nps-q4', 'other']))
    expect(document.querySelector(show.mock.calls[1]?.[1]?.into as string)?.className).toBe('here')
    client.destroy()
  })
})

describe('a page from a server', () => {
  it('is hydrated without a complaint, and then shows the survey', async () => {
    const tree = (): ReactNode =>
      e(
        StrictMode,
        null,
        e(
          EarshotProvider,
          { options: optionsFor('react_hydrate') },
          e('h1', null, 'Shop'),
          e(Survey, { id: 'nps-q4' }),
        ),
      )
    const element = container()
    element.append(document.createRange().createContextualFragment(renderToString(tree())))
    const title = element.querySelector('h1')
    const caught = vi.fn<(error: unknown) => void>()
    root = hydrateRoot(element, tree(), { onRecoverableError: caught })
    await vi.waitFor(() => expect(card()).not.toBeNull())
    expect(element.querySelector('h1')).toBe(title)
    expect(caught).not.toHaveBeenCalled()
    expect(started()).toBe(1)
  })
})
