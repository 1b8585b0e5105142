/** Measures one step of the engine, of a stream of all kinds of inputs, on 50 surveys with rules and 1,000 remembered facts, in Chromium with its processor slowed down four times. */
import { chromium } from 'playwright'
import { build, type Rollup } from 'vite'
import { chromiumFlags, findChromium } from './chromium.ts'

const limit = 0.2
const slowdown = 4
const manySurveys = 50
const manyFacts = 1000

/** What runs on the page; it knows nothing of this file but its arguments. */
async function measure([code, surveyCount, factCount]: [string, number, number]): Promise<
  Record<string, { median: number; worst: number }>
> {
  type Any = any // oxlint-disable-line typescript/no-explicit-any -- the engine comes as text
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
  const { step, extend, rules, resume, initialState }: Any = await import(url)
  const advance = extend(step, rules)
  const t0 = 1_800_000_000_000
  const surveys = Array.from({ length: surveyCount }, (_, index) => ({
    id: `survey-${index}`,
    version: 1,
    locale: 'en',
    questions: [
      {
        kind: 'scale',
        id: 'score',
        metric: 'nps',
        min: 0,
        max: 10,
        positive: [9, 10],
        negative: [0, 1, 2, 3, 4, 5, 6],
        title: 'How likely?',
        low: 'Not',
        high: 'Very',
      },
    ],
    thanks: { title: 'Thanks' },
    triggers: [
      { on: 'event', name: `event-${index}`, where: { fact: 'event.total', op: 'above', value: 10 }, nth: 3 },
      {
        on: 'sequence',
        steps: [{ name: 'error', times: 2 }, { name: `success-${index % 5}` }],
        within: 600,
      },
      { on: 'scroll', percent: 50 + (index % 50), url: [{ match: 'glob', value: `/shop/${index}/**` }] },
    ],
    recontact: { answered: 90, dismissed: 30, shown: 7 },
    sampling: 0.5,
    targeting: {
      all: [
        { fact: 'trait.plan', op: 'in', value: ['pro', 'team'] },
        {
          any: [
            { fact: 'device', op: 'equals', value: 'desktop' },
            { fact: 'page.path', op: 'starts', value: '/shop' },
          ],
        },
        { not: { fact: 'time.weekday', op: 'above', value: 7 } },
      ],
    },
    followUps: [
      { id: 'later', after: { on: 'event', name: 'enquiry_answered', key: 'ticket' }, delay: 1, expires: 7 },
    ],
  }))
  const each = (count: number, make: (index: number) => [string, unknown]): object =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => make(index)))
  const share = Math.floor(factCount / 5)
  const memory = resume(
    {
      traits: each(share, (index) => [index ? `trait-${index}` : 'plan', index ? index : 'pro']),
      surveys: each(surveyCount, (index) => [`survey-${index}`, { answered: t0 - 200 * 86_400_000 }]),
      asks: Array.from({ length: 50 }, (_, index) => ({
        survey: `survey-${index}`,
        response: `r${index}`,
        at: t0 - (60 - index) * 86_400_000,
        session: 'old',
      })),
      counts: each(share, (index) => [`survey-${index % surveyCount}@1/${index}`, 1]),
      trail: Array.from({ length: 2 * share }, (_, index) => ({
        key: `survey-${index % surveyCount}@1/1/0`,
        at: t0 - index,
      })),
      plans: each(share - 100, (index) => [
        `survey-${index % surveyCount}/later/${index}`,
        {
          survey: `survey-${index % surveyCount}`,
          version: 1,
          rule: 'later',
          cause: String(index),
          response: `p${index}`,
          due: t0 + 86_400_000 + index,
          expires: t0 + 9 * 86_400_000,
          left: 0,
          shown: false,
        },
      ]),
    },
    t0,
    () => '018f0000-0000-7000-8000-000000000000',
  )
  const facts = {
    url: 'https://shop.example/shop/7/item?utm_source=mail',
    referrer: 'https://search.example/',
    device: 'desktop',
    width: 1280,
    height: 800,
    locale: 'en',
    zone: 'Europe/Berlin',
  }
  const start: Any[] = [
    { type: 'page', at: t0 },
    { type: 'remembered', at: t0, memory },
    { type: 'served', at: t0, surveys },
    { type: 'enriched', at: t0, facts },
  ]
  let state = initialState(false, [])
  for (const input of start) state = advance(state, input).state
  const inputs: Record<string, (at: number) => Any> = {
    track: (at) => ({ type: 'track', at, id: 'e', name: 'event-7', props: { total: 12 } }),
    revised: (at) => ({
      type: 'revised',
      at,
      memory: state.memory,
      fired: [],
      events: [{ name: 'error', at }],
    }),
    page: (at) => ({ type: 'page', at, facts }),
    signal: (at) => ({ type: 'signal', at, signal: { on: 'scroll', value: 57 } }),
    tick: (at) => ({ type: 'tick', at }),
  }
  const result: Record<string, { median: number; worst: number }> = {}
  const all: number[] = []
  for (const [name, make] of Object.entries(inputs)) {
    const times: number[] = []
    // The clock of a page is coarse, so a sample is a row of steps.
    for (let sample = 0; sample < 300; sample++) {
      const before = performance.now()
      for (let turn = 0; turn < 20; turn++) advance(state, make(t0 + sample))
      times.push((performance.now() - before) / 20)
    }
    times.sort((a, b) => a - b)
    result[name] = { median: times[150]!, worst: times[284]! }
    all.push(...times)
  }
  all.sort((a, b) => a - b)
  result['all of them'] = { median: all[all.length / 2]!, worst: all[Math.floor(all.length * 0.95)]! }
  const samples: number[] = []
  const known = state.memory
  let count = 0
  for (let sample = 0; sample < 100; sample++) {
    const before = performance.now()
    for (let turn = 0; turn < 20; turn++)
      rules.revise(
        state,
        known,
        { kind: 'event', id: `e${count++}`, name: 'error', props: {} },
        t0,
        () => 'n',
      )
    samples.push((performance.now() - before) / 20)
  }
  samples.sort((a, b) => a - b)
  result['(in the transaction) revise'] = { median: samples[50]!, worst: samples[95]! }
  return result
}

if (import.meta.main) {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@earshot/source', 'module', 'browser'] },
    build: { write: false, target: 'es2022', lib: { entry: 'scripts/engineEntry.ts', formats: ['es'] } },
  })) as Rollup.RollupOutput[]
  const chunk = built[0]!.output[0]
  const browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
  const page = await browser.newPage()
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  const result = await page.evaluate(measure, [chunk.code, manySurveys, manyFacts] as [
    string,
    number,
    number,
  ])
  await browser.close()
  console.log(
    `${manySurveys} surveys, ${manyFacts} remembered facts, Chromium at ${slowdown}× slow-down; milliseconds`,
  )
  for (const [name, { median, worst }] of Object.entries(result))
    console.log(`${name.padEnd(28)} median ${median.toFixed(3)}   95 % ${worst.toFixed(3)}`)
  if (result['all of them']!.median > limit) {
    console.error(`the median of all steps is over ${limit} ms`)
    process.exitCode = 1
  }
}
