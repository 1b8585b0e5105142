import { isHeldOut, isSampled, type Limits, type Survey } from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Signal, State, Step } from '../model.ts'
import { defaultLimits } from '../throttle.ts'
import { days } from '../time.ts'
import { aSurvey, deepFreeze } from './survey.fixtures.ts'
import { addresses, eventNames, limits, surveys } from './surveys.fixtures.ts'
import { createWorld, type Shown, type Tab, type World, type WorldOptions } from './world.fixtures.ts'

const runs = { numRuns: Number(process.env['EARSHOT_RUNS'] ?? 500) }
const hour = 3_600_000

/** Something that happens in the world. */
type Act = readonly [name: string, act: (world: World, tab: Tab | undefined) => void]

const signals: Signal[] = [{ on: 'exit' }, { on: 'scroll', value: 60 }, { on: 'scroll', value: 40 }]
const settling: Act = ['settle', (world) => world.settle()]
const inTab = (name: string, act: (tab: Tab) => void): Act => [name, (_world, tab) => tab && act(tab)]

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...eventNames).map((name) => inTab(`track ${name}`, (tab) => tab.track(name))),
  },
  {
    weight: 5,
    arbitrary: fc
      .constantFrom(0, 1000, 31_000, hour, 12 * hour, days(1), days(3), days(15), days(80))
      .map((span): Act => [`wait ${span}`, (world) => world.wait(span)]),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(hour, 30 * hour, days(20))
      .map((span): Act => [`clock back ${span}`, (world) => world.turnClock(-span)]),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(...addresses)
      .map((url): Act => [
        `open ${url}`,
        (world) => world.tabs().filter((each) => each.isOpen()).length < 3 && world.open(url),
      ]),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...addresses).map((url) => inTab(`go ${url}`, (tab) => tab.navigate(url))),
  },
  { weight: 3, arbitrary: fc.constant(inTab('load', (tab) => tab.load())) },
  { weight: 1, arbitrary: fc.constant(inTab('close', (tab) => tab.close())) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(...signals)
      .map((signal) => inTab(`signal ${signal.on}`, (tab) => tab.tell({ type: 'signal', signal }))),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({ survey: fc.constantFrom('s0', 's1', 's2'), force: fc.boolean() })
      .map(({ survey, force }) =>
        inTab(`show ${survey} ${force}`, (tab) =>
          tab.tell({ type: 'show', wish: { survey, cause: 'show', force } }),
        ),
      ),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom<Act>(
      inTab('answer', (tab) => tab.answer('score', 7)),
      inTab('complete', (tab) => tab.complete()),
      inTab('dismiss', (tab) => tab.dismiss()),
      inTab('closed', (tab) => tab.tell({ type: 'closed' })),
      inTab('snooze', (tab) => tab.state().rich && tab.tell({ type: 'snooze', days: 2 })),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Act>(
      inTab('pause', (tab) => tab.tell({ type: 'pause' })),
      inTab('resume', (tab) => tab.tell({ type: 'resume' })),
      inTab('pro', (tab) => tab.tell({ type: 'identify', person: null, traits: { plan: 'pro' } })),
      inTab('group', (tab) => tab.state().rich && tab.tell({ type: 'group', group: 'g', traits: {} })),
    ),
  },
)

/** What happens, in which tab, and whether all that follows is done before the next. Printed by name when something is wrong. */
const history = fc
  .array(fc.tuple(act, fc.nat(2), fc.integer({ min: 0, max: 3 })), {
    minLength: 20,
    maxLength: 60,
    size: 'max',
  })
  .map((acts) =>
    Object.assign(
      acts.flatMap(([each, tab, hurry]) =>
        hurry
          ? ([
              [each, tab],
              [settling, tab],
            ] as const)
          : ([[each, tab]] as const),
      ),
      {
        [fc.toStringMethod]: () =>
          acts.map(([[name], tab, hurry]) => `${tab}: ${name}${hurry ? '' : ' …'}`).join('\n'),
      },
    ),
  )

/** Without settings, some surveys are plain. */
const setting = fc.record({
  surveys,
  limits: fc.option(limits, { freq: 5, nil: undefined }),
  seed: fc.nat(1e6),
})

function live(
  options: { surveys: Survey[]; limits?: Limits | undefined; seed: number },
  acts: readonly (readonly [Act, number])[],
  more: Partial<WorldOptions> = {},
  each: (world: World) => void = () => {},
): World {
  const { limits: cap, ...rest } = options
  const world = createWorld({ ...rest, ...(cap && { settings: { limits: cap } }), ...more })
  world.open()
  world.settle()
  for (const [[, perform], index] of acts) {
    const open = world.tabs().filter((tab) => tab.isOpen())
    perform(world, open[index % open.length])
    each(world)
  }
  world.settle()
  each(world)
  return world
}

/** Showings that were not the respondent's own wish, nor one gone on with. */
const uninvited = ({ wish }: Shown): boolean => !wish.force && wish.cause !== 'resume'
const isNew = ({ wish }: Shown): boolean => wish.cause !== 'resume'

describe('any history of several tabs, with a clock that is set back', { timeout: 3_600_000 }, () => {
  it('keeps the quiet period, the time between two showings of a survey, and all caps, in true time', () => {
    fc.assert(
      fc.property(setting, history, (options, acts) => {
        const { shown: claimed, log } = live(options, acts)
        // What nobody had the time to see is taken back, and was no asking. A follow-up keeps its response when it comes again.
        const isSeen = ({ response, elapsed }: Shown, index: number): boolean => {
          const next = claimed.find((each, later) => later > index && each.response === response)
          return log.some(
            ({ effect, elapsed: then }) =>
              effect.type === 'record' &&
              'response' in effect.draft &&
              effect.draft.type !== 'followup' &&
              effect.draft.response === response &&
              then >= elapsed &&
              then < (next?.elapsed ?? Infinity),
          )
        }
        const shown = claimed.filter(isSeen)
        /** Whether the respondent asked for it later, since the showing before. */
        const isSnoozed = ({ survey, elapsed }: Shown): boolean =>
          log.some(
            ({ effect, elapsed: then }) =>
              effect.type === 'record' &&
              effect.draft.type === 'snooze' &&
              effect.draft.survey === survey &&
              then >= elapsed,
          )
        const cap = { ...defaultLimits, ...options.limits }
        for (const [index, each] of shown.entries()) {
          if (!uninvited(each)) continue
          const survey = options.surveys.find(({ id }) => id === each.survey) as Survey
          const before = shown.slice(0, index).filter(isNew)
          const age = (other: Shown | undefined): number => (other ? each.elapsed - other.elapsed : Infinity)
          // Who wanted to be asked later is asked then.
          const last = before.at(-1)
          const isBack = last?.survey === each.survey && isSnoozed(last)
          if (!survey.transactional && !isBack) expect(age(last)).toBeGreaterThanOrEqual(days(cap.quiet))
          if (!each.wish.followUp && !isBack)
            expect(age(before.findLast((other) => other.survey === each.survey))).toBeGreaterThanOrEqual(
              days(survey.recontact.shown),
            )
          expect(before.filter((other) => other.session === each.session).length).toBeLessThan(cap.perSession)
          expect(before.filter((other) => age(other) < days(1)).length).toBeLessThan(cap.perDay ?? Infinity)
          expect(before.filter((other) => other.view === each.view).length).toBeLessThan(
            cap.perPage ?? Infinity,
          )
        }
      }),
      runs,
    )
  })

  it('shows to a tab one survey at a time, and goes on with one in one tab only', () => {
    fc.assert(
      fc.property(setting, history, (options, acts) => {
        const seen = new Map<number, string>()
        const world = live(
          options,
          acts,
          {
            around(advance, state, input) {
              const next = advance(state, input)
              const claims = next.effects.filter((each) => each.type === 'claim').length
              expect(claims).toBeLessThanOrEqual(1)
              if (claims) expect(next.state.showing).toBeNull()
              return next
            },
          },
          (now) => {
            for (const tab of now.tabs()) {
              const { showing } = tab.state()
              if (tab.isOpen() && showing?.about.trigger === 'resume') seen.set(tab.id, showing.response)
              else seen.delete(tab.id)
            }
            const going = [...seen.values()]
            expect(new Set(going).size).toBe(going.length)
          },
        )
        expect(world.elapsed()).toBeGreaterThanOrEqual(0)
      }),
      runs,
    )
  })

  it('asks the same sample at any time and in any tab', () => {
    fc.assert(
      fc.property(setting, history, (options, acts) => {
        const world = live(options, acts)
        const visitor = world.memory()?.visitor ?? ''
        for (const each of world.shown.filter(uninvited)) {
          const survey = options.surveys.find(({ id }) => id === each.survey) as Survey
          expect(isSampled(visitor, survey.id, survey.sampling ?? 1)).toBe(true)
          expect(isHeldOut(visitor, options.limits?.holdout ?? 0)).toBe(false)
        }
      }),
      runs,
    )
  })

  it('is a function of state and input alone, changes neither, and goes on alike after a trip through JSON', () => {
    const frozen: WorldOptions['around'] = (advance, state, input) => {
      const before = deepFreeze(state)
      const done = advance(before, deepFreeze(input))
      expect(JSON.stringify(advance(before, input))).toBe(JSON.stringify(done))
      expect(copyOf(done.state)).toEqual(done.state)
      return done
    }
    const copied: WorldOptions['around'] = (advance, state, input) => {
      // Of the page's own definitions the objects themselves count: whoever made them has marked the plain ones.
      const { inline } = state
      const { state: next, effects } = advance({ ...copyOf(state), inline }, input)
      return { state: { ...copyOf(next), inline }, effects }
    }
    fc.assert(
      fc.property(setting, history, (options, acts) => {
        const one = live(options, acts, { around: frozen })
        const other = live(options, acts, { around: copied })
        expect(JSON.stringify(other.log)).toBe(JSON.stringify(one.log))
        expect(other.memory()).toEqual(one.memory())
        for (const tab of one.tabs()) expect(other.tabs()[tab.id]?.state()).toEqual(copyOf(tab.state()))
      }),
      { numRuns: Math.ceil(runs.numRuns / 5) },
    )
  })

  it('keeps a bounded memory', () => {
    fc.assert(
      fc.property(setting, history, (options, acts) => {
        const { trail = [], asks = [], missed = [] } = live(options, acts).memory() ?? {}
        expect(asks.length).toBeLessThanOrEqual(50)
        expect(trail.length).toBeLessThanOrEqual(1000)
        expect(missed.length).toBeLessThanOrEqual(acts.length + 1)
      }),
      { numRuns: Math.min(runs.numRuns, 100) },
    )
  })
})

describe('what happens in one moment', { timeout: 3_600_000 }, () => {
  /** Each event has a survey of its own with a delay; signals are for one that nobody is shown. */
  const waiting = eventNames.map((name, index) =>
    aSurvey({
      id: `s${index}`,
      tenure: 0,
      triggers: [
        { on: 'event', name, delay: 5, cancel: ['off'] },
        { on: 'event', name, nth: 2 + index, delay: 3 },
      ],
      followUps: [{ id: 'f', after: { on: 'event', name, key: 'ticket' }, delay: 1, expires: 3 }],
    }),
  )
  const never = aSurvey({
    id: 'never',
    targeting: { fact: 'trait.none', op: 'known' },
    triggers: [{ on: 'exit' }, { on: 'scroll', percent: 50 }, { on: 'scroll', percent: 30 }],
  })
  const happenings = [
    ...eventNames.map((name) =>
      inTab(name, (tab) => tab.tell({ type: 'track', id: name, name, props: { ticket: name } })),
    ),
    ...signals.map((signal) => inTab(signal.on, (tab) => tab.tell({ type: 'signal', signal }))),
  ]
  const order = fc.shuffledSubarray(happenings, { minLength: happenings.length })

  /**
   * Events of different names that no sequence knows, and signals of a survey that cannot be shown: nothing is claimed
   * in that moment, so all that they can leave is counts, plans, what has fired and what waits. In which order they
   * came makes no difference to any of it, nor to who is shown when the delay is over. Where one claims the screen, or
   * a sequence counts steps, the order is what matters.
   */
  it('leaves the same state in any order', () => {
    const after = (acts: readonly Act[]): unknown[] => {
      const world = createWorld({ surveys: [...waiting, never] })
      const tab = world.open()
      world.settle()
      const seen: unknown[] = []
      for (let round = 0; round < 2; round++) {
        for (const [, perform] of acts) perform(world, tab)
        world.settle()
        seen.push(tab.state().rich, withoutIds(world.memory()?.plans), world.memory()?.counts)
      }
      world.wait(5000)
      return [...seen, world.shown.map((each) => each.survey), withoutMemory(tab.state())]
    }
    fc.assert(
      fc.property(order, order, (one, other) => {
        expect(after(one)).toEqual(after(other))
      }),
      runs,
    )
  })
})

function copyOf<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** Ids of responses come one after the other, so they do depend on the order; identities do not. */
function withoutIds(plans: object | undefined): unknown {
  return JSON.parse(JSON.stringify(plans ?? {}, (key, value: unknown) => (key === 'response' ? '' : value)))
}

function withoutMemory({
  showing,
  ...rest
}: State): Omit<Step['state'], 'memory' | 'showing'> & { shows: string | undefined } {
  const { memory: _memory, rich, ...others } = rest
  return { ...others, rich: rich && { ...rich, shown: [] }, shows: showing?.survey.id }
}
