/** Deliberate faults, one at a time, that the simulation must find: changes of the real sources as they are loaded, or of the simulated world. */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Switches } from './world.ts'

export interface Mutant {
  name: string
  /** From the root of the repository; exactly one place in it must have the text. */
  edit?: { file: string; from: string; to: string }
  switches?: Switches
}

const core = 'packages/sdk/src/core/outbox.ts'
const judge = 'packages/sdk/src/core/judge.ts'
const backOff = 'packages/sdk/src/core/backOff.ts'
const keeper = 'packages/sdk/src/keeper'
const outbox = 'packages/sdk/src/shell/outbox.ts'
const store = 'packages/sdk/src/shell/store.ts'
const settle = `${keeper}/settle.ts`
const mend = `${keeper}/mend.ts`

export const mutants: readonly Mutant[] = [
  {
    name: 'the page is told before the commit',
    edit: {
      file: store,
      from: "await current.put(at('q', row.event.id), row)",
      to: "current.put(at('q', row.event.id), row).catch(() => {})",
    },
  },
  {
    name: 'a full disk is passed over',
    edit: {
      file: store,
      from: "await current.put(at('q', row.event.id), row)",
      to: "await current.put(at('q', row.event.id), row).catch(() => {})",
    },
  },
  { name: 'writes are relaxed, so a power cut takes the last ones', switches: { relaxed: true } },
  {
    name: 'rows are deleted before they are sent',
    edit: {
      file: outbox,
      from: 'const answer = await post(',
      to: "await store.change(async (stored, at) => ids.forEach((id) => stored.delete(at('q', id))))\n    const answer = await post(",
    },
  },
  {
    name: 'rows are deleted by their place in the queue',
    edit: {
      file: outbox,
      from: "for (const id of confirmed) stored.delete(at('q', id))",
      to: "for (const row of await stored.list<QueueRow>(at('q'), confirmed.length)) stored.delete(at('q', row.event.id))",
    },
  },
  {
    name: 'any answer with 200 is a receipt',
    edit: {
      file: core,
      from: 'const isBarred = [401, 403, 404, 410].includes(status)',
      to: 'if (status === 200 && !named) confirmed.push(...ids)\n  const isBarred = [401, 403, 404, 410].includes(status)',
    },
  },
  {
    name: 'no answer while the browser is online counts as delivered',
    edit: {
      file: core,
      from: 'const isBarred = [401, 403, 404, 410].includes(status)',
      to: 'if (status === 0) confirmed.push(...ids)\n  const isBarred = [401, 403, 404, 410].includes(status)',
    },
  },
  {
    name: 'every tab sends by itself',
    edit: {
      file: outbox,
      from: '{ ifAvailable: true }',
      to: '{ steal: true }',
    },
  },
  { name: 'the lock lets everybody in', switches: { noLock: true } },
  {
    name: 'a batch that chokes the collector is sent again as it is',
    edit: {
      file: core,
      from: 'const isBarred = [401, 403, 404, 410].includes(status)',
      to: 'const chokes = false',
    },
  },
  {
    name: 'one bad event takes its batch along',
    edit: {
      file: judge,
      from: 'const alone = ids.length < 2',
      to: "const alone = ids.length < 2\n  if (chokes && !alone) refused = ids.map((id) => ({ id, code: 'invalid_event', message: body, path: '' }))",
    },
  },
  {
    name: 'what is sent again has new ids',
    edit: {
      file: outbox,
      from: 'events: rows.map((row) => row.event),',
      to: 'events: rows.map((row) => (line.failures ? { ...row.event, id: random.id() } : row.event)),',
    },
  },
  {
    name: 'Retry-After is not read',
    edit: {
      file: backOff,
      from: 'Math.max(second, (asked ?? 0) + jitter)',
      to: 'Math.max(second, jitter)',
    },
  },
  {
    name: 'there is no wait after a failure',
    edit: {
      file: core,
      from: 'now + (isBarred ? stuck : backOff(failures, chance, retryAfter))',
      to: 'now',
    },
  },
  {
    name: 'after five failures the batch is given up',
    edit: {
      file: core,
      from: 'const isBarred = [401, 403, 404, 410].includes(status)',
      to: 'if (line.failures > 4 && !named) confirmed.push(...ids)\n  const isBarred = [401, 403, 404, 410].includes(status)',
    },
  },
  {
    name: 'a row moves to quarantine in two transactions',
    edit: {
      file: settle,
      from: 'await store.change((rows, at) => move(rows, at, verdict, isOurs() && isOpen()))',
      to: `const aside: { id: string; row: unknown }[] = []
    await store.change(async (stored, at) => {
      await move(stored, at, { ...verdict, refused: [] }, isOurs() && isOpen())
      for (const rejection of refused) {
        const row = await stored.get<object>(at('q', rejection.id))
        if (row) aside.push({ id: rejection.id, row: { ...row, rejection } })
        stored.delete(at('q', rejection.id))
      }
    })
    await store.change(async (stored, at) => aside.forEach(({ id, row }) => stored.put(at('d', id), row)))`,
    },
  },
  {
    name: 'something else is waited for inside of a transaction',
    edit: {
      file: settle,
      from: 'for (const rejection of refused) {',
      to: 'await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))\n  for (const rejection of refused) {',
    },
  },
  {
    name: 'a refusal in another tab is not listened for',
    edit: { file: outbox, from: 'await parts.listen()', to: '' },
  },
  {
    name: 'what a device gives up is not counted',
    edit: { file: `${keeper}/trim.ts`, from: "rows.put(at('q', loss.id), rowOf(loss))", to: '' },
  },
  {
    name: 'a disk that heals gets nothing of what was in memory',
    edit: {
      file: mend,
      from: "for (const row of moved) rows.put(at('q', row.event.id), row)",
      to: '',
    },
  },
  {
    name: 'a row that cannot be read stays where it is',
    edit: { file: mend, from: '.catch(() => sweep(to))', to: '.catch(() => {})' },
  },
  {
    name: 'a row that cannot be read is given up without a word',
    edit: { file: mend, from: "rows.put(at('q', loss.id), rowOf(loss))", to: '' },
  },
  {
    name: 'site keys share their rows',
    edit: { file: store, from: '=> `${key}:${kind}:${id}`', to: '=> `${key.slice(0, 3)}:${kind}:${id}`' },
  },
  {
    name: 'a refusal deletes what waits under other keys',
    edit: {
      file: store,
      from: "await transact(async (rows) => {\n        rows.clear(key + ':')",
      to: 'await transact(async (rows) => {\n        rows.clear(key.slice(0, 3))',
    },
  },
  {
    name: 'of a long queue any answer is a receipt',
    edit: {
      file: `${keeper}/hurry.ts`,
      from: '.confirmed.length < ids.length',
      to: '.confirmed.length < 0',
    },
  },
  {
    name: 'the turn of a tab that died is never over',
    edit: { file: `${keeper}/lease.ts`, from: 'held.until <= now ||', to: '' },
  },
  { name: 'the collector answers before its commit', switches: { earlyReceipt: true } },
  {
    name: 'the receipt is silent about what was stored before',
    edit: {
      file: 'packages/collector/src/core/ingest.ts',
      from: 'const duplicates = [...verdict.duplicates]',
      to: 'const duplicates: string[] = []',
    },
  },
  {
    name: 'mended: a body that was cut on its way condemns its event',
    edit: { file: judge, from: "'urn:earshot:problem:invalid_envelope'", to: "'urn:earshot'" },
  },
  {
    name: 'mended: a clock that is set back prolongs a wait',
    edit: { file: backOff, from: ' || now < at - minute', to: '' },
  },
]

const root = new URL('../../../', import.meta.url)

/** Throws when the place of an edit is not there, or not the only one. */
export function edited({ name, edit }: Mutant): string | null {
  if (!edit) return null
  const parts = readFileSync(new URL(edit.file, root), 'utf8').split(edit.from)
  if (parts.length === 2) return parts.join(edit.to)
  throw new Error(
    `The mutant "${name}" finds its place ${parts.length - 1} times in ${edit.file}; give it one that is there once.`,
  )
}

/** From now on the source is loaded as the mutant has it; before anything imports it. */
export function infect(mutant: Mutant): void {
  const source = edited(mutant)
  if (source === null) return
  const path = fileURLToPath(new URL((mutant.edit as { file: string }).file, root))
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      return url.startsWith('file:') && fileURLToPath(url) === path ? { ...loaded, source } : loaded
    },
  })
}
