/** A store whose writes are counted, and refused before the disk is full. */
import type { Receipt } from '@earshot/contract'
import type { Taken } from '../core/asUsual.ts'
import { isStoreFailure, storeFailure, type StoreFailureCode } from '../core/failure.ts'
import type { Appended, EventStore } from '../ports/eventStore.ts'
import type { DiskRoom } from './diskRoom.ts'

/** Told of each write. */
export interface WriteObserver {
  judged(outcome: 'accepted' | 'duplicate' | 'rejected', count: number): void
  rejected(code: string): void
  write(kind: string): (failure?: StoreFailureCode | 'unexpected') => void
}

/** Methods that write, by what they are counted as. A store need not have all of them. */
const kinds: Readonly<Record<string, string>> = {
  append: 'events',
  ingest: 'events',
  take: 'events',
  takePlace: 'place',
  place: 'place',
  putSurvey: 'definition',
  dropSurvey: 'definition',
  putSettings: 'definition',
  erase: 'erase',
  anonymise: 'erase',
  retain: 'retain',
}
/** They make room, or take none. */
const always: ReadonlySet<string> = new Set(['erase', 'anonymise', 'retain', 'dropSurvey'])

type Method = (...given: unknown[]) => Promise<unknown>

/**
 * Wraps a store.
 *
 * @param room null when nothing is on a disk
 * @example
 * const store = watchedStore(createSqliteStore(path), metrics, createDiskRoom(data))
 */
export function watchedStore<Store extends EventStore>(
  store: Store,
  observer: WriteObserver,
  room: DiskRoom | null,
): Store {
  const watched: Record<string, Method> = {}
  for (const [name, kind] of Object.entries(kinds)) {
    const method = (store as unknown as Record<string, Method | undefined>)[name]
    if (!method) continue
    watched[name] = async (...given) => {
      const ended = observer.write(kind)
      try {
        if (!always.has(name) && room?.isLow())
          throw storeFailure('store_unavailable', 'the disk is nearly full')
        const result = await method(...given)
        ended()
        if (kind === 'events') count(result as Appended | Receipt | Taken | null, observer)
        return result
      } catch (error) {
        ended(isStoreFailure(error) ? error.code : 'unexpected')
        throw error
      }
    }
  }
  return { ...store, ...watched }
}

function count(result: Appended | Receipt | Taken | null, observer: WriteObserver): void {
  // Nothing was judged.
  if (result === null) return
  const { accepted, duplicates, rejected } =
    'verdict' in result ? countsOf(result) : 'receipt' in result ? result : told(result)
  if (accepted > 0) observer.judged('accepted', accepted)
  if (duplicates > 0) observer.judged('duplicate', duplicates)
  if (rejected.length > 0) observer.judged('rejected', rejected.length)
  for (const code of rejected) observer.rejected(code)
}

type Counts = Omit<Taken, 'receipt'>

function countsOf({ verdict, inserted }: Appended): Counts {
  const duplicates = verdict.duplicates.length + verdict.accepted.length - inserted.size
  return { accepted: inserted.size, duplicates, rejected: verdict.rejected.map((each) => each.code) }
}

function told({ accepted, duplicates, rejected }: Receipt): Counts {
  return {
    accepted: accepted.length,
    duplicates: duplicates.length,
    rejected: rejected.map((each) => each.code),
  }
}
