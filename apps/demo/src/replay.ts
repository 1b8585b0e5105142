/** Turns the rows of a file with real interviews into events, the same ones every time. */
import type { FeedbackEvent, Survey, SurveyEvent } from '@earshot/contract'

/** One interview. */
export interface Interview {
  /** From 1. */
  row: number
  /** Null when the question was not answered. */
  nps: number | null
  /** Number of the survey wave; null when it is not known. */
  period: number | null
}

/** First month of wave 0. The file numbers its waves and gives no dates, so each wave gets a month of its own. */
const firstMonth = { year: 2024, month: 0 }
/** Interviews are spread over the first 28 days of their month, from 8 to 20 o'clock in UTC. */
const days = 28
const minutesPerDay = 12 * 60
const minute = 60_000
/** A prime that has no factor in common with the minutes, so that neighbouring rows lie apart and none is skipped. */
const stride = 7919

/**
 * Reads the file.
 *
 * @throws when a column is missing, so that another file is not mistaken for it
 * @example
 * readInterviews('row,nps,period\n1,10,11') // [{ row: 1, nps: 10, period: 11 }]
 */
export function readInterviews(csv: string): Interview[] {
  const [head = '', ...lines] = csv.split(/\r?\n/).filter((line) => line !== '')
  const names = head.split(',')
  const column = (name: string): number => {
    const index = names.indexOf(name)
    if (index < 0) throw new Error(`The file has no column "${name}"; it has ${names.join(', ')}.`)
    return index
  }
  const [row, nps, period] = [column('row'), column('nps'), column('period')]
  const number = (text: string | undefined): number | null => (text ? Number(text) : null)
  return lines.map((line) => {
    const cells = line.split(',')
    return { row: Number(cells[row]), nps: number(cells[nps]), period: number(cells[period]) }
  })
}

/**
 * The events of one interview: it was shown, and, where there is a score, answered and completed. One visitor each.
 *
 * @example
 * eventsOf({ row: 1, nps: 10, period: 11 }, survey).map((event) => event.type) // ['display', 'answer', 'complete']
 */
export function eventsOf(interview: Interview, survey: Survey): FeedbackEvent[] {
  const { row, nps } = interview
  const start = momentOf(interview)
  const response = uuid(start, 0, row)
  const base = (seq: number): Omit<SurveyEvent, 'type' | 'data'> => {
    const at = start + seq * 4000
    return {
      id: uuid(at, seq + 1, row),
      at: new Date(at).toISOString(),
      visitor: `interview-${row}`,
      person: null,
      session: `interview-${row}`,
      seq,
      survey: survey.id,
      surveyVersion: survey.version,
      response,
      context: { locale: survey.locale, channel: 'interview', touchpoint: survey.touchpoint },
    }
  }
  const display: FeedbackEvent = { ...base(0), type: 'display', data: { trigger: 'show' } }
  if (nps === null) return [display]
  return [
    display,
    { ...base(1), type: 'answer', data: { question: 'score', value: nps, revision: 0 } },
    { ...base(2), type: 'complete', data: {} },
  ]
}

/** Milliseconds since 1970. A row without a wave stands in the month before the first. */
function momentOf({ row, period }: Interview): number {
  const slot = (row * stride) % (days * minutesPerDay)
  const month = firstMonth.month + (period ?? -1)
  const day = 1 + Math.floor(slot / minutesPerDay)
  return Date.UTC(firstMonth.year, month, day, 8) + (slot % minutesPerDay) * minute
}

/** A UUIDv7 (RFC 9562) whose random bits are the row and which of its ids it is, so that it comes out alike each time. */
function uuid(at: number, which: number, row: number): string {
  const time = at.toString(16).padStart(12, '0')
  const kind = which.toString(16).padStart(3, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${kind}-8000-${row.toString(16).padStart(12, '0')}`
}

/** Lists of at most `size`, in order. */
export function batchesOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
