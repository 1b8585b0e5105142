/** The tables of the PostgreSQL store, and the bringing of a database of any age to the current ones. */
import { isStoreFailure } from '../core/failure.ts'
import type { Log } from '../ports/world.ts'
import { accessTables } from './postgresAccess.ts'
import { auditTables } from './postgresAudit.ts'
import { caseTables } from './postgresCases.ts'
import { changeTables } from './postgresChanges.ts'
import { dayTables, fillDays } from './postgresDays.ts'
import { explain } from './postgresError.ts'
import { commentRows, fillCommentRows, fillFindings, findingTables } from './postgresFindings.ts'
import { fillAbouts, jobAbouts } from './postgresJobList.ts'
import { jobTables } from './postgresJobs.ts'
import type { Ask, Postgres } from './postgresPool.ts'
import { mailTables, unsubscribedReasons } from './postgresMail.ts'
import { noteTables } from './postgresNotes.ts'
import { suspectTables } from './postgresSuspects.ts'

/** The version of the tables below, kept in `earshot.meta`. */
export const schemaVersion = 16

/** Before it there was nothing to find texts and moments by. */
const formatOfFindings = 5
/** Before it nothing was counted by day. */
const formatOfDays = 9
/** Before it work was not found by what it belongs to. */
const formatOfAbouts = 12
/** Before it comments were in no order. */
const formatOfCommentRows = 13

/** The oldest server that is good enough, as PostgreSQL numbers itself. */
const oldestServer = 130_000

/**
 * Each entry leads from the version before it to its own. Entries never change once released.
 *
 * Every key begins with the site, so that sites can live on different servers. Text that is only compared has the collation
 * "C", which compares bytes: names sort as they do in SQLite, and an upgrade of the system's collations breaks no index.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE earshot.sites (
    id integer PRIMARY KEY,
    write_key text NOT NULL UNIQUE,
    token_hash bytea NOT NULL,
    created_at bigint NOT NULL
  );

  CREATE TABLE earshot.settings (
    site integer PRIMARY KEY REFERENCES earshot.sites (id),
    body text NOT NULL,
    updated_at bigint NOT NULL
  );

  CREATE TABLE earshot.surveys (
    site integer NOT NULL REFERENCES earshot.sites (id),
    id text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    source text NOT NULL CHECK (source IN ('served', 'inline')),
    -- Of what is served. What came inline came from anybody, and so did its quota.
    quota integer,
    body text NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (site, id, version)
  );
  CREATE INDEX surveys_with_quota ON earshot.surveys (site) WHERE quota IS NOT NULL;

  -- In the order of arrival, over all partitions.
  CREATE SEQUENCE earshot.arrivals;
  CREATE SEQUENCE earshot.response_rows;

  CREATE TABLE earshot.events (
    site integer NOT NULL,
    id uuid NOT NULL,
    -- By the time in the id; 0 when it tells none.
    month integer NOT NULL,
    row bigint NOT NULL,
    response uuid,
    type text NOT NULL,
    survey text COLLATE "C",
    version integer,
    visitor text COLLATE "C" NOT NULL,
    person text COLLATE "C",
    -- Of the events of a follow-up: its identity, and what became of it.
    follow_up text COLLATE "C",
    state text,
    at bigint NOT NULL,
    received_at bigint NOT NULL,
    occurred_at bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (site, id, month)
  ) PARTITION BY LIST (month);
  CREATE INDEX events_by_response ON earshot.events (site, response) WHERE response IS NOT NULL;
  CREATE INDEX events_by_visitor ON earshot.events (site, visitor, type);
  CREATE INDEX optouts_by_person ON earshot.events (site, person) WHERE type = 'optout';
  CREATE INDEX followups_by_visitor ON earshot.events (site, follow_up, visitor, state) WHERE type = 'followup';
  CREATE INDEX followups_by_person ON earshot.events (site, follow_up, person, state) WHERE type = 'followup';
  CREATE TABLE earshot.events_default PARTITION OF earshot.events DEFAULT;

  -- One row for each response id of which there are events. Where they tell of no showing yet, all is null but what finds
  -- the events again. "events" is how many there are: who writes the row says how many it has read, and begins anew when
  -- somebody else has added some since.
  CREATE TABLE earshot.responses (
    site integer NOT NULL,
    id uuid NOT NULL,
    row bigint,
    events integer NOT NULL,
    months integer[] NOT NULL,
    survey text COLLATE "C",
    version integer,
    status text,
    answers integer,
    -- Closed before the end, with or without an answer.
    closed boolean,
    first_at bigint,
    ignored integer,
    variant text COLLATE "C",
    follow_up text COLLATE "C",
    visitor text COLLATE "C",
    person text COLLATE "C",
    -- Completed beyond the quota. Of all that is known of a response this alone hangs on others, and on the order in which
    -- they arrived; so it cannot be made anew from the events.
    over_quota boolean,
    body text,
    PRIMARY KEY (site, id)
  );
  CREATE UNIQUE INDEX responses_by_row ON earshot.responses (site, row) WHERE row IS NOT NULL;
  CREATE INDEX responses_by_survey ON earshot.responses (site, survey, row) WHERE row IS NOT NULL;
  CREATE INDEX responses_by_time ON earshot.responses
    (site, survey, first_at) INCLUDE (status, answers, closed, variant, over_quota) WHERE row IS NOT NULL;
  CREATE INDEX responses_over_quota ON earshot.responses (site, survey, first_at, variant) WHERE over_quota;
  CREATE INDEX responses_ignoring ON earshot.responses (site, survey, first_at, ignored) WHERE ignored > 0;
  -- Many may share a follow-up, so the index goes on to whom it concerns.
  CREATE INDEX responses_by_follow_up_of_visitor ON earshot.responses (site, survey, follow_up, visitor)
    WHERE follow_up IS NOT NULL AND (answers > 0 OR status = 'completed');
  CREATE INDEX responses_by_follow_up_of_person ON earshot.responses (site, survey, follow_up, person)
    WHERE follow_up IS NOT NULL AND (answers > 0 OR status = 'completed');

  CREATE TABLE earshot.answers (
    site integer NOT NULL,
    response uuid NOT NULL,
    question text COLLATE "C" NOT NULL,
    survey text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    who text COLLATE "C" NOT NULL,
    score bigint,
    at bigint NOT NULL,
    variant text COLLATE "C",
    PRIMARY KEY (site, response, question)
  );
  CREATE INDEX answers_by_time ON earshot.answers
    (site, survey, question, at) INCLUDE (version, score, who, variant, response) WHERE score IS NOT NULL;

  -- Counters have several rows, by the collector that adds to them, so that collectors do not wait for each other. The
  -- value is the sum.
  CREATE TABLE earshot.counters (
    site integer NOT NULL,
    name text COLLATE "C" NOT NULL,
    slot integer NOT NULL,
    value bigint NOT NULL,
    PRIMARY KEY (site, name, slot)
  );
  -- How many completed responses of a survey count.
  CREATE TABLE earshot.completed (
    site integer NOT NULL,
    survey text COLLATE "C" NOT NULL,
    slot integer NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (site, survey, slot)
  );

  -- Places of surveys with a quota, from the moment they are granted until they are used, given back or given up.
  CREATE TABLE earshot.places (
    site integer NOT NULL,
    survey text COLLATE "C" NOT NULL,
    response uuid NOT NULL,
    visitor text COLLATE "C" NOT NULL,
    until bigint NOT NULL,
    -- When it is free again, which hangs on what was heard of its response.
    free bigint NOT NULL,
    PRIMARY KEY (site, survey, response)
  );
  CREATE INDEX places_by_time ON earshot.places (site, survey, free);
  CREATE INDEX places_by_visitor ON earshot.places (site, visitor, survey, until);
  CREATE INDEX places_by_response ON earshot.places (site, response);

  -- Visitors who are gone, as SHA-256 of their ids, and whether there were events of them.
  CREATE TABLE earshot.erased (
    site integer NOT NULL,
    visitor bytea NOT NULL,
    at bigint NOT NULL,
    known boolean NOT NULL,
    PRIMARY KEY (site, visitor)
  );
  CREATE INDEX erased_strangers ON earshot.erased (site, at) WHERE NOT known;
  `,
  accessTables,
  auditTables,
  suspectTables,
  findingTables,
  jobTables,
  caseTables,
  mailTables,
  dayTables,
  changeTables,
  unsubscribedReasons,
  jobAbouts,
  commentRows,
  // The devices of a person are found without a look at all events, and what was given up without a look at all that waits.
  `
  CREATE INDEX IF NOT EXISTS events_by_person ON earshot.events (site, person, visitor) WHERE person IS NOT NULL;
  CREATE INDEX IF NOT EXISTS jobs_dead ON earshot.jobs (site, row) WHERE state = 'dead';
  `,
  noteTables,
  // Whether the counts were kept when somebody was erased.
  'ALTER TABLE earshot.erased ADD COLUMN IF NOT EXISTS kept boolean NOT NULL DEFAULT false',
]

/**
 * Brings the database to the current tables, one collector at a time.
 *
 * @param where the address without its password, for messages
 * @throws when it cannot be reached, belongs to another program, or was written by a newer one; nothing is changed then
 */
export async function openSchema(postgres: Postgres, where: string, log?: Log): Promise<void> {
  try {
    await assertServer(postgres.read, where, log)
    if ((await versionOf(postgres.read, where)) === schemaVersion) return
    await postgres.transaction({ site: 0, mode: 'exclusive' }, async (ask) => {
      // Asked again under the lock: another collector may have been here first.
      const from = await versionOf(ask, where)
      if (from === schemaVersion) return
      await ask('CREATE SCHEMA IF NOT EXISTS earshot')
      await ask('CREATE TABLE IF NOT EXISTS earshot.meta (version integer NOT NULL)')
      for (const step of migrations.slice(from)) await ask(step)
      if (from > 0 && from < formatOfFindings) await fillFindings(ask)
      else if (from > 0 && from < formatOfCommentRows) await fillCommentRows(ask)
      if (from > 0 && from < formatOfDays) await fillDays(ask)
      if (from > 0 && from < formatOfAbouts) await fillAbouts(ask)
      await ask('DELETE FROM earshot.meta')
      await ask('INSERT INTO earshot.meta VALUES ($1)', [schemaVersion])
    })
  } catch (error) {
    const cause = explain(error)
    if (cause instanceof Error && 'code' in cause && cause.code === '42501')
      throw new Error(
        `The user of ${where} may not make tables (${cause.message}). As its owner: CREATE SCHEMA earshot AUTHORIZATION <user>. Nothing was changed.`,
        { cause: error },
      )
    if (!isStoreFailure(cause)) throw cause
    const because = cause.cause instanceof Error ? ` (${cause.cause.message})` : ''
    throw new Error(
      `Cannot open ${where}: ${cause.message}${because}. Check the address in --store, and that the server runs and lets this user in.`,
      { cause: error },
    )
  }
}

async function assertServer(ask: Ask, where: string, log?: Log): Promise<void> {
  const [row] = await ask(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
       current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync`,
  )
  if (Number(row?.number) < oldestServer)
    throw new Error(`${where} is PostgreSQL ${String(row?.version)}; Earshot needs 13 or newer.`)
  if (row?.encoding !== 'UTF8')
    throw new Error(
      `${where} has the encoding ${String(row?.encoding)}, in which not every text can be kept. Make one with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.`,
    )
  if (row.fsync !== 'on')
    log?.info('WARNING: fsync is off in PostgreSQL, so a power cut loses what was acknowledged')
}

async function versionOf(ask: Ask, where: string): Promise<number> {
  const [found] = await ask(
    `SELECT to_regclass('earshot.meta') IS NOT NULL AS has_meta,
       (SELECT count(*) FROM pg_tables WHERE schemaname = 'earshot') AS tables`,
  )
  if (!found?.has_meta) {
    if (found?.tables === 0) return 0
    throw new Error(
      `${where} has a schema "earshot" of another program. Use another database. Nothing was changed.`,
    )
  }
  const [meta] = await ask('SELECT version FROM earshot.meta')
  const version = Number(meta?.version ?? 0)
  if (version > schemaVersion)
    throw new Error(
      `${where} was written by a newer Earshot (format ${version}; this program knows up to ${schemaVersion}). Start the newer program, or restore a backup that this one made. Nothing was changed.`,
    )
  return version
}
