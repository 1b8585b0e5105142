import { createElement as e, StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Earshot } from './index.ts'
import { EarshotProvider, Survey, useEarshot, useEarshotEvent } from './react.ts'

afterEach(() => vi.restoreAllMocks())

const options = { key: 'pk_1', collector: 'https://feedback.example.com' }

describe('on a server', () => {
  it('renders the children and the place, starts nothing, and complains of nothing', async () => {
    const said = (['error', 'warn'] as const).map((level) => vi.spyOn(console, level))
    let earshot: Earshot | undefined
    const Child = (): string => {
      earshot = useEarshot()
      useEarshotEvent('completed', () => {})
      // Not for a page to do while it renders; it must do no harm.
      earshot.track('rendered')
      earshot.on('ready', () => {})()
      return 'Shop'
    }
    const tree = e(
      StrictMode,
      null,
      e(EarshotProvider, { options }, e(Child), e(Survey, { id: 'q', className: 'a' })),
    )
    expect(renderToString(tree)).toBe('Shop<div class="a"></div>')
    for (const spy of said) expect(spy).not.toHaveBeenCalled()
    await earshot?.flush()
    expect(await earshot?.explain('q')).toMatchObject({ survey: 'q', show: false, reason: 'not-ready' })
    earshot?.destroy()
    expect('window' in globalThis).toBe(false)
  })
})

describe('the types', () => {
  it('refuse what makes no sense', () => {
    const never = (client: Earshot): void => {
      // @ts-expect-error options or a client, one of them
      e(EarshotProvider, {})
      // @ts-expect-error not both
      e(EarshotProvider, { options, client })
      // @ts-expect-error the key is needed
      e(EarshotProvider, { options: { collector: 'https://feedback.example.com' } })
      // @ts-expect-error a survey has an id
      e(Survey, {})
      // @ts-expect-error a hidden field is a scalar
      e(Survey, { id: 'q', hidden: { plan: {} } })
      // @ts-expect-error no such event
      useEarshotEvent('finished', () => {})
      // @ts-expect-error the detail of this event has no value
      useEarshotEvent('completed', ({ value }) => value)
    }
    expect(never).toBeTypeOf('function')
  })
})
