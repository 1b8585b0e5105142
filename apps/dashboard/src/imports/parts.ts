/** A file as parts, each small enough for one request, with the lines of the file that they have. */
import { cellsOf, createScanner, type Kind, kindOf, separatorOf } from './scan.ts'

/** What is read of; a `File` is one. */
export interface Bytes {
  size: number
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> }
}

/** A file whose records are found. */
export interface FileIndex {
  kind: Kind
  /** The line of columns of CSV; empty for JSON. */
  head: string
  /** Names of the columns of CSV. */
  columns: string[]
  /** Where each record begins and ends, in bytes. */
  starts: number[]
  ends: number[]
  /** On which line of the file, or as which of a list, from 1. */
  lines: number[]
  /** Numbers of what the records hold. */
  prints: number[]
}

/** Why a file cannot be read. */
export class FileFlaw extends Error {}

/** So much of a file is looked at between two breaths of the page. */
const piece = 1 << 20
/** Most bytes and records of a part. A request may have 1 MiB, in which JSON doubles every quote. */
const mostBytes = 400_000
const mostRecords = 2000

/**
 * Finds the records of a file.
 *
 * @param onProgress told how many bytes were looked at
 * @throws FileFlaw where the file is none that can be read
 */
export async function indexFile(
  file: Bytes,
  onProgress: (done: number) => void = () => undefined,
): Promise<FileIndex> {
  const first = new Uint8Array(await file.slice(0, 65_536).arrayBuffer())
  if (first[0] === 0xff || first[0] === 0xfe || first.subarray(0, 200).includes(0))
    throw new FileFlaw('This is no file of text in UTF-8. Save it as “CSV UTF-8”, or as JSON.')
  const skip = first[0] === 0xef && first[1] === 0xbb ? 3 : 0
  const kind = kindOf(new TextDecoder().decode(first.subarray(skip)))
  const index = await scan(file, kind, skip, onProgress)
  // What begins as an object and is no list may be lines of which the first is broken.
  const made =
    kind === 'list' && index.starts.length === 0 ? await scan(file, 'lines', skip, onProgress) : index
  if (made.kind !== 'csv') return checked(made)
  const [start = 0] = made.starts
  const [end = 0] = made.ends
  if (end - start > mostBytes) throw tooLong(1)
  const head = await textAt(file, start, end, 1)
  const rest = { starts: made.starts.slice(1), ends: made.ends.slice(1), lines: made.lines.slice(1) }
  const columns = cellsOf(head, separatorOf(head)).map((each) => each.trim())
  return checked({ ...made, ...rest, prints: made.prints.slice(1), head: head.replace(/\r$/, ''), columns })
}

function checked(index: FileIndex): FileIndex {
  if (index.starts.length === 0) throw new FileFlaw('There are no rows in this file.')
  index.starts.forEach((start, at) => {
    if ((index.ends[at] ?? 0) - start > mostBytes) throw tooLong(index.lines[at] ?? 0)
  })
  return index
}

const tooLong = (line: number): FileFlaw =>
  new FileFlaw(
    `What begins on line ${line} is longer than ${mostBytes / 1000} kB. A quote may not be closed there; mend it and choose the file again.`,
  )

async function scan(
  file: Bytes,
  kind: Kind,
  skip: number,
  onProgress: (done: number) => void,
): Promise<FileIndex> {
  const index: FileIndex = { kind, head: '', columns: [], starts: [], ends: [], lines: [], prints: [] }
  const scanner = createScanner(kind, (start, end, line, print) => {
    index.starts.push(start)
    index.ends.push(end)
    index.lines.push(line)
    index.prints.push(print)
  })
  for (let at = skip; at < file.size; at += piece) {
    scanner.take(new Uint8Array(await file.slice(at, Math.min(file.size, at + piece)).arrayBuffer()), at)
    onProgress(Math.min(file.size, at + piece))
  }
  scanner.end(file.size)
  return index
}

async function textAt(file: Bytes, start: number, end: number, line: number): Promise<string> {
  return decoded(new Uint8Array(await file.slice(start, end).arrayBuffer()), line)
}

function decoded(bytes: Uint8Array, line: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new FileFlaw(
      `Line ${line} is not in UTF-8, so its letters cannot be told. Save the file as “CSV UTF-8” and choose it again.`,
    )
  }
}

/** Which records go together, by their places in the index. */
export interface Plan {
  parts: number[][]
  /** By place: how many of the same content stand before it in the file. */
  alike: ReadonlyMap<number, number>
}

/**
 * Plans the parts of a file: in its order, but for records that belong to one group, which stay together.
 *
 * @param groupOf names the group of a record; null: it belongs to none
 */
export function planParts(index: FileIndex, groupOf: (place: number) => string | null = () => null): Plan {
  const groups: number[][] = []
  const known = new Map<string, number[]>()
  const counts = new Map<number, number>()
  const alike = new Map<number, number>()
  index.prints.forEach((print, place) => {
    const before = counts.get(print) ?? 0
    if (before > 0) alike.set(place, before)
    counts.set(print, before + 1)
    const name = groupOf(place)
    const group = name === null ? undefined : known.get(name)
    if (group) group.push(place)
    else {
      const made = [place]
      groups.push(made)
      if (name !== null) known.set(name, made)
    }
  })
  const sizeOf = (place: number): number => (index.ends[place] ?? 0) - (index.starts[place] ?? 0)
  const parts: number[][] = []
  let part: number[] = []
  let bytes = 0
  for (const group of groups) {
    const size = group.reduce((sum, place) => sum + sizeOf(place), 0)
    if (part.length > 0 && (bytes + size > mostBytes || part.length + group.length > mostRecords)) {
      parts.push(part)
      part = []
      bytes = 0
    }
    part.push(...group)
    bytes += size
  }
  if (part.length > 0) parts.push(part)
  return { parts, alike }
}

/** The text of a part, and what its lines are in the file. */
export interface PartText {
  text: string
  /** The line of the file that a line of this text is of. */
  lineOf(line: number): number
  /** By line of this text: how many alike came before it in other parts. */
  alike: Record<number, number>
}

/** The records at some places, as they stand in the file. */
export async function readTexts(file: Bytes, index: FileIndex, places: readonly number[]): Promise<string[]> {
  const texts: string[] = []
  for (let at = 0; at < places.length;) {
    const first = places[at] ?? 0
    let last = at
    while (last + 1 < places.length && places[last + 1] === (places[last] ?? 0) + 1) last += 1
    const from = index.starts[first] ?? 0
    const end = index.ends[places[last] ?? 0] ?? 0
    const bytes = new Uint8Array(await file.slice(from, end).arrayBuffer())
    for (; at <= last; at += 1) {
      const place = places[at] ?? 0
      const own = bytes.subarray((index.starts[place] ?? 0) - from, (index.ends[place] ?? 0) - from)
      texts.push(decoded(own, index.lines[place] ?? 0).replace(/\r$/, ''))
    }
  }
  return texts
}

/** Reads the records of a part. */
export async function readPart(
  file: Bytes,
  index: FileIndex,
  places: readonly number[],
  alike: Plan['alike'] = new Map(),
): Promise<PartText> {
  const texts = await readTexts(file, index, places)
  const breaks = (text: string): number => text.split('\n').length
  const lines = new Map<number, number>()
  const before: Record<number, number> = {}
  const inPart = new Map<number, number>()
  // The collector names a row by the line that it ends on, and an object of a list by its number.
  let line = index.kind === 'csv' ? breaks(index.head) : 0
  places.forEach((place, at) => {
    line += index.kind === 'list' ? 1 : breaks(texts[at] ?? '')
    lines.set(line, index.lines[place] ?? 0)
    const print = index.prints[place] ?? 0
    const here = inPart.get(print) ?? 0
    inPart.set(print, here + 1)
    const elsewhere = (alike.get(place) ?? 0) - here
    if (elsewhere > 0) before[line] = elsewhere
  })
  return {
    text:
      index.kind === 'list'
        ? `[${texts.join(',')}]`
        : [...(index.kind === 'csv' ? [index.head] : []), ...texts].join('\n'),
    lineOf: (own) => lines.get(own) ?? own,
    alike: before,
  }
}
