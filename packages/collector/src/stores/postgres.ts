/** The store of several machines: any number of collectors on one PostgreSQL database. */
import { randomInt } from 'node:crypto'
import type { SiteSettings } from '@earshot/contract'
import type { EventStore } from '../ports/eventStore.ts'
import type { Log } from '../ports/world.ts'
import { createPostgresAccess } from './postgresAccess.ts'
import { createPostgresAudit } from './postgresAudit.ts'
import { createAppend, mostEvents, putDefinition } from './postgresAppend.ts'
import { createPostgresCases } from './postgresCases.ts'
import { createPostgresColumns } from './postgresColumns.ts'
import { anonymise } from './postgresAnonymise.ts'
import { erase } from './postgresErase.ts'
import { explain } from './postgresError.ts'
import { createFindingReads } from './postgresFindings.ts'
import { readNames, readSurvey } from './postgresLookup.ts'
import { addJobs, createPostgresJobs } from './postgresJobs.ts'
import { createPostgresMail } from './postgresMail.ts'
import { createPostgresNotes } from './postgresNotes.ts'
import { createMonths } from './postgresMonth.ts'
import { takePlace } from './postgresPlaces.ts'
import { createPostgres, type Ask, type PostgresTimeouts } from './postgresPool.ts'
import { createQueue, type Outcome } from './postgresQueue.ts'
import { createReads } from './postgresRead.ts'
import { createReports } from './postgresReports.ts'
import { createPeopleReads, retain } from './postgresPeople.ts'
import { createSuspectReads } from './postgresSuspects.ts'
import { openSchema } from './postgresSchema.ts'
import { addressOf, keyText } from './postgresText.ts'

/** How the store is set up besides its address. */
export interface PostgresOptions {
  /** Told what the operator should know. */
  log?: Log | undefined
  timeouts?: Partial<PostgresTimeouts> | undefined
}

/** Rows that the counters are spread over. */
const slots = 64
/** Most pieces of work that need the site for themselves in one transaction. */
const mostAlone = 64

const surveysOf = 'SELECT body, source FROM earshot.surveys WHERE site = $1 AND id = $2 ORDER BY version'

/**
 * Opens the store and makes its tables when they are missing. Any number of collectors may have it open.
 *
 * @param url `postgres://user:password@host:5432/database`; a pooler that lends connections by transaction may stand between
 * @throws when the database cannot be reached, belongs to another program, or was written by a newer one
 * @example
 * const store = await createPostgresStore('postgres://earshot@localhost/earshot')
 */
export async function createPostgresStore(url: string, options: PostgresOptions = {}): Promise<EventStore> {
  const { log, timeouts } = options
  const postgres = createPostgres(url, timeouts)
  try {
    await openSchema(postgres, addressOf(url), log)
  } catch (error) {
    await postgres.close()
    throw error
  }
  const { read } = postgres
  const slot = randomInt(slots)
  const appends = createQueue(
    {
      most: mostEvents,
      weigh: ({ batch }) => batch.candidates.length,
      lanes: 2,
      keysOf: ({ batch }) => [...batch.ids, ...batch.responses],
    },
    createAppend(postgres, createMonths(postgres, log), slot),
  )
  const alone = createQueue<(ask: Ask) => Promise<unknown>, unknown>({ most: mostAlone }, (site, works) =>
    postgres.transaction({ site, mode: 'exclusive' }, (ask) => inTurn(ask, works)),
  )
  const runAlone = <Result>(site: number, work: (ask: Ask) => Promise<Result>): Promise<Result> =>
    alone.add(site, work) as Promise<Result>

  return {
    ...createPostgresAccess(postgres),
    ...createPostgresAudit(read),
    append: (site, batch, judge, at) => appends.add(site, { batch, judge, at }),
    async settings(site) {
      const [row] = await read('SELECT body FROM earshot.settings WHERE site = $1', [site])
      return row ? (JSON.parse(row.body as string) as SiteSettings) : null
    },
    putSettings: (site, settings, at) =>
      runAlone(site, async (ask) => {
        await ask(
          `INSERT INTO earshot.settings (site, body, updated_at) VALUES ($1, $2, $3)
           ON CONFLICT (site) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at`,
          [site, JSON.stringify(settings), at],
        )
      }),
    takePlace: (site, asked, decide, at) => runAlone(site, (ask) => takePlace(ask, site, asked, decide, at)),
    erase: (site, visitor, at) => runAlone(site, (ask) => erase(ask, site, slot, visitor, at)),
    anonymise: (site, visitor, at) => runAlone(site, (ask) => anonymise(ask, site, slot, visitor, at)),
    async surveys(site, id) {
      const rows =
        id === undefined
          ? await read('SELECT body, source FROM earshot.surveys WHERE site = $1 ORDER BY id, version', [
              site,
            ])
          : await read(surveysOf, [site, keyText(id)])
      return rows.map(readSurvey)
    },
    surveyNames: (site) => readNames(read, site),
    async servedSurveys(site) {
      const rows = await read(
        `SELECT DISTINCT ON (id) body, source FROM earshot.surveys
         WHERE site = $1 AND source = 'served' ORDER BY id, version DESC`,
        [site],
      )
      return rows.map((row) => readSurvey(row).survey)
    },
    putSurvey: (site, survey, decide, at) =>
      runAlone(site, async (ask) => {
        const decision = decide((await ask(surveysOf, [site, keyText(survey.id)])).map(readSurvey))
        if (decision.kind === 'created') await putDefinition(ask, site, decision.survey, 'served', at)
        return decision
      }),
    dropSurvey: (site, id, version) =>
      runAlone(site, async (ask) => {
        const key = [site, keyText(id), version]
        const [row] = await ask(
          'SELECT source FROM earshot.surveys WHERE site = $1 AND id = $2 AND version = $3',
          key,
        )
        if (!row) return 'unknown'
        if (row.source === 'served') return 'served'
        const uses = await ask(
          'SELECT 1 FROM earshot.responses WHERE site = $1 AND survey = $2 AND version = $3 LIMIT 1',
          key,
        )
        if (uses.length > 0) return 'used'
        await ask('DELETE FROM earshot.surveys WHERE site = $1 AND id = $2 AND version = $3', key)
        return 'dropped'
      }),
    ...createReads(postgres),
    ...createReports(read),
    tally: createPostgresColumns(postgres).tally,
    ...createSuspectReads(read),
    ...createFindingReads(read),
    ...createPeopleReads(read),
    ...createPostgresJobs(postgres),
    ...createPostgresCases(postgres, addJobs),
    ...createPostgresMail(postgres),
    ...createPostgresNotes(postgres),
    retain: (site, before, page, at) => runAlone(site, (ask) => retain(ask, site, slot, before, page, at)),
    async close() {
      await appends.drain()
      await alone.drain()
      await postgres.close()
    },
  }
}

/** Runs pieces of work in one transaction, each behind a savepoint, so that one that throws takes no other with it. */
async function inTurn(
  ask: Ask,
  works: readonly ((ask: Ask) => Promise<unknown>)[],
): Promise<Outcome<unknown>[]> {
  const [only] = works
  if (works.length === 1 && only) return [{ ok: true, result: await only(ask) }]
  const outcomes: Outcome<unknown>[] = []
  for (const work of works) {
    await ask('SAVEPOINT one')
    try {
      outcomes.push({ ok: true, result: await work(ask) })
      await ask('RELEASE SAVEPOINT one')
    } catch (error) {
      // What is the database's own trouble is that of all of them.
      if (explain(error) !== error) throw error
      await ask('ROLLBACK TO SAVEPOINT one')
      outcomes.push({ ok: false, error })
    }
  }
  return outcomes
}
