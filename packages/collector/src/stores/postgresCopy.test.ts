import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryDatabase } from '../fixtures.ts'
import { createCopiedLines } from './postgresCopy.ts'
import { createPostgres, type Postgres } from './postgresPool.ts'

async function open(read?: number): Promise<Postgres> {
  const postgres = createPostgres(await temporaryDatabase(), read === undefined ? {} : { read }, 1)
  onTestFinished(() => postgres.close())
  return postgres
}
const some = (count: number): string =>
  `SELECT '{"n":' || n || '}' AS body, n % 2 = 0 AS over_quota, n::bigint AS row FROM generate_series(1, ${count}) AS n`

async function linesOf(postgres: Postgres, select: string, room?: ArrayBuffer): Promise<string[]> {
  const lines = createCopiedLines(room)
  await postgres.copy(select, lines.take)
  expect(lines.row()).toBe(lines.count() || null)
  return new TextDecoder().decode(lines.bytes()).split('\n').slice(0, -1)
}

describe('rows that are copied', () => {
  it('come whole and in order, none of them too', async () => {
    const postgres = await open()
    for (const count of [0, 1, 5000])
      for (const size of [0, 50, 1_000_000])
        expect(await linesOf(postgres, some(count), new ArrayBuffer(size))).toEqual(
          Array.from({ length: count }, (_, index) => `{"n":${index + 1},"overQuota":${index % 2 === 1}}`),
        )
  })

  it('that the database refuses, or whose taker fails, are an error, and the next ones come', async () => {
    const postgres = await open()
    await expect(linesOf(postgres, 'SELECT nothing')).rejects.toMatchObject({ code: '42703' })
    // Fails when rows are on their way already.
    const late = `SELECT '{}', 1 / (n - 3000) = 0, n::bigint FROM generate_series(1, 5000) AS n`
    await expect(linesOf(postgres, late)).rejects.toMatchObject({ code: '22012' })
    let taken = 0
    const failing = postgres.copy(some(100), () => {
      if (++taken === 10) throw new Error('broken on purpose')
    })
    await expect(failing).rejects.toThrow('broken on purpose')
    expect(taken).toBe(10)
    expect(await linesOf(postgres, some(3))).toHaveLength(3)
  })

  it('that do not come in time, or whose connection breaks, say that the database is not there', async () => {
    const impatient = await open(1)
    const slow = `SELECT '{}', false, n::bigint FROM generate_series(1, 5) AS n, pg_sleep(60)`
    // The second one has a connection of its own.
    for (let time = 0; time < 2; time++)
      await expect(linesOf(impatient, slow)).rejects.toMatchObject({ code: 'store_unavailable' })
    const postgres = await open()
    const killed = `SELECT '{}', false, 1::bigint WHERE pg_terminate_backend(pg_backend_pid())`
    await expect(linesOf(postgres, killed)).rejects.toMatchObject({ code: 'store_unavailable' })
    expect(await linesOf(postgres, some(3))).toHaveLength(3)
  })
})
