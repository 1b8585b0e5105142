/** Reads the body of a request for events where it is as the SDK writes it, and nothing about it needs words. */
import { isExactEnvelope } from '@earshot/contract/schema'
import { readBatch, receiptFor, type Batch, type Verdict } from './ingest.ts'
import { isClean, readJson } from './json.ts'
import type { Millis } from './time.ts'

/** A receipt that is ready to be sent, and what it says in numbers. */
export interface Taken {
  /** JSON. */
  receipt: string
  accepted: number
  duplicates: number
  /** Codes of the rejections. */
  rejected: readonly string[]
}

const start = '{"key":"'
const backslash = 0x5c
const quote = 0x22
/** Longest key, and what stands before it. */
const mostAhead = 110

/**
 * The key at the beginning of a body, where the SDK puts it; null if it is not there.
 *
 * @example
 * keyAhead(Buffer.from('{"key":"pk_1","sentAt":…')) // 'pk_1'
 */
export function keyAhead(body: Uint8Array): string | null {
  for (let index = 0; index < start.length; index++) if (body[index] !== start.charCodeAt(index)) return null
  let key = ''
  for (let index = start.length; index < mostAhead; index++) {
    const code = body[index] ?? 0
    if (code === quote) return key
    if (code < 0x20 || code > 0x7e || code === backslash) return null
    key += String.fromCharCode(code)
  }
  return null
}

/**
 * The batch of a body.
 *
 * @param key by which the request was let in
 * @returns null when the body is not as usual, or says another key further on
 */
export function readUsual(text: string, key: string, receivedAt: Millis): Batch | null {
  const read = readJson(text)
  if (!read.ok || !isExactEnvelope(read.value) || read.value.key !== key) return null
  return readBatch(read.value, receivedAt, isClean(text))
}

/** Who answers in a body, and whether that was in a burst; null when nobody watches for one. */
export type Watched = { visitor: string | null; isBurst: boolean } | null

/**
 * The batch of a body whose visitor was looked at before it was read.
 *
 * @returns null as `readUsual`, and when another visitor answers than was looked at, or something was lost, which is counted
 * where it is seen
 */
export function readWatched(text: string, key: string, receivedAt: Millis, watched: Watched): Batch | null {
  const batch = readUsual(text, key, receivedAt)
  if (!batch) return null
  for (const { result } of batch.candidates) {
    if ('flaw' in result) continue
    const { type, visitor } = result.stored.event
    if (type === 'loss' || (watched && type === 'answer' && visitor !== watched.visitor)) return null
  }
  if (watched?.isBurst && watched.visitor !== null) batch.bursts = new Set([watched.visitor])
  return batch
}

/** What is to be answered to a batch. */
export function tellTaken(verdict: Verdict, inserted: ReadonlySet<string>): Taken {
  const receipt = receiptFor(verdict, inserted)
  return {
    receipt: JSON.stringify(receipt),
    accepted: receipt.accepted.length,
    duplicates: receipt.duplicates.length,
    rejected: receipt.rejected.map((each) => each.code),
  }
}
