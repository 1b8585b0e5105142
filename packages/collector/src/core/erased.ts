/** How long it is remembered who was erased. */
import type { Millis } from './time.ts'

const day = 24 * 60 * 60_000

/**
 * How long it is remembered that a visitor is gone of whom there was no event.
 *
 * Such a visitor must be remembered too: the events may still be in the queue of a tab or a device that was offline when
 * consent was withdrawn, and must not be stored when they come. But whoever asks has shown nothing but the public key and
 * some text, so there is no end to such visitors. Therefore they are remembered for a time, within which nearly every queue
 * is sent, and only so many of them. Visitors of whom there were events are remembered for good: there are no more of them
 * than there were events.
 */
export const strangerSpan: Millis = 30 * day
/** Most such visitors of a site. Beyond, who asked first is forgotten first. */
export const mostStrangers = 100_000
