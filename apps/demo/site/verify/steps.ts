/** Turns a trace into the five rows of the timeline. */
import type { Report } from './server.ts'
import { copiesOf, type Trace } from './trace.ts'

export interface TraceStep {
  name: 'click' | 'kept' | 'sent' | 'stored' | 'counted'
  title: string
  /** What is proved, in one sentence. */
  proof: string
  state: 'waiting' | 'done' | 'failed'
  /** What happened, in words. */
  said: string
  /** Milliseconds since the click. */
  time: number | null
  data: unknown
}

/** The rows, in order. Without a trace, all wait. */
export function stepsOf(trace: Trace | null, open: boolean): TraceStep[] {
  return [click(trace), kept(trace), sent(trace, open), stored(trace, open), counted(trace)]
}

const since = (trace: Trace | null, at: number | null | undefined): number | null =>
  trace && typeof at === 'number' ? Math.max(0, at - trace.clickedAt) : null

/** By the receipt; or, when that came while no page was there to see it, by the row that is gone and the record that is there. */
const isDelivered = (trace: Trace): boolean =>
  trace.deliveredAt !== null || (!trace.queued && copiesOf(trace) > 0)

function click(trace: Trace | null): TraceStep {
  return {
    name: 'click',
    title: 'You choose a score',
    proof: 'The clock starts when you press the card, not when a program gets round to it.',
    state: trace ? 'done' : 'waiting',
    said: trace ? `You chose ${trace.score}.` : 'Press “Ask me”, then choose.',
    time: trace ? 0 : null,
    data: trace && { question: 'score', value: trace.score, answer: trace.id, response: trace.response },
  }
}

function kept(trace: Trace | null): TraceStep {
  const again = since(trace, trace?.foundAgainAt)
  const isKept = trace !== null && trace.durable && trace.row !== null
  const sentences = trace
    ? [
        isKept ? 'The row is in IndexedDB.' : 'IndexedDB has no row; the answer is in memory only.',
        again === null ? '' : `A reloaded page found it again at ${timeText(again)}.`,
        isKept && isDelivered(trace) ? 'Deleted after the receipt.' : '',
      ]
    : ['Nothing yet.']
  return {
    name: 'kept',
    title: 'This browser keeps it',
    proof:
      'The row was read back from the browser’s database before anything was sent, so a reload, a crash or a dead line cannot lose it.',
    state: trace ? (isKept ? 'done' : 'failed') : 'waiting',
    said: sentences.filter(Boolean).join(' '),
    time: since(trace, trace?.keptAt),
    data: trace?.row ?? null,
  }
}

function sent(trace: Trace | null, open: boolean): TraceStep {
  const last = trace?.attempts.at(-1)
  const gone = trace !== null && isDelivered(trace)
  const refused = !gone && last !== undefined && last.status !== 200
  const waiting = open
    ? 'Waiting for the next attempt.'
    : 'The line is cut; it will be tried again by itself.'
  return {
    name: 'sent',
    title: 'It is sent, and the receipt names it',
    proof:
      'The browser’s own list of requests shows every attempt, and only a receipt with this answer’s id lets the browser delete its row.',
    state: gone ? 'done' : refused ? 'failed' : 'waiting',
    said: gone
      ? `Delivered${trace.attempts.length > 1 ? ` at attempt ${trace.attempts.length}` : ''}.`
      : refused
        ? `${trace?.attempts.length === 1 ? 'One attempt was' : `${trace?.attempts.length} attempts were`} refused. ${waiting}`
        : trace
          ? waiting
          : 'Nothing yet.',
    time: since(trace, trace?.deliveredAt ?? (refused ? last.at : null)),
    data: trace && {
      attempts: trace.attempts.map(({ at, took, status }) => ({
        at: timeText(at - trace.clickedAt),
        took: timeText(took),
        outcome: status === 0 ? 'refused' : `HTTP ${status}`,
      })),
      receiptNames: trace.receipt,
      stillInIndexedDB: trace.queued,
    },
  }
}

function stored(trace: Trace | null, open: boolean): TraceStep {
  const copies = trace ? copiesOf(trace) : 0
  return {
    name: 'stored',
    title: 'The collector stores it once',
    proof:
      'This is the collector’s own record, read past the line: it shows the answer one time, however often the browser had to send it.',
    state: copies === 1 ? 'done' : copies > 1 ? 'failed' : 'waiting',
    said: copies
      ? `Stored ${copies === 1 ? 'one time' : `${copies} times`}, duplicates ${copies - 1}.`
      : `Stored: not yet.${open ? '' : ' The line is cut.'}`,
    time: since(trace, trace?.storedAt),
    data: trace?.stored ?? null,
  }
}

function counted(trace: Trace | null): TraceStep {
  const { before, after } = trace ?? { before: null, after: null }
  return {
    name: 'counted',
    title: 'The report counts it',
    proof: 'The Net Promoter Score before and after, over all answers: exactly this one has been added.',
    state: after ? 'done' : 'waiting',
    said: before
      ? after
        ? `From ${reportText(before)} to ${reportText(after)}.`
        : `Still ${reportText(before)}.`
      : 'Nothing yet.',
    time: since(trace, trace?.countedAt),
    data: before && { before, after },
  }
}

/** A report in words. */
export function reportText({ nps, n }: Report): string {
  const answers = n === 1 ? '1 answer' : `${n} answers`
  return nps === null ? `no score (${answers})` : `NPS ${nps.toFixed(1).replace('-', '−')} (${answers})`
}

/** A span in words. */
export function timeText(milliseconds: number): string {
  return `${Math.round(milliseconds).toLocaleString('en')} ms`
}
