/** What goes wrong: when browser and collector are killed, and what the line does to what is sent. */
import { between } from './chance.ts'
import { type Scenario, sleep, type Stage } from './round.ts'

const count = 20
/** After a start on a line that is well again. */
const restart = 30_000
/** Where the page stays open, a product may have backed off for long. */
const open = 75_000

/** Gives events without a line, until the page was told of all of them. */
async function withoutLine(stage: Stage, events: number, tabs = 1): Promise<void> {
  const pages = [await stage.open()]
  while (pages.length < tabs) pages.push(await stage.open())
  await stage.offline()
  await Promise.all(pages.map((page) => stage.capture(page, events / tabs, 5)))
  await stage.untilTold(events)
}

/** What the collector says of a request that it cannot take. */
const problem = JSON.stringify({ type: 'urn:earshot:problem:invalid_request', status: 400 })

export const scenarios: readonly Scenario[] = [
  {
    id: 'killed-at-once',
    label: 'offline, browser killed at once',
    count,
    weight: 3,
    patience: restart,
    async run(stage, events) {
      const page = await stage.open()
      await stage.offline()
      const giving = stage.capture(page, events, 5)
      await stage.untilTold(between(stage.chance, 1, events))
      await stage.kill()
      await giving
    },
  },
  {
    id: 'killed-after-2s',
    label: 'offline, browser killed after 2 s',
    count,
    weight: 3,
    patience: restart,
    async run(stage, events) {
      await withoutLine(stage, events)
      await sleep(2000)
      await stage.kill()
    },
  },
  {
    id: 'quit',
    label: 'offline, browser closed',
    count,
    weight: 2,
    patience: restart,
    async run(stage, events) {
      await withoutLine(stage, events)
      await stage.quit()
    },
  },
  {
    id: 'in-flight',
    label: 'browser killed, request in flight',
    count,
    weight: 3,
    patience: restart,
    async run(stage, events) {
      const page = await stage.open()
      stage.line.set({ kind: 'hang' })
      const giving = stage.capture(page, events, 5)
      await stage.until(() => stage.line.held() > 0, 15_000)
      await sleep(between(stage.chance, 0, 200))
      await stage.kill()
      await giving
    },
  },
  {
    id: 'killed-at-random',
    label: 'online, browser killed at any moment',
    count,
    weight: 4,
    patience: restart,
    async run(stage, events) {
      const page = await stage.open()
      const giving = stage.capture(page, events, 40)
      await sleep(between(stage.chance, 50, 2000))
      await stage.kill()
      await giving
    },
  },
  {
    id: 'refused-killed',
    label: 'connection refused, then killed',
    count,
    weight: 3,
    patience: restart,
    async run(stage, events) {
      const page = await stage.open()
      await stage.line.refuse()
      await stage.capture(page, events, 5)
      await stage.untilTold(events)
      await stage.outage(3000, 8000)
      await stage.kill()
    },
  },
  {
    id: 'refused-open',
    label: 'connection refused for 20 s',
    count,
    weight: 2,
    patience: open,
    async run(stage, events) {
      const page = await stage.open()
      await stage.line.refuse()
      await stage.capture(page, events, 5)
      await stage.untilTold(events)
      await stage.outage(20_000)
    },
  },
  {
    id: 'status-500',
    label: 'answers 500 for 10 s',
    count,
    weight: 2,
    patience: open,
    async run(stage, events) {
      const page = await stage.open()
      stage.line.set({ kind: 'status', status: 500 })
      await stage.capture(page, events, 5)
      await stage.untilTold(events)
      await stage.outage(10_000)
    },
  },
  {
    id: 'status-429',
    label: 'answers 429, Retry-After 5, for 8 s',
    count,
    weight: 2,
    patience: open,
    async run(stage, events) {
      const page = await stage.open()
      stage.line.set({ kind: 'status', status: 429, retryAfter: stage.brief ? 1 : 5 })
      await stage.capture(page, events, 5)
      await stage.untilTold(events)
      await stage.outage(8000)
    },
  },
  {
    id: 'poison',
    label: 'one event is refused with 400',
    count,
    weight: 3,
    patience: open,
    async run(stage, events) {
      await withoutLine(stage, events)
      const poison = stage.told[between(stage.chance, 0, events - 1)]
      if (poison === undefined) return
      stage.spare(poison)
      await stage.online({ kind: 'poison', text: poison, body: problem })
    },
  },
  {
    id: 'two-tabs',
    label: 'two tabs offline, browser killed',
    count,
    weight: 3,
    patience: restart,
    async run(stage, events) {
      await withoutLine(stage, events, 2)
      await sleep(between(stage.chance, 0, 500))
      await stage.kill()
    },
  },
  {
    id: 'lost-answer',
    label: 'acknowledgement lost',
    count,
    weight: 3,
    patience: open,
    async run(stage, events) {
      const page = await stage.open()
      stage.line.set({ kind: 'cut', times: between(stage.chance, 1, 3) })
      const giving = stage.capture(page, events, 20)
      await stage.until(() => stage.line.lost() > 0, 15_000)
      if (stage.chance() < 0.5) await stage.kill()
      await giving
    },
  },
  {
    id: 'collector-killed',
    label: 'collector killed at any moment',
    count,
    weight: 4,
    ours: true,
    patience: open,
    async run(stage, events) {
      const page = await stage.open()
      const giving = stage.capture(page, events, 100)
      for (let times = between(stage.chance, 1, 2); times > 0; times--) {
        await sleep(between(stage.chance, 100, 1500))
        await stage.collector?.kill()
        await sleep(between(stage.chance, 0, 500))
        await stage.collector?.restart()
      }
      // In every other round the browser dies too.
      if (stage.chance() < 0.5) await stage.kill()
      await giving
    },
  },
  {
    id: 'queue-1500',
    label: '1,500 queued offline, killed',
    count: 1500,
    weight: 1,
    patience: 90_000,
    async run(stage, events) {
      const page = await stage.open()
      await stage.offline()
      await stage.capture(page, events, 0)
      await stage.untilTold(events)
      await stage.kill()
    },
  },
]
