/** Answers as they arrive: one stream for the whole page, open while it is seen, and opened again when it breaks. */
import { createParser } from 'eventsource-parser'
import { createContext } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { openStream, passedSite } from './request.ts'
import { type LiveAnswer, liveAnswerShape } from './shapes.ts'
import { atRest, stepThrottle, type ThrottleInput } from './throttle.ts'

/** Whether answers come in by themselves now. */
export type LiveState = 'opening' | 'open' | 'broken' | 'refused'

interface Listener {
  tell: (answer: LiveAnswer) => void
  state: (state: LiveState) => void
  /** Where to go on later. */
  id: (id: string) => void
}

const path = '/v1/stream'
/** Longest wait before it is opened again. */
const longest = 30_000

/** Follows the stream until it is aborted, and goes on after the last answer that was heard. */
async function follow(listener: Listener, after: string | undefined, signal: AbortSignal): Promise<void> {
  let last = after
  let wait = 1000
  while (!signal.aborted) {
    const headers = { accept: 'text/event-stream', ...(last !== undefined && { 'last-event-id': last }) }
    const reply = await openStream(path, headers, signal)
    if (!reply.ok && reply.fault.status >= 400 && reply.fault.status < 500 && reply.fault.status !== 429) {
      listener.state('refused')
      return
    }
    if (reply.ok && reply.value.body) {
      listener.state('open')
      wait = 1000
      const parser = createParser({
        onId: (id) => {
          last = id
          listener.id(id)
        },
        onEvent: ({ event, data }) => {
          if (event !== 'answer') return
          const read = liveAnswerShape.safeParse(parse(data))
          if (read.success) listener.tell(read.data)
        },
      })
      const reader = reply.value.body.pipeThrough(new TextDecoderStream()).getReader()
      try {
        for (;;) {
          const { done, value } = await reader.read()
          if (done) break
          parser.feed(value)
        }
        // The collector ends each stream after a while, to look at the token again.
        continue
      } catch (error) {
        if (signal.aborted) throw error
      }
    }
    listener.state('broken')
    await pause(wait, signal)
    wait = Math.min(longest, wait * 2)
  }
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return null
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      removeEventListener('online', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    addEventListener('online', done)
    signal.addEventListener('abort', done)
  })
}

/** Shortest time between two looks at the numbers, in milliseconds. */
const every = 2000

/** What a page knows of the answers that come in. */
export interface Live {
  /** Counts up whenever what is shown is to be asked for again. */
  round: number
  /** Null where who is signed in may not read answers. */
  state: LiveState | null
  /** How many answers came since the page was opened. */
  count: number
}

/** Of the page around; what is told `isLive` asks again with each round. */
export const LiveContext = createContext<Live>({ round: 0, state: null, count: 0 })

/**
 * Listens while the page is open and seen. A round comes with the first answer at once, then every two seconds at most, and when
 * somebody comes back to the page.
 *
 * @param isWanted - Whether who is signed in may read answers at all
 * @param survey - Of which answers are told; null for all
 */
export function useLive(isWanted: boolean, survey: string | null): Live {
  const [live, setLive] = useState<Live>({ round: 0, state: 'opening', count: 0 })
  const site = passedSite()
  const heard = useRef(0)
  useEffect(() => {
    if (!isWanted) return undefined
    let stream: AbortController | null = null
    let last: string | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let throttle = atRest
    const step = (input: ThrottleInput): void => {
      const next = stepThrottle(throttle, input, performance.now(), every)
      throttle = next.state
      clearTimeout(timer)
      if (next.wait !== null) timer = setTimeout(() => step('due'), next.wait)
      if (next.isDone) setLive((before) => ({ ...before, round: before.round + 1, count: heard.current }))
    }
    const open = (): void => {
      const { signal } = (stream = new AbortController())
      const listener: Listener = {
        tell: (answer) => {
          if (survey !== null && answer.survey !== survey) return
          heard.current += 1
          step('wanted')
        },
        state: (state) => setLive((before) => ({ ...before, state })),
        id: (id) => {
          last = id
        },
      }
      follow(listener, last, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
    }
    const look = (): void => {
      stream?.abort()
      step(document.hidden ? 'hidden' : 'shown')
      if (!document.hidden) open()
    }
    if (document.hidden) step('hidden')
    else open()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      clearTimeout(timer)
      stream?.abort()
    }
  }, [isWanted, site, survey])
  return isWanted ? live : { ...live, state: null }
}
