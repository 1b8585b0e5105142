/** Follows one answer: listens to Earshot, looks into the database and at the collector, and draws what it learns. */
import { createEarshot } from '@earshot/sdk'
import { render } from 'preact'
import { verifyNps } from '../../src/surveys.ts'
import { collectorUrl, lineUrl, writeKey } from '../addresses.ts'
import { readRow } from './database.ts'
import { readTruth, setLine, type Report } from './server.ts'
import { begin, isOver, keep, learn, recall, type Attempt, type Trace } from './trace.ts'
import { startStory } from './story.tsx'
import { Timeline } from './view.tsx'

/** How often to look, in milliseconds: while something is on its way, and after. */
const soon = 300
const later = 3000

const earshot = createEarshot({ key: writeKey, collector: lineUrl, served: false, surveys: [verifyNps] })

let trace: Trace | null = recall()
let open = true
let fault = ''
/** The report when "Ask me" was pressed. */
let before: Report | null = null
let pressedAt = 0
let timer = 0
/** What this page has seen, also before the trace was begun. */
const attempts: Attempt[] = []
const receipts: { at: number; ids: string[] }[] = []

const now = (): number => performance.timeOrigin + performance.now()

function show(next: Trace | null = trace): void {
  trace = next && withSeen(next)
  if (trace) keep(trace)
  const place = document.getElementById('timeline')
  if (place)
    render(
      <Timeline {...{ trace, open, fault }} onAsk={() => void ask()} onSwitch={() => void pull()} />,
      place,
    )
}

/** Adds the attempts and the receipt that this page has seen. Once the receipt is there, later requests carry other events. */
function withSeen(known: Trace): Trace {
  const receipt = receipts.find(({ ids }) => ids.includes(known.id))
  const deliveredAt = known.deliveredAt ?? receipt?.at ?? null
  const isOwn = ({ at }: Attempt): boolean =>
    at >= known.clickedAt && at <= (deliveredAt ?? Infinity) && known.attempts.every((each) => each.at !== at)
  return {
    ...known,
    deliveredAt,
    receipt: receipt?.ids ?? known.receipt,
    attempts: [...known.attempts, ...attempts.filter(isOwn)],
  }
}

/** Looks at the store and at the database, again and again. */
async function look(): Promise<void> {
  clearTimeout(timer)
  const followed = trace
  try {
    const truth = await readTruth(verifyNps.id, followed?.response ?? null)
    const row = followed && (await readRow(followed.id))
    open = truth.open
    fault = ''
    // Another answer may have begun meanwhile.
    if (trace && trace.id === followed?.id)
      show(learn(trace, truth.stored, truth.report, row !== null, now()))
    else show()
  } catch (error) {
    fault = `The demo's own server does not answer. ${String(error)}`
    show()
  }
  clearTimeout(timer)
  timer = window.setTimeout(() => void look(), trace && !isOver(trace) ? soon : later)
}

async function ask(): Promise<void> {
  earshot.dismiss()
  before = (await readTruth(verifyNps.id, null)).report
  earshot.show(verifyNps.id, { force: true })
}

async function pull(): Promise<void> {
  open = await setLine(!open)
  show()
  // It would try again by itself; asking spares the wait.
  if (open) await earshot.flush()
  await look()
}

/** The press on the card, seen on its way down: the card is a closed book, but its host is on the page. */
for (const type of ['click', 'keydown'])
  addEventListener(
    type,
    (event) => {
      const card = event
        .composedPath()
        .some((each) => each instanceof Element && each.hasAttribute('data-earshot'))
      if (card) pressedAt = performance.timeOrigin + event.timeStamp
    },
    true,
  )

async function follow(
  answer: Omit<Parameters<typeof begin>[0], 'row' | 'before'>,
  earlier: Report | null,
): Promise<void> {
  const row = await readRow(answer.id)
  show(begin({ ...answer, row, before: earlier ?? (await readTruth(verifyNps.id, null)).report }))
  await look()
}

earshot.on('answered', ({ question, value, id, response, durable }) => {
  if (question !== 'score') return
  const keptAt = now()
  const answer = { id, response, score: Number(value), clickedAt: pressedAt || keptAt, keptAt, durable }
  // A corrected score is one more answer of the same response; what counts is the report before the response.
  void follow(answer, trace?.response === response ? trace.before : before)
})

earshot.on('delivered', ({ ids }) => {
  receipts.push({ at: now(), ids })
  void look()
})

new PerformanceObserver((list) => {
  for (const entry of list.getEntries() as PerformanceResourceTiming[])
    if (entry.name === `${lineUrl}/v1/feedback`) {
      const at = performance.timeOrigin + entry.startTime
      attempts.push({ at, took: entry.duration, status: entry.responseStatus })
    }
  show()
}).observe({ type: 'resource', buffered: true })

if ((await readTruth(verifyNps.id, null).catch(() => null))?.story === true) startStory(earshot, collectorUrl)
show()
if (trace && !isOver(trace)) {
  const row = await readRow(trace.id)
  show({ ...trace, foundAgainAt: row ? now() : trace.foundAgainAt, row: row ?? trace.row })
}
await look()
// The browser looked for the place of the address before anything was drawn.
if (location.hash === '#story') document.getElementById('story')?.scrollIntoView()
// Whoever came to answer at once is asked at once; not again after a reload.
if (!trace && new URLSearchParams(location.search).has('ask')) await ask()
