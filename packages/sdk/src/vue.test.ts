import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSSRApp, defineComponent, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import type { Earshot } from './index.ts'
import { createEarshotPlugin, Survey, useEarshot, useEarshotEvent } from './vue.ts'

afterEach(() => vi.restoreAllMocks())

const options = { key: 'pk_1', collector: 'https://feedback.example.com' }

describe('on a server', () => {
  it('renders the place, starts nothing, and complains of nothing', async () => {
    const said = (['error', 'warn'] as const).map((level) => vi.spyOn(console, level))
    let earshot: Earshot | undefined
    const Root = defineComponent(() => {
      earshot = useEarshot()
      useEarshotEvent('completed', () => {})
      earshot.track('rendered')
      return () => h('main', ['Shop', h(Survey, { id: 'q', class: 'a' })])
    })
    const app = createSSRApp(Root).use(createEarshotPlugin(options))
    expect(await renderToString(app)).toBe('<main>Shop<div class="a"></div></main>')
    for (const spy of said) expect(spy).not.toHaveBeenCalled()
    await earshot?.flush()
    expect(await earshot?.explain('q')).toMatchObject({ survey: 'q', show: false, reason: 'not-ready' })
    expect('window' in globalThis).toBe(false)
  })
})

describe('the types', () => {
  it('refuse what makes no sense', () => {
    const never = (): void => {
      // @ts-expect-error the key is needed
      createEarshotPlugin({ collector: 'https://feedback.example.com' })
      // @ts-expect-error a survey has an id
      h(Survey, {})
      // @ts-expect-error a hidden field is a scalar
      h(Survey, { id: 'q', hidden: { plan: {} } })
      // @ts-expect-error the detail of this event has no value
      h(Survey, { id: 'q', onCompleted: ({ value }) => value })
      // @ts-expect-error no such event
      useEarshotEvent('finished', () => {})
    }
    expect(never).toBeTypeOf('function')
  })
})
