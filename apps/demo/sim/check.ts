/** What must hold once everything works again. */
import type { FeedbackEvent, SurveyEvent } from '@earshot/contract'
import type { Browser, Told } from './browserShape.ts'
import type { QueueRow } from '../../../packages/sdk/src/core/queueRow.ts'
import type { Collector } from './collector.ts'
import { forbiddenWord, largestBody } from './network.ts'
import { poisonName } from './workload.ts'
import type { World } from './world.ts'

const site = 1

const textOf = (event: FeedbackEvent): string => JSON.stringify(event)
/** The collector takes it never. */
const isPoison = (event: FeedbackEvent): boolean =>
  event.type === 'track' && event.data.name.startsWith(poisonName)
/** Something on the way may have refused it alone. */
const mayBeRefused = (event: FeedbackEvent): boolean =>
  isPoison(event) || textOf(event).includes(forbiddenWord) || textOf(event).length > largestBody - 1500

/** What waits and could be sent: not what a firewall never lets through. */
function mustGo(browser: Browser, rows: QueueRow[] = browser.queue()): QueueRow[] {
  return browser.isFiltered ? rows.filter(({ event }) => !textOf(event).includes(forbiddenWord)) : rows
}

async function waiting(browsers: readonly Browser[]): Promise<number> {
  let left = 0
  for (const browser of browsers) {
    left += mustGo(browser).length
    for (const tab of browser.tabs) left += mustGo(browser, await tab.inMemory()).length
  }
  return left
}

async function all(
  world: World,
  browsers: readonly Browser[],
  collector: Collector,
  span: number,
): Promise<void> {
  let stored = 0
  for (const browser of browsers) {
    const { name, told } = browser
    const kept = await collector.stored([...told.keys()])
    stored += kept.size
    const aside = new Map(
      // Of a row that was damaged the event is not there.
      browser.quarantine().map(({ event, rejection }) => [event?.id ?? rejection.id, rejection]),
    )
    const losses = await collector.losses(new Set([...told.values()].map(({ event }) => event.visitor)))
    stored += losses.length
    const counted = losses.reduce((sum, each) => sum + each, 0)
    const missing = [...told].filter(
      ([id, each]) => !tellOne(world, browser, each, kept.has(id), aside.has(id)),
    )
    if (missing.length > counted)
      world.broken(
        'what was kept is stored',
        `${missing.length} are missing, ${counted} were given up: ${missing.map(([id, each]) => `${each.event.type} ${id} of ${each.life.name}, durable: ${each.durable}`).join('; ')}`,
      )
    for (const [id, rejection] of aside)
      if (!rejection?.code || !rejection.message)
        world.broken('quarantine says why', `${name} ${id} ${JSON.stringify(rejection)}`)
    const other = browser.neighbour()
    if (other.now !== other.before) world.broken('each site key has rows of its own', other.now)
    if (mustGo(browser).length)
      world.broken(
        'queues end empty',
        `${name} has ${mustGo(browser).length}, line ${JSON.stringify(browser.line())}`,
      )
    for (const tab of browser.tabs) {
      const left = mustGo(browser, await tab.inMemory()).length
      if (left) world.broken('queues end empty', `${tab.life.name} has ${left} in memory`)
    }
    for (const id of browser.delivered)
      if (told.has(id) && !kept.has(id) && !browser.refused.has(told.get(id)?.event.visitor ?? ''))
        world.broken('delivered means stored', `${name} ${id}`)
    // Some reasons to ask at once, and else a patience that grows to minutes.
    const most = 60 + 3 * browser.reasons + span / 30_000
    if (browser.requests > most)
      world.broken('work is bounded', `${name} made ${browser.requests} requests, over ${Math.round(most)}`)
    numbers(world, browser)
    await responses(world, browser, collector, kept)
  }
  const count = await collector.count()
  if (count !== stored)
    world.broken('each event is stored once, and nothing else', `${count} are stored, ${stored} were made`)
}

/** Whether it is where it was promised to be. */
function tellOne(world: World, browser: Browser, told: Told, isStored: boolean, isAside: boolean): boolean {
  const { event, durable, life } = told
  const what = `${browser.name} ${event.type} ${event.id} of ${life.name}`
  const isGone = browser.refused.has(event.visitor)
  if (isStored && isPoison(event)) world.broken('what is refused is not stored', what)
  if (isAside && !mayBeRefused(event)) world.broken('only what cannot be taken is put aside', what)
  if (isGone) {
    const pending = browser.memory()?.erase?.includes(event.visitor)
    if (isStored && browser.erased.has(event.visitor) && !pending)
      world.broken('who refused is forgotten by the collector', what)
    return true
  }
  if (isStored || isAside) return true
  // A page that could not read the refusal on the disk heard of it when the disk worked again.
  if (durable === false && browser.refused.size && browser.disk.wasIll) return true
  // Still in the queue, because something on the way never lets it through.
  if (browser.isFiltered && textOf(event).includes(forbiddenWord)) return true
  // Not durable, and the page is gone: that is what it was told.
  return !(durable === true || (durable === false && life.alive && !browser.rejected.has(event.id)))
}

/** Sequence numbers: each once for a visitor, and upwards on a page. */
function numbers(world: World, browser: Browser): void {
  if (browser.disk.wasIll) return
  const seen = new Set<string>()
  const last = new Map<string, number>()
  for (const { event, life } of browser.told.values()) {
    const key = `${event.visitor} ${event.seq}`
    if (seen.has(key)) world.broken('a sequence number is given once', `${browser.name} ${key}`)
    seen.add(key)
    const page = `${event.visitor} ${life.name}`
    if (event.seq <= (last.get(page) ?? -1)) world.broken('sequence numbers go up', `${browser.name} ${key}`)
    last.set(page, event.seq)
  }
}

/** What the collector makes of a response is what the visitor did last, in whichever order it came. */
async function responses(
  world: World,
  browser: Browser,
  collector: Collector,
  kept: ReadonlySet<string>,
): Promise<void> {
  const made = new Map<string, SurveyEvent[]>()
  for (const { event } of browser.told.values())
    if ('response' in event && kept.has(event.id))
      made.set(event.response, [...(made.get(event.response) ?? []), event])
  for (const [id, events] of made) {
    const found = await collector.store.events(site, id)
    const sent = new Map(events.map((each) => [each.id, each]))
    for (const { event } of found)
      if (JSON.stringify(sorted(event)) !== JSON.stringify(sorted(sent.get(event.id))))
        world.broken('what is stored is what was answered', `${browser.name} ${event.id}`)
    const answers = events.filter((each) => each.type === 'answer')
    const response = await collector.store.response(site, id)
    for (const question of new Set(answers.map((each) => each.data.question))) {
      const last = answers
        .filter((each) => each.data.question === question)
        .reduce((a, b) => (b.data.revision > a.data.revision ? b : a))
      const value = response?.answers[question]?.value
      if (JSON.stringify(value) !== JSON.stringify(last.data.value))
        world.broken('the last answer stands', `${browser.name} ${id} ${question} ${JSON.stringify(value)}`)
    }
    if (events.some((each) => each.type === 'complete') && response?.status !== 'completed')
      world.broken('the end of a response is known', `${browser.name} ${id} is ${response?.status}`)
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  )
}

export const check = { waiting, all }
