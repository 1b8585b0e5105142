/** How a page speaks: numbers in words, and bounds in a sentence that says how to mend it. */
import { type Counted, format, type KindStrings } from './strings.ts'

export interface Voice {
  strings: KindStrings
  /** Puts numbers into words. */
  say(words: string | Counted, values: Readonly<Record<string, number>>): string
  /** The sentence for the bounds that there are: none, `least`, `most`, both. */
  bounded(
    sentences: readonly [
      none: string,
      from: string | Counted,
      to: string | Counted,
      between: string | Counted,
    ],
    least?: number,
    most?: number,
  ): string
}

export function createVoice(strings: KindStrings): Voice {
  const say: Voice['say'] = (words, values) => format(strings, words, values)
  return {
    strings,
    say,
    bounded([none, from, to, between], least, most) {
      if (least === undefined) return most === undefined ? none : say(to, { most })
      return most === undefined ? say(from, { least }) : say(between, { least, most })
    },
  }
}
