/** The server of the tests that run on PostgreSQL: one for all of them, with a template to make databases from. */
import type { TestProject } from 'vitest/node'
import { createPostgresStore } from '../packages/collector/src/stores/postgres.ts'
import { startPostgres } from './postgres.ts'
import { createDatabase, order } from './postgresDatabase.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a database of the server from which others can be made. */
    postgres: string
    /** Name of a database that has our tables, and nothing in them. */
    postgresTemplate: string
  }
}

/** Starts the server, or takes the one that `EARSHOT_TEST_POSTGRES` names; what it gives back ends it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.EARSHOT_TEST_POSTGRES
  // Nothing here is about power cuts, and each test makes a database.
  const settings = { fsync: 'off', full_page_writes: 'off', autovacuum: 'off' }
  const server = given ? undefined : await startPostgres(settings)
  const url = given ?? server?.url('postgres') ?? ''
  try {
    const template = await createDatabase(url)
    const store = await createPostgresStore(template.url)
    await store.close()
    project.provide('postgres', url)
    project.provide('postgresTemplate', template.name)
    return async () => {
      await server?.remove()
      if (!given) return
      const like = `SELECT datname FROM pg_database WHERE datname LIKE '${template.name}%'`
      for (const { datname } of await order<{ datname: string }>(url, like))
        await order(url, `DROP DATABASE ${datname} WITH (FORCE)`)
    }
  } catch (error) {
    await server?.remove()
    throw error
  }
}
