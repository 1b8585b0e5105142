/** What makes a survey appear now: things that happen on a page, and which of them count. */
import type { Rule } from './rule.ts'

/**
 * Which addresses. A value with `://` is compared with the whole address, any other with the path. Query and fragment
 * count only where the value holds a `?` or a `#`. In `glob`, `*` stands for anything but `/`, `**` for anything.
 * `pattern` is the syntax of `compilePattern`, found anywhere.
 */
export interface AddressMatch {
  match: 'exact' | 'prefix' | 'glob' | 'pattern'
  value: string
}

/** What narrows any trigger. */
export interface TriggerBase {
  /** Only on pages with one of these addresses. */
  url?: AddressMatch[] | undefined
  /** Names of events that call the survey off while its delay runs. */
  cancel?: string[] | undefined
}

/** One step of a sequence. */
export interface SequenceStep {
  /** Name given to `earshot.track(name)`. */
  name: string
  /** Over `event.…`: the properties of the event. */
  where?: Rule | undefined
  /** So often, default once. */
  times?: number | undefined
}

/**
 * What makes an eligible survey appear by itself. Several triggers are alternatives.
 * `earshot.show(id)` works with any survey, also with one that has no trigger.
 */
export type Trigger =
  | (TriggerBase & {
      on: 'event'
      /** Name given to `earshot.track(name)`. */
      name: string
      /** Over `event.…`: the properties of the event. */
      where?: Rule | undefined
      /** Only the so-manieth time for this visitor, over all visits; default every time. */
      nth?: number | undefined
      /** Seconds to wait, default 0. */
      delay?: number | undefined
    })
  | (TriggerBase & {
      on: 'sequence'
      /** In this order; other events may come between. */
      steps: SequenceStep[]
      /** Seconds from the first to the last. */
      within: number
      /** Seconds to wait, default 0. */
      delay?: number | undefined
    })
  | (TriggerBase & {
      on: 'page'
      /** Seconds after the page view (a load or a navigation inside the app). */
      delay: number
    })
  | (TriggerBase & {
      /** Time for which the page was really visible. */
      on: 'time'
      seconds: number
    })
  | (TriggerBase & {
      /** How far down the page was scrolled. */
      on: 'scroll'
      /** 1–100. */
      percent: number
    })
  | (TriggerBase & {
      /**
       * About to leave: the mouse goes out over the top edge. On touch, where nothing like it can be seen, a quick
       * scroll back up after half of the page, or coming back to the page after it was hidden.
       */
      on: 'exit'
    })
  | (TriggerBase & {
      /** No input for so long while the page is visible. */
      on: 'idle'
      seconds: number
    })
  | (TriggerBase & {
      /** Half of the element was on the screen for a second; or it was clicked. */
      on: 'seen' | 'click'
      /** CSS selector. */
      selector: string
    })
  | (TriggerBase & {
      /** Three clicks within a second at one place. */
      on: 'rage'
      /** CSS selector of where it counts, default anywhere. */
      selector?: string | undefined
    })
