/** What an import makes of a row of any source, and the events that it stands for. */
import type { AnswerValue, Cause, FeedbackEvent, LifecycleName, Scalar, SurveyEvent } from '@earshot/contract'
import { derivedId, visitorOf, type Sha256 } from '../derivedId.ts'
import { leastAnswerTime } from '../suspicion.ts'
import { formatMoment, type Millis } from '../time.ts'

/** One answer. */
export interface ImportedAnswer {
  question: string
  value: AnswerValue
  other?: string | undefined
  order?: string[] | undefined
  revision?: number | undefined
  /** Where it differs from that of the row. */
  at?: Millis | undefined
}

/** One response of another source, or of an export of ours. */
export interface ImportedRow {
  /** Where it stands in the file, from 1. */
  line: number
  /** What the source calls it; ids are made of it, so that importing again stores nothing again. */
  key: string
  /** Its own id, where it is one of ours. */
  response?: string | undefined
  survey: string
  version: number
  at: Millis
  answers: ImportedAnswer[]
  displayedAt?: Millis | null | undefined
  completedAt?: Millis | null | undefined
  dismissedAt?: Millis | null | undefined
  dismissReason?: 'close' | 'escape' | 'command' | undefined
  person?: string | null | undefined
  visitor?: string | undefined
  session?: string | undefined
  variant?: string | undefined
  trigger?: Cause | undefined
  followUp?: string | undefined
  hidden?: Record<string, string | number | boolean | null> | undefined
  layout?: string | undefined
  wording?: string | undefined
  channel?: string | undefined
  touchpoint?: string | undefined
  stage?: string | undefined
  locale?: string | undefined
  url?: string | undefined
}

/** Something that happened in somebody's life as a customer. */
export interface ImportedLife {
  line: number
  /** What the source calls it; the id is made of it and the moment. */
  key: string
  name: LifecycleName
  at: Millis
  person: string | null
  visitor?: string | undefined
  props: Record<string, Scalar>
}

/** What a source makes of one of its rows: a response, something that happened, why it is left out on purpose, or what is wrong with it. */
export type RowResult =
  | { row: ImportedRow }
  | { life: ImportedLife }
  | { line: number; skipped: string }
  | { line: number; flaw: string }

/**
 * The events of a row: display, answers, and how it ended. The same row always gives the same events.
 *
 * @param source names where it comes from, so that ids of two sources cannot meet
 */
export function eventsOfRow(row: ImportedRow, source: string, sha256: Sha256): FeedbackEvent[] {
  const name = `import/${source}/${row.survey}/${row.key}`
  const response = row.response ?? derivedId(row.at, name, sha256)
  const visitor =
    row.visitor ?? (row.person ? visitorOf(row.person, sha256) : derivedId(0, `visitor/${name}`, sha256))
  let seq = 0
  const base = (what: string, at: Millis): Omit<SurveyEvent, 'type' | 'data'> => ({
    id: derivedId(at, `event/${response}/${what}`, sha256),
    at: formatMoment(at),
    visitor,
    person: row.person ?? null,
    session: row.session ?? 'import',
    seq: seq++,
    survey: row.survey,
    surveyVersion: row.version,
    response,
    ...(row.variant !== undefined && { variant: row.variant }),
    context: {
      channel: row.channel ?? 'import',
      ...(row.touchpoint !== undefined && { touchpoint: row.touchpoint }),
      ...(row.stage !== undefined && { stage: row.stage }),
      ...(row.locale !== undefined && { locale: row.locale }),
      ...(row.url !== undefined && { url: row.url }),
    },
  })
  const { trigger = 'show', followUp, hidden, layout, wording, completedAt, dismissedAt } = row
  const isTold =
    followUp !== undefined || hidden !== undefined || layout !== undefined || wording !== undefined
  const displayedAt = row.displayedAt ?? (isTold ? row.at : null)
  const answeredAt = Math.min(...row.answers.map(({ at = row.at }) => at))
  // Who has no time between the two did not tell it, or was told of both at once: then it is no sign of a machine.
  const isFirst = displayedAt !== null && answeredAt - displayedAt >= leastAnswerTime
  const display = (): FeedbackEvent[] =>
    displayedAt === null
      ? []
      : [
          {
            ...base('display', displayedAt),
            type: 'display',
            data: {
              trigger,
              ...(followUp !== undefined && { followUp }),
              ...(hidden !== undefined && { hidden }),
              ...(layout !== undefined && { layout }),
              ...(wording !== undefined && { wording }),
            },
          },
        ]
  return [
    ...(isFirst ? display() : []),
    ...row.answers.map(({ question, value, other, order, revision = 0, at = row.at }) => ({
      ...base(`answer/${question}/${revision}`, at),
      type: 'answer' as const,
      data: {
        question,
        value,
        ...(other !== undefined && { other }),
        ...(order !== undefined && { order }),
        revision,
      },
    })),
    ...(isFirst ? [] : display()),
    ...(completedAt == null
      ? []
      : [{ ...base('complete', completedAt), type: 'complete' as const, data: {} }]),
    ...(dismissedAt == null
      ? []
      : [
          {
            ...base('dismiss', dismissedAt),
            type: 'dismiss' as const,
            data: { reason: row.dismissReason ?? ('close' as const) },
          },
        ]),
  ]
}
