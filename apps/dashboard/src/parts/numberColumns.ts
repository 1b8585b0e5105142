/** The columns that every table of groups has: the number, its interval and its n. */
import type { Estimate } from '../api/shapes.ts'
import { formatCount, formatInterval, formatValue, type Unit } from '../numbers/format.ts'
import type { Column } from './table.tsx'

interface Group {
  estimate: Estimate
  responses: number
  /** It stands on too few answers to be shown. */
  isHidden: boolean
}

export const numberColumns = (unit: Unit): Column<Group>[] => [
  {
    title: 'Value',
    cell: ({ estimate, isHidden }) =>
      isHidden ? 'too few' : estimate.value === null ? 'none' : formatValue(estimate.value, unit),
    isNumber: true,
  },
  {
    title: '95 % interval',
    cell: ({ estimate: { interval } }) => (interval ? formatInterval(interval, unit) : '–'),
    isNumber: true,
  },
  { title: 'n', cell: ({ responses }) => formatCount(responses), isNumber: true },
]
