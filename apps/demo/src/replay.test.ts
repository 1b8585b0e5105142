/** The replay sends each interview of the file, as valid events that come out alike each time. */
import { readFileSync } from 'node:fs'
import { eventSchema, feedbackRequestSchema } from '@earshot/contract/schema'
import { describe, expect, it } from 'vitest'
import { batchesOf, eventsOf, readInterviews } from './replay.ts'
import { botanicNps } from './surveys.ts'

const csv = readFileSync(new URL('../data/nps_botanic.csv', import.meta.url), 'utf8')
const interviews = readInterviews(csv)
const events = interviews.flatMap((interview) => eventsOf(interview, botanicNps))
const answers = events.filter((event) => event.type === 'answer')

describe('readInterviews', () => {
  it('reads every row of the file', () => {
    expect(interviews).toHaveLength(13_954)
    expect(interviews.filter(({ nps }) => nps === null)).toHaveLength(342)
    expect(interviews[0]).toEqual({ row: 1, nps: 10, period: 11 })
  })

  it('numbers every row once', () => {
    expect(new Set(interviews.map(({ row }) => row)).size).toBe(interviews.length)
  })

  it('names the column that another file does not have', () => {
    expect(() => readInterviews('row,score\n1,10')).toThrow('no column "nps"')
  })
})

describe('eventsOf', () => {
  it('makes one showing per row, and one answer with its end per score', () => {
    const count = (type: string): number => events.filter((event) => event.type === type).length
    expect(count('display')).toBe(13_954)
    expect(count('answer')).toBe(13_612)
    expect(count('complete')).toBe(13_612)
  })

  it('keeps the scores: 1,194 detractors, 3,953 passives, 8,465 promoters', () => {
    const scores = answers.map(({ data }) => Number(data.value))
    expect(scores.filter((score) => score <= 6)).toHaveLength(1194)
    expect(scores.filter((score) => score === 7 || score === 8)).toHaveLength(3953)
    expect(scores.filter((score) => score >= 9)).toHaveLength(8465)
  })

  it('gives every event and every response an id of its own', () => {
    const responses = new Set(events.map((event) => ('response' in event ? event.response : '')))
    expect(responses.size).toBe(13_954)
    expect(new Set([...responses, ...events.map(({ id }) => id)]).size).toBe(13_954 + events.length)
  })

  it('makes valid events with valid UUIDv7', () => {
    const flawed = events.filter((event) => !eventSchema.safeParse(event).success)
    expect(flawed).toEqual([])
  })

  it('puts the time of the event into its id', () => {
    for (const { id, at } of events.slice(0, 500))
      expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(Date.parse(at))
  })

  it('gives each wave a month, in order', () => {
    const monthOf = (period: number | null): string | undefined =>
      eventsOf({ row: 1, nps: 9, period }, botanicNps)[0]?.at.slice(0, 7)
    expect([null, 0, 11, 12, 17].map(monthOf)).toEqual([
      '2023-12',
      '2024-01',
      '2024-12',
      '2025-01',
      '2025-06',
    ])
  })

  it('makes the same events again', () => {
    expect(readInterviews(csv).flatMap((interview) => eventsOf(interview, botanicNps))).toEqual(events)
  })
})

describe('batchesOf', () => {
  it('loses nothing and keeps the order', () => {
    const batches = batchesOf(interviews, 100)
    expect(batches.flat()).toEqual(interviews)
    expect(Math.max(...batches.map(({ length }) => length))).toBe(100)
  })

  it('fits into one request', () => {
    const [first = []] = batchesOf(interviews, 100)
    const request = {
      key: 'pk_demo',
      sentAt: '2026-11-21T10:00:00.000Z',
      sdk: 'replay/1',
      surveys: [botanicNps],
      events: first.flatMap((interview) => eventsOf(interview, botanicNps)),
    }
    expect(feedbackRequestSchema.safeParse(request).error).toBeUndefined()
  })
})
