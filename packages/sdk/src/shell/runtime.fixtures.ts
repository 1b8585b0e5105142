/** A runtime in Node: everything that a page would give it is a fake, but for the store and the core. */
import type { EarshotEvents } from '../core/emission.ts'
import type { Input } from '../core/model.ts'
import type { Memory } from '../core/remembered.ts'
import type { QueueRow } from '../core/queueRow.ts'
import { extend } from '../core/rules/engine.ts'
import { rules } from '../core/rules/rules.ts'
import { aPage } from '../core/rules/survey.fixtures.ts'
import type { Database, DurableDatabase } from '../ports/database.ts'
import type { RulesChunk } from '../ports/rules.ts'
import { createFakeClock, createFakePage, createFakeTransport, loadOutboxOver, settled } from '../testing.ts'
import { createCarrier } from './carryOut.ts'
import { createMemoryDatabase } from './memoryDatabase.ts'
import { createRandom } from './random.ts'
import { startRuntime } from './runtime.ts'
import type { Parts, Settings } from './runtimeParts.ts'
import { createStore } from './store.ts'

/** A database that takes what IndexedDB takes, and fails when it is told to. */
export function createFakeDatabase(): DurableDatabase & { fails: boolean } {
  const memory = createMemoryDatabase()
  const checked = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (database.fails) throw new Error('storage is gone')
    return work()
  }
  const database: DurableDatabase & { fails: boolean } = {
    ...memory,
    fails: false,
    durable: true,
    exists: async () => true,
    put: (key, value) => checked(() => memory.put(key, structuredClone(value))),
    transact: (work) =>
      checked(() =>
        memory.transact((rows) =>
          work({ ...rows, put: (key, value) => rows.put(key, structuredClone(value)) }),
        ),
      ),
  }
  return database
}

/** The rules on a page without sensors. */
export function createRulesChunk(): RulesChunk {
  const sensors = { watch() {}, stop() {} }
  const carrier = createCarrier(
    rules,
    () => sensors,
    async () => {},
    (change) => change,
  )
  return {
    rules,
    step: (state, input, advance) => extend(advance, rules)(state, input),
    erase: carrier.erase,
    pageFacts: () => aPage,
    carryOut: carrier.carryOut,
    cleaned: (event) => event,
    explain: () => Promise.reject(new Error('not here')),
    destroy: carrier.destroy,
  }
}

/** One page; others over the same database are tabs of it. */
export function createTab(
  settings: Partial<Settings> = {},
  more: Partial<Parts> & { database?: DurableDatabase; consentRequired?: boolean } = {},
) {
  const { database = createFakeDatabase(), consentRequired = false, ...parts } = more
  const clock = createFakeClock()
  const second: Database = createMemoryDatabase()
  const store = createStore('pk', database, second, () => {})
  const transport = createFakeTransport()
  const runtime = startRuntime(
    { key: 'pk', collector: 'https://c.example', served: false, ...settings },
    consentRequired,
    {
      clock,
      random: createRandom(clock),
      store,
      ask: () => new Promise(() => {}),
      loadServed: () => new Promise(() => {}),
      page: createFakePage(),
      log: () => {},
      loadCard: () => new Promise(() => {}),
      loadKinds: () => new Promise(() => {}),
      loadOutbox: loadOutboxOver(transport),
      loadKeeper: () => new Promise(() => {}),
      loadRules: () => new Promise<RulesChunk>(() => {}),
      ...parts,
    },
  )
  const heard: { name: string; detail: unknown }[] = []
  const names: (keyof EarshotEvents)[] = ['error', 'suppressed', 'queued', 'ready']
  for (const name of names) runtime.on(name, (detail) => void heard.push({ name, detail }))
  return {
    clock,
    store,
    database,
    runtime,
    transport,
    heard,
    tell: (input: object, needsRules?: unknown): void =>
      runtime.tell(() => ({ at: clock.now(), ...input }) as Input, needsRules),
    stored: (): Promise<Partial<Memory> | undefined> =>
      database.transact((rows) => rows.get<Partial<Memory>>('pk:m:')),
    rows: (): Promise<QueueRow[]> => database.transact((rows) => rows.list<QueueRow>('pk:q:', 99)),
    settled,
  }
}
