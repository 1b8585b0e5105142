import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import {
  createApp,
  createSSRApp,
  defineComponent,
  h,
  KeepAlive,
  nextTick,
  onMounted,
  ref,
  type App,
  type VNode,
} from 'vue'
import { renderToString } from 'vue/server-renderer'
import { createEarshot, type Earshot } from './index.ts'
import { createEarshotPlugin, Survey, useEarshot, useEarshotEvent } from './vue.ts'
import { anNps, card, hear, optionsFor, stubCollector, watchConsole } from './wrapper/wrapper.fixtures.ts'

let app: App | undefined
let said: unknown[][]
const container = (html = ''): HTMLElement => {
  const element = document.createElement('div')
  element.append(document.createRange().createContextualFragment(html))
  document.body.append(element)
  return element
}
const mount = (source: Parameters<typeof createEarshotPlugin>[0], draw: () => VNode | VNode[]): void => {
  app = createApp({ render: draw }).use(createEarshotPlugin(source))
  app.mount(container())
}
const unmount = (): void => {
  app?.unmount()
  app = undefined
}

beforeEach(() => {
  stubCollector()
  said = watchConsole()
})
afterEach(async () => {
  unmount()
  await vi.waitFor(() => expect(card()).toBeNull())
  document.body.replaceChildren()
  // Of the bundler's settings, not of the page.
  expect(said.filter(([words]) => !String(words).startsWith('Feature flags'))).toEqual([])
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('the plugin', () => {
  it('starts a client, takes commands in setup, and ends it with the app', async () => {
    const [ready, queued] = [hear('ready'), hear<{ type: string }>('queued')]
    let earshot: Earshot | undefined
    const Child = defineComponent(() => {
      earshot = useEarshot()
      earshot.track('seen')
      return () => h(Survey, { id: 'nps-q4' })
    })
    mount(optionsFor('vue_start'), () => h(Child))
    await vi.waitFor(() => expect(card()).not.toBeNull())
    expect(ready).toHaveLength(1)
    expect(queued.map(({ type }) => type)).toContain('track')
    const suppressed = hear('suppressed')
    unmount()
    await vi.waitFor(() => expect(card()).toBeNull())
    earshot?.show('no such survey')
    await earshot?.flush()
    expect(suppressed).toEqual([])
  })
  it('takes a client of the site, shows a survey in its place, and leaves the client running', async () => {
    const client = createEarshot(optionsFor('vue_own'))
    const show = vi.spyOn(client, 'show')
    const hidden = { plan: 'pro' }
    mount(client, () => h(Survey, { id: 'nps-q4', force: true, hidden, class: 'here' }))
    await vi.waitFor(() => expect(card()).not.toBeNull())
    expect(show).toHaveBeenCalledOnce()
    const [[id, how] = []] = show.mock.calls
    expect([id, how?.force, how?.hidden]).toEqual(['nps-q4', true, hidden])
    expect(document.querySelector(how?.into as string)).toBe(document.querySelector('.here'))
    unmount()
    const over = new Promise((resolve) => client.on('suppressed', resolve))
    client.show('no such survey')
    await over
    client.destroy()
  })
  it('tells a mistake in the options, and is missed with the mend', () => {
    expect(() => createApp({}).use(createEarshotPlugin({ key: 'sk_1', collector: '' }))).toThrow('"pk_…"')
    const lost = createApp({ render: () => h(Survey, { id: 'nps-q4' }) })
    expect(() => lost.mount(container())).toThrow('app.use(createEarshotPlugin')
    // That it was thrown is said by Vue as well.
    said.length = 0
  })
})

describe('a survey in a place', () => {
  it('tells its events, and none of another survey', async () => {
    const heard: unknown[] = []
    const surveys = [anNps('nps-q4'), anNps('other')]
    const Child = defineComponent(() => {
      useEarshotEvent('shown', ({ survey }) => heard.push(['shown', survey]))
      return () => [
        h(Survey, {
          id: 'nps-q4',
          onAnswered: ({ value }) => heard.push(['answered', value]),
          onCompleted: ({ survey }) => heard.push(['completed', survey]),
        }),
        h(Survey, { id: 'other', onAnswered: () => heard.push('never') }),
      ]
    })
    mount(optionsFor('vue_events', { surveys }), () => h(Child))
    await page.getByRole('radio', { name: '9', exact: true }).click()
    await page.getByRole('textbox').fill('Quick')
    await page.getByRole('button', { name: 'Send' }).click()
    await vi.waitFor(() => expect(heard).toHaveLength(4))
    expect(heard).toEqual(
      expect.arrayContaining([
        ['answered', 9],
        ['answered', 'Quick'],
        ['shown', 'nps-q4'],
        ['completed', 'nps-q4'],
      ]),
    )
  })
  it('is closed when it is unmounted, and hears no more', async () => {
    const dismissed = hear('dismissed')
    const isThere = ref(true)
    const late = vi.fn<() => void>()
    const client = createEarshot(optionsFor('vue_close'))
    mount(client, () =>
      isThere.value ? h(Survey, { id: 'nps-q4', class: 'here', onAnswered: late }) : h('i'),
    )
    await vi.waitFor(() => expect(card()).not.toBeNull())
    isThere.value = false
    await vi.waitFor(() => expect(card()).toBeNull())
    // To leave is not to refuse.
    expect(dismissed).toEqual([])
    client.show('nps-q4', { force: true })
    const answered = new Promise((resolve) => client.on('answered', resolve))
    await page.getByRole('radio', { name: '3', exact: true }).click()
    await answered
    expect(late).not.toHaveBeenCalled()
    client.destroy()
  })
  it('asks again under another id, and when it is kept alive and comes back', async () => {
    const client = createEarshot(optionsFor('vue_alive', { surveys: [anNps('a'), anNps('b')] }))
    const show = vi.spyOn(client, 'show')
    const asked = () => show.mock.calls.map(([id]) => id)
    const [id, isThere] = [ref('a'), ref(true)]
    mount(client, () =>
      h(KeepAlive, () => (isThere.value ? h(Survey, { id: id.value, class: 'here' }) : null)),
    )
    await vi.waitFor(() => expect(asked()).toEqual(['a']))
    await vi.waitFor(() => expect(card()).not.toBeNull())
    id.value = 'b'
    await vi.waitFor(() => expect(asked()).toEqual(['a', 'b']))
    await vi.waitFor(() => expect(card()).not.toBeNull())
    isThere.value = false
    await vi.waitFor(() => expect(card()).toBeNull())
    isThere.value = true
    await vi.waitFor(() => expect(asked()).toEqual(['a', 'b', 'b']))
    client.destroy()
  })
})

describe('a place that is to have another survey before the first was drawn', () => {
  it('shows the other', async () => {
    const client = createEarshot(optionsFor('vue_hasty', { surveys: [anNps('a'), anNps('b')] }))
    const show = vi.spyOn(client, 'show')
    const shown = new Promise<{ survey: string }>((resolve) => client.on('shown', resolve))
    const id = ref('a')
    mount(client, () => h(Survey, { id: id.value, class: 'here' }))
    await nextTick()
    expect(show.mock.calls.map(([survey]) => survey)).toEqual(['a'])
    id.value = 'b'
    expect((await shown).survey).toBe('b')
    expect(document.querySelector('.here [data-earshot]')).not.toBeNull()
    client.destroy()
  })
})

describe('a page from a server', () => {
  it('is hydrated without a complaint, and then shows the survey', async () => {
    const draw = () => [h('h1', 'Shop'), h(Survey, { id: 'nps-q4' })]
    const mounted = vi.fn<() => void>()
    const Root = defineComponent(() => {
      onMounted(mounted)
      return draw
    })
    const element = container(await renderToString(createSSRApp(Root).use({ install: (each) => bare(each) })))
    const title = element.querySelector('h1')
    app = createSSRApp(Root).use(createEarshotPlugin(optionsFor('vue_hydrate')))
    app.mount(element)
    await vi.waitFor(() => expect(card()).not.toBeNull())
    expect(element.querySelector('h1')).toBe(title)
    expect(mounted).toHaveBeenCalledOnce()
  })
})

/** The plugin as it is where there is no document: a client that never starts. */
function bare(each: App): void {
  const own = createEarshot(optionsFor('vue_server'))
  createEarshotPlugin(own).install(each)
  own.destroy()
}
