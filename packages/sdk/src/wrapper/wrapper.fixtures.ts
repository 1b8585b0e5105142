/** What tests of the wrappers share: surveys, a collector that takes everything, and eyes for the card and the console. */
import type { FeedbackEvent, Receipt, Survey } from '@earshot/contract'
import { vi } from 'vitest'
import { nps } from '../core/builders.ts'
import type { EarshotOptions } from '../shell/client.ts'

const address = 'https://collector.example'

/** Stands in for the network; everything else of the client is real. */
export function stubCollector(): { events: FeedbackEvent[]; isDown: boolean } {
  const collector = { events: [] as FeedbackEvent[], isDown: false }
  const passOn = globalThis.fetch.bind(globalThis)
  vi.stubGlobal('fetch', async (url: string, init?: { body: string }) => {
    if (!String(url).startsWith(address)) return passOn(url, init)
    if (collector.isDown) throw new TypeError('Failed to fetch')
    const { events } = JSON.parse(init?.body ?? '{}') as { events: FeedbackEvent[] }
    collector.events.push(...events)
    const receipt: Receipt = { accepted: events.map(({ id }) => id), duplicates: [], rejected: [] }
    return new Response(JSON.stringify(receipt), { headers: { 'content-type': 'application/json' } })
  })
  return collector
}

/** Options of a client of its own: every key has its own memory. */
export function optionsFor(key: string, more: Partial<EarshotOptions> = {}): EarshotOptions {
  return { key: `pk_${key}`, collector: address, served: false, surveys: [anNps('nps-q4')], ...more }
}

/** One that may be asked again at once. With questions of its own it is no longer plain. */
export function anNps(id: string, { questions, ...more }: Partial<Survey> = {}): Survey {
  const survey = nps({ id, name: 'Acme', recontact: { shown: 0, dismissed: 0, answered: 0 }, ...more })
  return questions ? { ...survey, questions } : survey
}

/** The card on the page. */
export const card = (): Element | null => document.querySelector('[data-earshot]')

/** Every event of a name that any client tells the page of. */
export function hear<Detail = { survey: string }>(name: string): Detail[] {
  const heard: Detail[] = []
  window.addEventListener(`earshot:${name}`, (event) => heard.push((event as CustomEvent<Detail>).detail))
  return heard
}

/** What a framework complains of. */
export function watchConsole(): unknown[][] {
  const said: unknown[][] = []
  for (const level of ['error', 'warn'] as const)
    vi.spyOn(console, level).mockImplementation((...words) => said.push(words))
  return said
}
