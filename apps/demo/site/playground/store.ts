/** The state of the playground, and its history: each step that somebody takes is an entry of the browser's. */
import { begin, isPacked, pack, type State, unpack } from './state.ts'

export interface Store {
  state(): State
  /**
   * Another state. Changes with the same name after one another are one step: typing into a field is. Without a name it
   * belongs to the step that is there.
   */
  change(next: State, step?: string): void
  /** Begins with what the address says, and follows it. */
  start(): Promise<void>
  /** The address of what there is now. */
  link(): Promise<string>
}

/** Browsers take some two hundred changes of the address in half a minute. */
const pause = 300

/**
 * Keeps the state.
 *
 * @param template what there is where the address says nothing
 * @param changed is told whenever there is another state, and what is wrong with the link that it came from
 */
export function createStore(template: string, changed: (state: State, wrong: string | null) => void): Store {
  let state = begin(template)
  let lastStep: string | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  /** What is to be written yet, in its order. */
  let waiting: { state: State; isStep: boolean } | null = null
  let written: Promise<void> = Promise.resolve()
  let visit = 0

  const write = (): void => {
    clearTimeout(timer)
    if (!waiting) return
    const { state: own, isStep } = waiting
    waiting = null
    const mine = visit
    written = written.then(async () => {
      const address = await pack(own)
      // Somebody went back meanwhile: what was left behind has no place any more.
      if (mine !== visit) return
      if (isStep) history.pushState(null, '', address)
      else history.replaceState(null, '', address)
    })
  }

  const read = async (isFirst = false): Promise<void> => {
    const fragment = location.hash
    const isPlace = fragment !== '' && !isPacked(fragment)
    // A place on the page is no other playground.
    if (isPlace && !isFirst) return
    visit++
    clearTimeout(timer)
    waiting = null
    lastStep = undefined
    const mine = visit
    let wrong: string | null = null
    const found = fragment === '' || isPlace ? begin(template) : await unpack(fragment).catch(() => null)
    if (mine !== visit) return
    if (!found)
      wrong = 'The link is damaged, so this is a new playground. Copy all of the link, to its last letter.'
    state = found ?? begin(template)
    changed(state, wrong)
  }

  return {
    state: () => state,
    async start() {
      addEventListener('popstate', () => void read())
      addEventListener('pagehide', write)
      await read(true)
    },
    change(next, step) {
      const isStep = step !== undefined && step !== lastStep
      if (isStep) write()
      waiting = { state: next, isStep: isStep || waiting?.isStep === true }
      lastStep = step ?? lastStep
      state = next
      clearTimeout(timer)
      timer = setTimeout(write, pause)
      changed(state, null)
    },
    async link() {
      const address = new URL(location.href)
      address.hash = await pack(state)
      return address.href
    },
  }
}
