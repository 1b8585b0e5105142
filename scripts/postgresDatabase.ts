/** Makes a database on a server, and drops it. */
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import type * as Driver from 'pg'

// The driver is a dependency of the collector.
const { Client } = createRequire(new URL('../packages/collector/package.json', import.meta.url))(
  'pg',
) as typeof Driver

/** A database that nobody else has. */
export interface FreshDatabase {
  name: string
  url: string
  /** Also when it is in use. */
  drop(): Promise<unknown>
}

/**
 * Makes a database with a name of its own.
 *
 * @param admin - Address of another database of the server.
 * @param template - Of which it is to be a copy.
 * @param prefix - Of its name.
 */
export async function createDatabase(
  admin: string,
  template = 'template1',
  prefix = 'earshot_test_',
): Promise<FreshDatabase> {
  const name = prefix + randomBytes(6).toString('hex')
  await order(admin, `CREATE DATABASE ${name} TEMPLATE ${template}`)
  const url = new URL(admin)
  url.pathname = `/${name}`
  return { name, url: url.href, drop: () => order(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

/** Says one thing to a server, and gives the rows that it answers. */
export async function order<Row>(url: string, text: string): Promise<Row[]> {
  return withClient(url, async (ask) => ask<Row>(text))
}

/** Asks over one connection. */
export type Ask = <Row>(text: string) => Promise<Row[]>

/** Opens a connection, and closes it after its use. */
export async function withClient<Result>(url: string, use: (ask: Ask) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await use(async <Row>(text: string) => (await client.query(text)).rows as Row[])
  } finally {
    await client.end()
  }
}
