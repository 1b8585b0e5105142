/** What visitors and their machines do during a run. */
import type { Browser, Tab } from './browserShape.ts'
import { type Collector, writeKey } from './collector.ts'
import { forbiddenWord, type Weather } from './network.ts'
import type { World } from './world.ts'

const minute = 60_000
const weathers: readonly Weather[] = ['fine', 'bad', 'bad', 'cut', 'halfOpen', 'portal', 'gateway', 'filter']

/** Events that the collector can not take, by the beginning of their names. */
export const poisonName = 'poison'
/** Events that are too large for a gateway. */
const largeName = 'large'

function track(world: World, tab: Tab): void {
  const { chance } = world
  const kind = chance.whole(0, 19)
  const props: Record<string, string | number> = { step: chance.whole(1, 9) }
  let name = 'basket'
  // A name may have 100 characters.
  if (kind === 0) name = poisonName.padEnd(130, '!')
  if (kind === 1) name = largeName
  // A value may have 1000 characters.
  if (kind === 1) for (let index = 0; index < 10; index++) props[`text${index}`] = 'x'.repeat(950)
  if (kind === 2) props['text'] = forbiddenWord
  if (kind === 3) props['text'] = 'ä'.repeat(chance.whole(1, 900))
  tab.runtime.tell(() => ({ type: 'track', at: tab.now(), id: tab.id(), name, props }), false)
}

/** More at once than fits into a request. */
function burst(world: World, tab: Tab): void {
  for (let count = world.chance.whole(110, 250); count > 0; count--) track(world, tab)
}

/** A survey from the first look to the end, with changes of mind. */
function respond(world: World, tab: Tab, surveys: readonly string[]): void {
  const { chance } = world
  tab.runtime.tell(
    () => ({
      type: 'show',
      at: tab.now(),
      wish: { survey: chance.pick(surveys), cause: 'show', force: true },
    }),
    false,
  )
  const go = (delay: number): void =>
    void world.later(tab.life, 'respondent', delay, () => {
      const { card } = tab
      if (!card) return
      const at = tab.now()
      const { survey, stage, answers } = card.flow
      if (stage === 'ask') {
        const question = survey.questions[0]
        const what = chance.whole(0, 9)
        if (what === 0) card.tell({ type: 'displayed', at })
        else if (what < 7 && question?.kind === 'scale')
          card.tell({
            type: 'answer',
            at,
            question: question.id,
            value: chance.whole(question.min, question.max),
          })
        else if (what === 7) card.tell({ type: 'dismiss', at, reason: 'close' })
        else if (Object.keys(answers).length) card.tell({ type: 'finish', at, texts: { reason: 'because' } })
      } else card.tell({ type: 'dismiss', at, reason: 'close' })
      go(chance.whole(1, 4000))
    })
  go(chance.whole(1, 1500))
}

/** Something happens to one browser. */
export function act(world: World, browser: Browser, surveys: readonly string[]): void {
  const { chance } = world
  const tab = browser.tabs.length ? chance.pick(browser.tabs) : undefined
  const what = chance.whole(0, 99)
  if (!tab || (what < 8 && browser.tabs.length < 3)) {
    browser.open()
    return
  }
  if (what >= 95) return machine(world, browser)
  if (tab.life.frozen) {
    if (chance.of(0.5)) world.thaw(tab.life)
    else browser.close(tab)
    return
  }
  if (what < 38) return (chance.of(0.003) ? burst : track)(world, tab)
  if (what < 62) return tab.card ? undefined : respond(world, tab, surveys)
  if (what < 67) return browser.close(tab)
  if (what < 73) return browser.crash(tab)
  if (what < 79) return tab.hidden ? tab.show() : tab.hide()
  if (what < 81) {
    browser.reasons++
    if (chance.of(0.5)) tab.trim()
    else if (chance.of(0.8)) void tab.runtime.flush()
    else tab.runtime.retry().catch(() => {})
    return
  }
  if (what < 83) {
    // A frozen page keeps its locks; one that keeps the database, browsers do not freeze.
    if (!browser.disk.holds(tab.life)) tab.life.frozen = true
    return
  }
  if (what < 85) {
    if (chance.of(0.5)) browser.refuse(tab)
    else browser.grant(tab)
    return
  }
  if (what < 91) {
    browser.weather = chance.pick(weathers)
    world.note(`${browser.name} weather ${browser.weather}`)
    return
  }
  if (browser.online) browser.online = false
  else browser.connect()
}

/** What happens to the machine under it. */
function machine(world: World, browser: Browser): void {
  const { chance } = world
  const what = chance.whole(0, 6)
  if (what > 4 || what === 0) {
    world.note(`${browser.name} loses power`)
    for (const tab of browser.tabs) browser.crash(tab)
    browser.disk.cutPower()
  } else if (what === 1) {
    browser.offset += chance.pick([1000, -1000, minute, -minute, 90 * minute, -20 * 60 * minute, 1e11, -1e11])
    world.note(`${browser.name} clock ${browser.offset}`)
  } else if (browser.mayBeIll && chance.of(0.3)) {
    browser.disk.wasIll = true
    browser.disk.spoil([...browser.disk.rows.keys()].filter((key) => key.startsWith(`${writeKey}:q:`)))
    world.note(`${browser.name} disk spoils a row`)
  } else if (browser.mayBeIll) {
    browser.disk.health = chance.pick(['fine', 'full', 'broken', 'shaky', 'shaky'])
    browser.disk.wasIll ||= browser.disk.health !== 'fine'
    world.note(`${browser.name} disk ${browser.disk.health}`)
  }
}

/** Something happens to the collector. */
export function trouble(world: World, collector: Collector): void {
  const { chance } = world
  const what = chance.whole(0, 3)
  if (what === 0) collector.crashAfterCommit()
  else if (what === 1) collector.state = 'down'
  else if (what === 2) collector.state = 'full'
  else collector.state = 'up'
  world.note(`collector ${collector.state}`)
  if (collector.state !== 'up')
    world.later(null, 'collector is back', chance.whole(1000, chance.of(0.1) ? 60 * minute : minute), () => {
      collector.state = 'up'
    })
}
