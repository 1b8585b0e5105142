/** The period of the address, as a hook. */
import { useMemo } from 'preact/hooks'
import { usePlace } from '../shell/place.ts'
import { type Period, periodOf } from './period.ts'

/** The period that is looked at; the same object until the address changes. */
export function usePeriod(): Period {
  const { query } = usePlace()
  return useMemo(() => periodOf(query, new Date()), [query])
}
