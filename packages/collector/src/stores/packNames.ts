/** The words of packed JSON. Rows on disks are written with their numbers: nothing here may change or move, only be added at an end. */

/** What stands before a value. What is not here is a small whole number, or the length of a short text. */
export const tags = {
  null: 0,
  false: 1,
  true: 2,
  /** 8 bytes, big-endian. */
  double: 3,
  /** A UUID in lower case; 16 bytes. */
  uuid: 4,
  /** ISO 8601 in UTC with milliseconds; how much later than the one before it in the same value. */
  moment: 5,
  /** Length in bytes, UTF-8. */
  text: 6,
  /** Number of values. */
  list: 7,
  /** Number of keys; for each its number, or 0 and a text, and the value. */
  fields: 8,
  /** Number of the shape, then the values in its order. */
  shape: 9,
  /** Number of a word. */
  word: 10,
  /** Whole number, the sign in the lowest bit. */
  integer: 11,
  /** So many nulls in a row, inside a shape. */
  nulls: 12,
  /** What the row has in a column of its own, the first of them. */
  slot: 13,
  /** The first of the whole numbers from 0 on. */
  small: 32,
  /** The first of the texts of 0 bytes and more. */
  short: 128,
} as const

/** Keys by their numbers, from 1 on. */
export const keyNames: readonly string[] = [
  'id',
  'type',
  'at',
  'visitor',
  'person',
  'session',
  'seq',
  'context',
  'survey',
  'surveyVersion',
  'response',
  'variant',
  'data',
  'url',
  'locale',
  'channel',
  'touchpoint',
  'stage',
  'trigger',
  'followUp',
  'hidden',
  'layout',
  'wording',
  'question',
  'value',
  'other',
  'order',
  'revision',
  'reason',
  'until',
  'state',
  'due',
  'traits',
  'group',
  'name',
  'props',
  'events',
  'surveys',
  'from',
  'to',
  'version',
  'status',
  'displayedAt',
  'answers',
  'completedAt',
  'dismissedAt',
  'dismissReason',
  'firstAt',
  'lastAt',
  'score',
  'comment',
  'why',
]

/** Texts by their numbers, from 0 on. */
export const words: readonly string[] = [
  'display',
  'answer',
  'complete',
  'dismiss',
  'snooze',
  'followup',
  'optout',
  'identify',
  'group',
  'track',
  'loss',
  'shown',
  'partial',
  'completed',
  'dismissed',
  'web',
  'show',
  'event',
  'sequence',
  'page',
  'time',
  'scroll',
  'exit',
  'idle',
  'seen',
  'click',
  'rage',
  'resume',
  'close',
  'escape',
  'command',
  'planned',
  'answered',
  'cancelled',
  'expired',
  'score',
]

const about = ['survey', 'surveyVersion', 'response', 'data']
const base = ['id', 'type', 'at', 'visitor', 'person', 'session', 'seq', 'context']

/** Keys of objects that are frequent. */
export const shapes: readonly (readonly string[])[] = [
  [...base, ...about],
  [...base, 'variant', ...about],
  [...base, 'data'],
  [
    'id',
    'survey',
    'version',
    'status',
    'visitor',
    'person',
    'session',
    'channel',
    'touchpoint',
    'stage',
    'locale',
    'url',
    'variant',
    'trigger',
    'followUp',
    'hidden',
    'layout',
    'wording',
    'displayedAt',
    'answers',
    'completedAt',
    'dismissedAt',
    'dismissReason',
    'firstAt',
    'lastAt',
  ],
  ['question', 'value', 'revision'],
  ['value', 'revision', 'at'],
  ['url', 'locale', 'channel'],
]
