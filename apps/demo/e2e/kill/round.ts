/** One round: a fresh profile, a line, a service; the scenario does its worst, and then what was promised is compared with what came. */
import type { SurveyEvent } from '@earshot/contract'
import { nps } from '@earshot/sdk'
import type { Page } from 'playwright'
import { createProfile, type RunningBrowser } from '../browser.ts'
import type { RunningCollector } from '../collector.ts'
import { between, type Chance } from './chance.ts'
import { type Asked, createLine, type Fault, type Line, type Service } from './line.ts'
import type { Product } from './products.ts'

/** What a round came to. */
export interface Outcome {
  product: string
  scenario: string
  seed: number
  /** Events that the page was told are accepted, and that ought to arrive. */
  accepted: number
  /** Of these, the ones that never came: their markers. */
  lost: string[]
  /** Of the lost, the ones that the device still has, so that they may come later than the test waits. */
  kept: number
  /** Events that are there twice and cannot be told apart by their id. */
  duplicated: string[]
  /** Times that an event was taken once more by the same id, which the service can know by it. */
  again: number
  posts: number
  early: number
  seconds: number
}

/** What a scenario works with. */
export interface Stage {
  chance: Chance
  /** Outages are short, and a long queue is not as long. */
  brief: boolean
  product: Product
  line: Line
  collector: RunningCollector | null
  /** Markers that a page has told of, in order. */
  told: readonly string[]
  /** Leaves a marker out of the count: the event that a service will never take. */
  spare(marker: string): void
  /** Opens the page in the browser, which is started if none runs. */
  open(): Promise<Page>
  /** Has the page capture so many events, some milliseconds apart; resolves when all calls were made. Never rejects. */
  capture(page: Page, count: number, gap: number): Promise<void>
  /** Waits until so many were told of, or for the patience. */
  untilTold(count: number, patience?: number): Promise<void>
  /** Waits while something is out of order: so many milliseconds, or up to `most`; a fifth of it in a brief round. */
  outage(least: number, most?: number): Promise<void>
  until(what: () => boolean, patience: number): Promise<void>
  offline(): Promise<void>
  /** The line is there again, for good with the fault that is named. */
  online(fault?: Fault): Promise<void>
  /** SIGKILL to every process of the browser. */
  kill(): Promise<void>
  quit(): Promise<void>
  /** Everything is well again: opens the page on the same profile, if it is not open any more. */
  recover(): Promise<void>
}

export interface Scenario {
  id: string
  label: string
  /** Events per round. */
  count: number
  /** How often it is drawn, against the others. */
  weight: number
  /** Needs the real collector. */
  ours?: true
  /** How long to wait for all to arrive, milliseconds. */
  patience: number
  run(stage: Stage, count: number): Promise<void>
}

const poll = 50
/** Nobody waits longer for events to be given. */
const longestGiving = 120_000
/** After the last event is there, and no request came for so long, none is expected to come again. */
const calm = 1500
const agent =
  'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36'

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

export interface Ground {
  product: Product
  /** Serves the product's page. */
  host: string
  collector: RunningCollector | null
  /** For a run among others that must not take minutes; default false. */
  brief?: boolean
}

/** Outages of a brief round, as a share of those of a whole one; and its longest queue. */
const briefShare = 0.2
const briefCount = 300
/** Our queue never waits longer than five minutes between two tries; so what is there then only is stuck. */
const longestWait = 330_000

export async function runRound(
  { product, host, collector, brief = false }: Ground,
  scenario: Scenario,
  seed: number,
  chance: Chance,
): Promise<Outcome> {
  const began = performance.now()
  const prefix = `k${seed}`
  const told: string[] = []
  const spared = new Set<string>()
  /** By marker, how often each id was taken. */
  const taken = new Map<string, Map<string, number>>()
  const { answer } = product
  const service: Service = answer ? async (asked) => answer(asked) : forwardTo(collector)
  const line = await createLine(service, product.carries, (asked) => {
    for (const { marker, id } of product.read(asked)) {
      const ids = taken.get(marker) ?? new Map<string, number>()
      taken.set(marker, ids.set(id, (ids.get(id) ?? 0) + 1))
    }
  })
  const profile = await createProfile()
  let browser: RunningBrowser | null = null
  let pages: Page[] = []
  let keeps = false

  if (collector)
    for (const id of surveysOf(prefix))
      await collector.put(nps({ id, name: 'Acme', triggers: [{ on: 'event', name: 'never' }] }))

  const stage: Stage = {
    chance,
    brief,
    product,
    line,
    collector,
    told,
    spare: (marker) => void spared.add(marker),
    async open() {
      const isFirst = !told.length
      browser ??= await profile.launch()
      const page = await browser.context.newPage()
      const session = await browser.context.newCDPSession(page)
      // One way, and on its way before the page's next statement.
      session.on('Runtime.bindingCalled', ({ payload }) => void told.push(payload))
      await session.send('Runtime.enable')
      await session.send('Runtime.addBinding', { name: 'told' })
      await session.send('Network.setUserAgentOverride', { userAgent: agent })
      await page.goto(`${host}/${product.id}/`)
      await page.evaluate((url) => window.begin(url).then(() => null), line.url)
      if (isFirst)
        await page.evaluate((survey) => window.prepare?.(survey), surveysOf(prefix)[pages.length] as string)
      pages.push(page)
      return page
    },
    async capture(page, count, gap) {
      const name = surveysOf(prefix)[pages.indexOf(page)] as string
      const given = page
        .evaluate(([text, times, wait]) => window.captureMany(text, times, wait), [name, count, gap] as const)
        .catch(() => {})
      // A product that takes minutes to queue events must not hold up the rest: what it took by then counts.
      await Promise.race([given, sleep(longestGiving)])
    },
    untilTold: (count, patience = 30_000) => stage.until(() => told.length >= count, patience),
    outage: (least, most = least) => sleep(between(chance, least, most) * (brief ? briefShare : 1)),
    async until(what, patience) {
      const end = performance.now() + patience
      while (!what() && performance.now() < end) await sleep(5)
    },
    // A service worker does not hear of the emulation, so the line is cut as well.
    async offline() {
      await browser?.context.setOffline(true)
      await line.refuse()
    },
    async online(fault) {
      keeps = fault !== undefined
      await line.heal(fault)
      await browser?.context.setOffline(false)
    },
    async kill() {
      const dying = browser
      browser = null
      pages = []
      await dying?.kill()
    },
    async quit() {
      const closing = browser
      // First the tabs: a page whose browser ends is not always told that it goes away.
      for (const page of pages) await page.close()
      browser = null
      pages = []
      await closing?.close()
    },
    async recover() {
      if (!keeps) await stage.online()
      if (!browser) await stage.open()
      // What only looks at its queue when something happens gets its chance.
      await pages[0]?.evaluate(() => window.captureOne('boot'))
    },
  }

  try {
    await scenario.run(stage, brief ? Math.min(scenario.count, briefCount) : scenario.count)
    await stage.recover()
    const due = (): string[] =>
      [...new Set(told)].filter((marker) => !spared.has(marker) && !taken.has(marker))
    const patience = answer || brief ? scenario.patience : longestWait
    const end = performance.now() + patience
    const isOver = (): boolean => !due().length && performance.now() - line.last() > calm
    while (!isOver() && performance.now() < end) await sleep(poll)
    const posts = line.posts()
    const early = line.early()
    const counts = [...taken.values()].map((ids) => [...ids.values()])
    const outcome: Outcome = {
      product: product.id,
      scenario: scenario.id,
      seed,
      accepted: new Set(told.filter((marker) => !spared.has(marker))).size,
      lost: due(),
      kept: 0,
      duplicated: [...taken].filter(([, ids]) => ids.size > 1).map(([marker]) => marker),
      again: counts.flat().reduce((sum, times) => sum + times - 1, 0),
      posts,
      early,
      seconds: 0,
    }
    if (outcome.lost.length) outcome.kept = await keptOf(pages[0], outcome.lost)
    if (collector) await compare(collector, prefix, told, spared, outcome)
    outcome.seconds = Math.round((performance.now() - began) / 100) / 10
    return outcome
  } finally {
    await profile.remove()
    await line.close()
  }
}

/** How many of these are still somewhere in the page's storage. */
async function keptOf(page: Page | undefined, lost: readonly string[]): Promise<number> {
  if (!page) return 0
  const stored = await page.evaluate(async () => {
    const texts = Object.values(localStorage)
    for (const { name } of await indexedDB.databases()) {
      const open = indexedDB.open(name!)
      await new Promise((resolve) => (open.onsuccess = resolve))
      for (const store of open.result.objectStoreNames) {
        const all = open.result.transaction(store).objectStore(store).getAll()
        await new Promise((resolve) => (all.onsuccess = resolve))
        for (const row of all.result) {
          const { requestData } = row as { requestData?: { body?: BlobPart } }
          texts.push(JSON.stringify(row), requestData?.body ? await new Blob([requestData.body]).text() : '')
        }
      }
      open.result.close()
    }
    return texts.join('\n')
  })
  return lost.filter((marker) => stored.includes(marker)).length
}

/** One for each tab, because a survey is shown in one tab only. The names begin the markers of other products. */
const surveysOf = (prefix: string): string[] => [`${prefix}-0`, `${prefix}-1`]

/** For ours the line's word is not enough: what counts is what the collector gives out after the round. */
async function compare(
  collector: RunningCollector,
  prefix: string,
  told: readonly string[],
  spared: ReadonlySet<string>,
  outcome: Outcome,
): Promise<void> {
  const all = await Promise.all(surveysOf(prefix).map((survey) => collector.events(survey)))
  const stored = all.flat().filter((each) => each.type === 'answer')
  const ids = new Set(stored.map(({ id }) => id))
  outcome.lost = [...new Set(told)].filter((id) => !spared.has(id) && !ids.has(id))
  outcome.duplicated = repeated(stored)
}

/** Answers that are stored twice, under one id or under two: each click makes a revision of its own. */
function repeated(stored: readonly SurveyEvent[]): string[] {
  const seen = new Set<string>()
  return stored.flatMap((event) => {
    if (event.type !== 'answer') return []
    const { id, response, data } = event
    const names = [id, `${response} ${data.question} ${data.revision}`]
    const isAgain = names.some((name) => seen.has(name))
    for (const name of names) seen.add(name)
    return isAgain ? [id] : []
  })
}

/** To the real collector, with every header, and back with every header. */
function forwardTo(collector: RunningCollector | null): Service {
  if (!collector) throw new Error('This product needs the collector.')
  return async ({ method, path, headers, body }: Asked) => {
    const { host: _host, connection: _connection, 'content-length': _length, ...passed } = headers
    const answer = await fetch(collector.url + path, {
      method,
      headers: { ...passed, 'accept-encoding': 'identity' },
      body: method === 'POST' ? body : null,
    })
    const given = [...answer.headers].filter(([name]) => !ofTheConnection.has(name))
    return {
      status: answer.status,
      headers: Object.fromEntries(given),
      body: Buffer.from(await answer.arrayBuffer()),
    }
  }
}

const ofTheConnection = new Set(['connection', 'transfer-encoding', 'content-length', 'keep-alive'])
