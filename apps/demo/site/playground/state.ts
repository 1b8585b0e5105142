/** What a playground is, as it stands in a link: the two documents as they were typed, and how they are looked at. */
import { languages } from '@earshot/contract'
import { entries, entryOf, firstName, firstView, idOf, toText, type View } from '@earshot/editor'

/** A playground. */
export interface State {
  /** Name of the template or builder. */
  template: string
  /** The company or product, as the template's texts name it. */
  name: string
  /** JSON of the survey, as it was typed: the one place where the survey is. */
  survey: string
  /** JSON of the site's settings, as it was typed. */
  settings: string
  view: View
}

/** The playground of a template that nobody has touched. */
export function begin(template: string, before?: State): State {
  const { name, make } = entryOf(template)
  const company = before?.name ?? firstName
  return {
    template: name,
    name: company,
    survey: toText(make({ id: idOf(name), name: company })),
    settings: before?.settings ?? '{}',
    view: before?.view ?? firstView,
  }
}

const version = 1
/** Longer than any survey that the collector takes. */
const mostBytes = 512 * 1024

/** A playground as a fragment of an address. */
export async function pack(state: State): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([version, state]))
  const packed = await gather(through(bytes, new CompressionStream('deflate-raw')), Number.POSITIVE_INFINITY)
  const letters = Array.from(packed, (byte) => String.fromCharCode(byte)).join('')
  return `#s=${btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`
}

/** Whether a fragment may be a playground, and not a place on the page. */
export const isPacked = (fragment: string): boolean => fragment.startsWith('#s=')

/**
 * The playground of a fragment.
 *
 * @throws when it is damaged: links come from anybody
 */
export async function unpack(fragment: string): Promise<State> {
  const letters = atob(fragment.slice('#s='.length).replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0))
  const text = await gather(through(bytes, new DecompressionStream('deflate-raw')), mostBytes)
  const [of, state] = JSON.parse(new TextDecoder().decode(text)) as [unknown, unknown]
  if (of !== version) throw new Error('The link is of another version.')
  return readState(state)
}

function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): ReadableStream<Uint8Array> {
  return new Blob([bytes]).stream().pipeThrough(stream)
}

/** A few letters of a link can stand for very many. */
async function gather(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > most) {
      await reader.cancel()
      throw new Error('The link holds too much.')
    }
    parts.push(value)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function readState(value: unknown): State {
  const { template, name, survey, settings, view } = (value ?? {}) as Record<string, unknown>
  const isText = [template, name, survey, settings].every((each) => typeof each === 'string')
  if (!isText || name === '' || !entries.some((each) => each.name === template))
    throw new Error('The link holds no playground.')
  const { scheme, width, language, rtl, offline } = (view ?? {}) as Record<string, unknown>
  return {
    template: template as string,
    name: name as string,
    survey: survey as string,
    settings: settings as string,
    view: {
      scheme: scheme === 'dark' ? 'dark' : 'light',
      width: width === '320' || width === '390' ? width : 'desktop',
      language: languages.find((each) => each === language) ?? '',
      rtl: rtl === true,
      offline: offline === true,
    },
  }
}
