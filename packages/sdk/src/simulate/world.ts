/** A browser in which nothing is real: tabs that run the core over one shared memory, with a clock that is moved by hand and ids from a seed. */
import type { AnswerValue } from '@earshot/contract'
import type { Effect, PageFacts, Showing, Signal, State, Wish } from '../core/model.ts'
import type { Ask, Memory } from '../core/remembered.ts'
import type { Instant } from '../core/time.ts'
import type { Clock } from '../ports/world.ts'
import type { HeadlessCard, Respond } from './card.ts'
import { createChance, createIds, drawIndex } from './chance.ts'
import type { Ground, Load, SiteOptions, Untimed } from './ground.ts'
import { startLoad } from './load.ts'
import { createRespond } from './respond.ts'

/** More than all that can follow from anything while no time passes. */
const mostTurns = 10_000

/** What a world begins with. */
export interface WorldOptions extends SiteOptions {
  /** What all chance hangs on: ids, and which tab is the next to get its turn. */
  seed?: number | undefined
  start?: Instant | undefined
  page?: Partial<PageFacts> | undefined
  /** What was stored before. */
  memory?: Partial<Memory> | undefined
  /** Hears of each effect, before it is carried out. */
  told?: ((effect: Effect, tab: number) => void) | undefined
  /** Hears of each claim that was granted. */
  granted?: ((ask: Ask, wish: Wish, tab: number) => void) | undefined
  /** Hears of each card that is drawn. */
  mounted?: ((showing: Showing) => void) | undefined
}

/** One tab of that browser. */
export interface Tab {
  id: number
  state(): State
  /** What the sensors look out for. */
  watched(): readonly Signal[]
  isOpen(): boolean
  /** How often a page was entered in all tabs when this one was entered last. */
  view(): number
  /** @param needsRules whether the rules are loaded first, as for the commands that only they understand */
  tell(input: Untimed, needsRules?: boolean): void
  track(name: string, props?: Record<string, string | number | boolean | null>): void
  /** Begins a new visitor. */
  reset(): void
  /** Has the rules loaded. */
  needRules(): void
  /** Goes to another address without a load. */
  navigate(url: string): void
  /** Loads the page again, or another one, also after it was closed. */
  load(page?: string | Partial<PageFacts>): void
  /** The visitor does what a sensor sees. */
  see(signal: Signal): void
  /** The visitor is there: not idle. */
  touch(): void
  /** The respondent answers the survey on the screen. */
  answer(question: string | undefined, value: AnswerValue | Respond): void
  /** The respondent comes to the end, and thanks stay for 20 seconds. */
  complete(respond?: Respond): void
  /** The respondent closes the card. */
  dismiss(): void
  card(): HeadlessCard | null
  close(): void
}

export interface World {
  now(): Instant
  /** Milliseconds in truth since the beginning, whatever the clock was set to. */
  elapsed(): number
  memory(): Partial<Memory> | undefined
  tabs(): readonly Tab[]
  /** Opens a tab; nothing happens in it before `settle` or `wait`. */
  open(page?: string | Partial<PageFacts>): Tab
  /** Calls back after that many milliseconds in truth; the result cancels. */
  after: Clock['wait']
  /** Lets everything under way happen, tabs in any order. */
  settle(): void
  /** Lets time pass, with all that is due. */
  wait(milliseconds: number): void
  /** Sets the clock forward, or back. */
  turnClock(milliseconds: number): void
}

/** What a tab orders that takes a turn of its own. */
interface Task {
  tab: number
  run: () => void
}

interface Timer {
  /** Milliseconds in truth. */
  due: number
  run: () => void
}

const blank: PageFacts = {
  url: 'https://shop.example/',
  referrer: '',
  device: 'desktop',
  width: 1280,
  height: 800,
  locale: 'en',
  zone: 'UTC',
}

export function createWorld(options: WorldOptions): World {
  const { start = 1_800_000_000_000, seed = 1 } = options
  const chance = createChance(seed)
  const tabs: Tab[] = []
  let stored = options.memory
  let tasks: Task[] = []
  let timers: Timer[] = []
  let elapsed = 0
  let offset = 0
  let mayLieAhead = options.memory !== undefined
  let views = 0

  const now = (): Instant => (start + elapsed + offset) as Instant
  const ids = createIds(now, seed)
  const newId = ids.id
  const after = (milliseconds: number, run: () => void): (() => void) => {
    const timer = { due: elapsed + milliseconds, run }
    timers.push(timer)
    return () => {
      timers = timers.filter((each) => each !== timer)
    }
  }

  const open = (page: string | Partial<PageFacts> = {}): Tab => {
    const id = tabs.length
    let facts: PageFacts = { ...blank, ...options.page }
    let isOpen = true
    let view = 0
    let load: Load
    const ground: Ground = {
      now,
      wait: after,
      newId,
      later: (run) => void tasks.push({ tab: id, run }),
      stored: () => stored,
      transact(change) {
        const changed = ids.within(() => change(stored))
        if (changed.consent !== 'denied') stored = changed
        return changed
      },
      clear(left) {
        stored = left
      },
      isOnScreenElsewhere: (survey) =>
        tabs.some((each) => each.isOpen() && each.id !== id && each.state().showing?.survey.id === survey),
      mayLieAhead: () => mayLieAhead,
      told: (effect) => options.told?.(effect, id),
      granted: (ask, wish) => options.granted?.(ask, wish, id),
      mounted: (showing) => options.mounted?.(showing),
    }
    const begin = (next: string | Partial<PageFacts>): void => {
      facts = { ...facts, ...(typeof next === 'string' ? { url: next } : next) }
      isOpen = true
      view = ++views
      load = startLoad(options, facts, ground)
    }
    const tab: Tab = {
      id,
      state: () => load.state(),
      watched: () => load.watched(),
      isOpen: () => isOpen,
      view: () => view,
      tell: (input, needsRules) => load.tell(input, needsRules),
      track: (name, props = {}) => load.tell({ type: 'track', id: newId(), name, props }),
      reset: () => load.reset(),
      needRules: () => load.needRules(),
      navigate(url) {
        view = ++views
        facts = { ...facts, url }
        load.enter(facts)
      },
      load(next = {}) {
        load.end()
        begin(next)
      },
      see: (signal) => load.see(signal),
      touch: () => load.touch(),
      answer: (question, value) =>
        load.card()?.answer(typeof value === 'function' ? value : () => value, question),
      complete: (respond = createRespond(chance, () => 'good')) => load.card()?.complete(respond),
      dismiss: () => load.card()?.dismiss(),
      card: () => load.card(),
      close() {
        isOpen = false
        load.end()
      },
    }
    tabs.push(tab)
    begin(page)
    return tab
  }

  /** Turns since time last passed. */
  let turns = 0
  const takeTask = (): Task | undefined => {
    if (tabs.length < 2) return tasks.shift()
    const owners = [...new Set(tasks.map((each) => each.tab))]
    const owner = owners[drawIndex(chance, owners.length)]
    const task = tasks.find((each) => each.tab === owner)
    tasks = tasks.filter((each) => each !== task)
    return task
  }
  const settle = (): void => {
    while (tasks.length) {
      if (++turns > mostTurns) throw new Error('Something orders itself again and again.')
      takeTask()?.run()
    }
  }
  /** The one that is due next; of several the one that was set first. */
  const nextTimer = (): Timer | undefined => {
    let next: Timer | undefined
    for (const each of timers) if (!next || each.due < next.due) next = each
    return next
  }

  return {
    now,
    elapsed: () => elapsed,
    memory: () => stored,
    tabs: () => tabs,
    open,
    after,
    settle,
    wait(milliseconds) {
      const end = elapsed + milliseconds
      for (;;) {
        settle()
        const timer = nextTimer()
        if (!timer || timer.due > end) break
        if (timer.due > elapsed) turns = 0
        else if (++turns > mostTurns) throw new Error('An alarm rings for ever.')
        elapsed = Math.max(elapsed, timer.due)
        timers = timers.filter((each) => each !== timer)
        timer.run()
      }
      elapsed = end
      turns = 0
    },
    turnClock(milliseconds) {
      offset += milliseconds
      mayLieAhead ||= milliseconds < 0
    },
  }
}
