/** Answers of the collector as hooks: shown at once where they are known, and asked for again. */
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks'
import type { Fault } from './fault.ts'
import { LiveContext } from './live.ts'
import { ask, passedSite, type Reply, type Shape } from './request.ts'

/** What is known of an answer. */
export interface Asked<Value> {
  /** The newest answer, also while it is asked for again; null before the first. */
  value: Value | null
  fault: Fault | null
  isLoading: boolean
  /** Asks again. */
  again(): void
}

/** Most answers that are kept. */
const most = 200
const known = new Map<string, unknown>()

/** Forgets all answers: somebody else signed in, or another site was chosen. */
export function forget(): void {
  known.clear()
}

function keep(key: string, value: unknown): void {
  known.delete(key)
  known.set(key, value)
  const [oldest] = known.keys()
  if (known.size > most && oldest !== undefined) known.delete(oldest)
}

interface Loaded<Value> {
  key: string | null
  value: Value | null
  fault: Fault | null
  isLoading: boolean
}

/** What is known of it before it was asked for. */
function begin<Value>(name: string | null): Loaded<Value> {
  return {
    key: name,
    value: name === null ? null : ((known.get(name) as Value | undefined) ?? null),
    fault: null,
    isLoading: name !== null,
  }
}

/**
 * Loads something, again whenever the key changes.
 *
 * @param key - Names what is loaded; null loads nothing
 * @param load - Gives the answer; rejects only when it was aborted
 * @param isLive - Whether it is asked for again when answers came in
 */
export function useLoad<Value>(
  key: string | null,
  load: (signal: AbortSignal) => Promise<Reply<Value>>,
  isLive = false,
): Asked<Value> {
  const name = key === null ? null : `${passedSite()} ${key}`
  const [round, setRound] = useState(0)
  const [state, setState] = useState<Loaded<Value>>(() => begin(name))
  const loader = useRef(load)
  loader.current = load
  // What is under way is not broken off by a round: where answers never end, nothing would ever come of it.
  const isBusy = useRef(false)
  const isOwed = useRef(false)
  useEffect(() => {
    if (name === null) return undefined
    const controller = new AbortController()
    isBusy.current = true
    isOwed.current = false
    setState((before) => (before.key === name ? { ...before, isLoading: true } : begin(name)))
    loader.current(controller.signal).then(
      (reply) => {
        if (controller.signal.aborted) return
        if (reply.ok) keep(name, reply.value)
        setState((before) => ({
          key: name,
          value: reply.ok ? reply.value : before.key === name ? before.value : null,
          fault: reply.ok ? null : reply.fault,
          isLoading: false,
        }))
        isBusy.current = false
        if (isOwed.current) setRound((count) => count + 1)
      },
      (error: unknown) => {
        if (!controller.signal.aborted) throw error
      },
    )
    return () => controller.abort()
  }, [name, round])
  const again = useCallback(() => setRound((count) => count + 1), [])
  const live = useContext(LiveContext).round
  const seen = useRef(live)
  useEffect(() => {
    if (!isLive || live === seen.current) return
    seen.current = live
    if (isBusy.current) isOwed.current = true
    else again()
  }, [isLive, live, again])
  // What belongs to the key before is not shown under this one.
  const current = state.key === name ? state : begin<Value>(name)
  return { value: current.value, fault: current.fault, isLoading: current.isLoading, again }
}

/** Asks for a path, again whenever it changes; null asks for nothing. */
export function useAsk<Value>(path: string | null, shape: Shape<Value>, isLive = false): Asked<Value> {
  return useLoad(path, (signal) => ask(path ?? '', shape, { signal }), isLive)
}

/** The same; while something of the same scope is asked for under another key for the first time, what was known before. */
export function useKept<Value>(asked: Asked<Value>, scope: string): Asked<Value> {
  const before = useRef<{ scope: string; value: Value } | null>(null)
  if (asked.value !== null) before.current = { scope, value: asked.value }
  if (asked.value !== null || before.current?.scope !== scope) return asked
  return { ...asked, value: before.current.value }
}
