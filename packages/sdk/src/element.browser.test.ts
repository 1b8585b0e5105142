import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { defineEarshotElement, type EarshotSurveyElement, type EarshotSurveyEvents } from './element.ts'
import { createEarshot, type Earshot } from './index.ts'
import { anNps, card, hear, optionsFor, stubCollector } from './wrapper/wrapper.fixtures.ts'

let clients: Earshot[] = []
let count = 0
/** A definition lasts as long as the page: each test has a name of its own. */
const newName = (): string => `acme-survey-${count++}`
const add = (name: string, attributes: Record<string, string> = {}): EarshotSurveyElement => {
  const element: EarshotSurveyElement = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  document.body.append(element)
  return element
}
const start = (key: string, ...ids: string[]) => {
  const client = createEarshot(optionsFor(key, { surveys: ids.map((id) => anNps(id)) }))
  clients.push(client)
  return { client, show: vi.spyOn(client, 'show'), dismiss: vi.spyOn(client, 'dismiss') }
}
/** All that was ordered of a client before is done when this is. */
const settled = async (client: Earshot): Promise<void> => {
  // Places ask after the running task.
  await Promise.resolve()
  const over = new Promise((resolve) => client.on('suppressed', resolve))
  client.show('no such survey')
  await over
}

beforeEach(() => void stubCollector())
afterEach(async () => {
  for (const client of clients) client.destroy()
  clients = []
  document.body.replaceChildren()
  await vi.waitFor(() => expect(card()).toBeNull())
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('an import', () => {
  it('defines nothing', () => {
    expect(customElements.get('earshot-survey')).toBeUndefined()
  })
})

describe('defineEarshotElement', () => {
  it('brings elements to life that are in the page already, with what their attributes say', async () => {
    const name = newName()
    const element = add(name, { survey: 'a', force: '', 'hidden-plan': 'pro', 'hidden-size': 'small' })
    element.hiddenFields = { size: 3 }
    const { client, show } = start('element_upgrade', 'a')
    defineEarshotElement(client, name)
    await vi.waitFor(() => expect(card()).not.toBeNull())
    expect(show).toHaveBeenCalledOnce()
    const [[id, how] = []] = show.mock.calls
    expect([id, how?.force, how?.hidden]).toEqual(['a', true, { plan: 'pro', size: 3 }])
    expect(document.querySelector(how?.into as string)).toBe(element)
    expect(element).toBeInstanceOf(HTMLElement)
    expect(element.constructor).toBe(customElements.get(name))
  })
  it('starts a client by options, and gives it back', async () => {
    const name = newName()
    const queued = hear<{ type: string }>('queued')
    const earshot = defineEarshotElement(optionsFor('element_options'), name)
    clients.push(earshot)
    add(name, { survey: 'nps-q4' })
    earshot.track('seen')
    await vi.waitFor(() => expect(card()).not.toBeNull())
    expect(queued.map(({ type }) => type)).toContain('track')
  })
  it('makes elements by script and by parser, and leaves those without a survey alone', async () => {
    const name = newName()
    const { client, show } = start('element_make', 'a')
    defineEarshotElement(client, name)
    const element = document.createElement(name)
    document.body.append(element)
    element.setAttribute('survey', 'a')
    element.setAttribute('survey', 'a')
    document.body.append(document.createRange().createContextualFragment(`<${name} survey="b"></${name}>`))
    await settled(client)
    expect(show.mock.calls.map(([id]) => id)).toEqual(['a', 'b', 'no such survey'])
  })
  it('defined again gives its elements to the new client', async () => {
    const name = newName()
    const one = start('element_one', 'a')
    defineEarshotElement(one.client, name)
    add(name, { survey: 'a' })
    await vi.waitFor(() => expect(one.show).toHaveBeenCalledOnce())
    defineEarshotElement(one.client, name)
    const two = start('element_two', 'a')
    const earshot = defineEarshotElement(two.client, name)
    await vi.waitFor(() => expect(two.show).toHaveBeenCalledOnce())
    earshot.show('no such survey')
    expect(two.show).toHaveBeenCalledTimes(2)
    await settled(one.client)
    expect(one.show.mock.calls.map(([id]) => id)).toEqual(['a', 'no such survey'])
  })
  it('tells a name that is taken, or is none, before it starts anything', async () => {
    const ready = hear('ready')
    const name = newName()
    customElements.define(name, class extends HTMLElement {})
    expect(() => defineEarshotElement(optionsFor('element_taken'), name)).toThrow('is taken')
    expect(() => defineEarshotElement(optionsFor('element_taken'), 'Survey')).toThrow('acme-survey')
    expect(() => defineEarshotElement({ key: 'pk_1', collector: '' }, newName())).toThrow('collector')
    const { client } = start('element_after')
    await settled(client)
    expect(ready.length).toBeLessThanOrEqual(1)
  })
})

describe('the element', () => {
  it('keeps its survey when it is moved, and closes it when it is taken away', async () => {
    const name = newName()
    const { client, show, dismiss } = start('element_move', 'a')
    defineEarshotElement(client, name)
    const element = add(name, { survey: 'a' })
    await vi.waitFor(() => expect(card()).not.toBeNull())
    const other = document.createElement('section')
    document.body.append(other)
    other.append(element)
    if ('moveBefore' in document.body)
      (document.body as unknown as { moveBefore(a: Node, b: null): void }).moveBefore(element, null)
    await settled(client)
    expect(show).toHaveBeenCalledTimes(2)
    expect(dismiss).not.toHaveBeenCalled()
    element.remove()
    await vi.waitFor(() => expect(card()).toBeNull())
    expect(dismiss).not.toHaveBeenCalled()
    document.body.append(element)
    await vi.waitFor(() => expect(show.mock.calls.map(([id]) => id)).toEqual(['a', 'no such survey', 'a']))
  })
  it('closes its survey for another one', async () => {
    const name = newName()
    const { client, show, dismiss } = start('element_other', 'a', 'b')
    defineEarshotElement(client, name)
    const element = add(name, { survey: 'a' })
    await vi.waitFor(() => expect(card()).not.toBeNull())
    element.setAttribute('survey', 'b')
    await vi.waitFor(() => expect(show.mock.calls.map(([id]) => id)).toEqual(['a', 'b']))
    expect(dismiss).toHaveBeenCalledOnce()
    element.removeAttribute('survey')
    await settled(client)
    expect(show).toHaveBeenCalledTimes(3)
    expect(element.hasAttribute('data-earshot-place')).toBe(false)
  })
  it('dispatches its events, which do not bubble, and none of another survey', async () => {
    const name = newName()
    const { client } = start('element_events', 'a')
    defineEarshotElement(client, name)
    const [mine, other] = [add(name, { survey: 'a' }), add(name, { survey: 'b' })]
    const heard: unknown[] = []
    const listen = (target: EventTarget, who: string): void =>
      target.addEventListener('answered', (event) =>
        heard.push([who, (event as EarshotSurveyEvents['answered']).detail.value]),
      )
    listen(mine, 'mine')
    listen(other, 'other')
    listen(document, 'page')
    await page.getByRole('radio', { name: '4', exact: true }).click()
    await vi.waitFor(() => expect(heard).toEqual([['mine', 4]]))
  })
})
