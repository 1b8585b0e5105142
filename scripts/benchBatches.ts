/** Batches for the benchmarks of stores, and how long something takes: each event an answer, and a response of its own. */
import { randomBytes } from 'node:crypto'
import { readBatch, type Batch } from '../packages/collector/src/core/ingest.ts'
import { envelopeSchema } from '../packages/contract/src/schema.ts'
import { loadSurvey } from './benchIngestLoad.ts'

/** A survey with one question. */
export const survey = { ...loadSurvey, id: 'nps' }

let count = 0
/** A UUIDv7 of now. */
function uuid(): string {
  const time = (Date.now() + (count++ >> 4)).toString(16).padStart(12, '0')
  const rest = randomBytes(10).toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`
}

/** A request of so many events. */
export function batchOf(size: number): Batch {
  const at = new Date().toISOString()
  const events = Array.from({ length: size }, () => ({
    id: uuid(),
    type: 'answer',
    at,
    visitor: uuid(),
    person: null,
    session: uuid(),
    seq: 1,
    survey: survey.id,
    surveyVersion: 1,
    response: uuid(),
    data: { question: 'score', value: count % 11, revision: 0 },
    context: { channel: 'web', url: 'https://shop.example/checkout/thanks', locale: 'en-GB' },
  }))
  return readBatch(
    envelopeSchema.parse({ key: 'pk_1', sentAt: at, sdk: 'js/1', surveys: [survey], events }),
    Date.now(),
  )
}

/** What some work took. */
export interface Speed {
  /** Events a second. */
  rate: number
  /** Of this process, in microseconds an event. */
  cpu: number
}

/** Does some work on so many events, and measures it. */
export async function timed(events: number, work: () => Promise<void>): Promise<Speed> {
  const cpu = process.cpuUsage()
  const began = performance.now()
  await work()
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { rate: events / seconds, cpu: (user + system) / events }
}
