/** Keeps in PostgreSQL the work that there is; the plan and the webhooks are in `postgresOutbound.ts`. */
import { keptOf, type NewJob, type Settled, type Settlement } from '../core/jobs.ts'
import { isUuid } from '../core/text.ts'
import type { Millis } from '../core/time.ts'
import type { OutboundStore } from '../ports/outboundStore.ts'
import { aboutColumns, jobRow, mayRetry, readJob } from './jobRow.ts'
import { openCase } from './postgresCases.ts'
import { listSql } from './postgresJobList.ts'
import { createPostgresOutbound } from './postgresOutbound.ts'
import { readEvent } from './postgresLookup.ts'
import { monthOf } from './postgresMonth.ts'
import { shareSite, type Ask, type Postgres } from './postgresPool.ts'
import { keyText, textOfKey } from './postgresText.ts'
import { hashOf } from './sqliteId.ts'

/** The step of the schema that brings the tables; see `jobTables` of the SQLite store. */
export const jobTables = `
  CREATE TABLE earshot.outbound (
    site integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('plan', 'webhook')),
    id text COLLATE "C" NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (site, kind, id)
  );

  CREATE TABLE earshot.jobs (
    row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    lane text COLLATE "C",
    target text COLLATE "C",
    visitor text COLLATE "C",
    due bigint NOT NULL,
    until bigint NOT NULL DEFAULT 0,
    owner text COLLATE "C",
    state text COLLATE "C" NOT NULL DEFAULT 'waiting',
    tries integer NOT NULL DEFAULT 0,
    reason text,
    body text NOT NULL,
    made_at bigint NOT NULL,
    ended_at bigint,
    UNIQUE (site, kind, id)
  );
  CREATE INDEX jobs_by_time ON earshot.jobs (due) WHERE state = 'waiting';
  CREATE INDEX jobs_by_lane ON earshot.jobs (site, lane, row) WHERE state = 'waiting' AND lane IS NOT NULL;
  CREATE INDEX jobs_by_visitor ON earshot.jobs (site, visitor) WHERE visitor IS NOT NULL;
  CREATE INDEX jobs_by_row ON earshot.jobs (site, row) WHERE kind <> 'event';
  CREATE INDEX jobs_ended ON earshot.jobs (ended_at) WHERE kind = 'delivery' AND ended_at IS NOT NULL;

  CREATE TABLE earshot.contacts (
    site integer NOT NULL,
    who text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    row bigint NOT NULL,
    visitor text COLLATE "C" NOT NULL,
    PRIMARY KEY (site, who, at, row)
  );
  CREATE INDEX contacts_by_visitor ON earshot.contacts (site, visitor);

  CREATE FUNCTION earshot.put_event_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO earshot.jobs (site, kind, id, lane, due, body, made_at)
      SELECT site, 'event', id::text, 'e/' || response::text, received_at, 'null', received_at FROM added
      WHERE type IN ('display', 'answer', 'complete', 'track')
        AND EXISTS (SELECT 1 FROM earshot.outbound AS o WHERE o.site = added.site)
      ORDER BY added.row
      ON CONFLICT DO NOTHING;
    RETURN NULL;
  END $$;
  CREATE TRIGGER jobs_of_events AFTER INSERT ON earshot.events
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION earshot.put_event_jobs();
`

/** First half of the keys of the locks of who is reached ("EARW"). */
const lockClass = 0x45415257

/** No other job of its lane comes before it. What was put down while that one failed may seem to be due sooner. */
const isFirst = `(lane IS NULL OR NOT EXISTS (SELECT 1 FROM earshot.jobs AS before
  WHERE before.site = j.site AND before.lane = j.lane AND before.state = 'waiting' AND before.row < j.row))`
const claim = `WITH taken AS (
    SELECT row FROM earshot.jobs AS j WHERE state = 'waiting' AND due <= $3 AND until <= $3
      AND (target IS NULL OR target <> ALL ($4::text[])) AND ${isFirst}
    ORDER BY due, row LIMIT $5 FOR UPDATE SKIP LOCKED)
  UPDATE earshot.jobs AS jobs SET owner = $1, until = $2 FROM taken WHERE jobs.row = taken.row RETURNING jobs.*`

/** Whether nothing follows, as with most events: then one statement does it. */
function isMereEnd({ state, contact, moved, open, add = [] }: Settlement): boolean {
  return state === 'gone' && !contact && !moved && !open && add.length === 0
}

/** A statement sees what was there before it: so the job itself is left out of its lane. */
const mereEnd = `WITH gone AS (
    DELETE FROM earshot.jobs WHERE row = $1 AND owner = $2 AND state = 'waiting' RETURNING site, lane),
  freed AS (
    UPDATE earshot.jobs SET due = least(due, $3::bigint) WHERE row = (
      SELECT min(j.row) FROM earshot.jobs AS j JOIN gone ON j.site = gone.site AND j.lane = gone.lane
      WHERE j.state = 'waiting' AND j.row <> $1))
  SELECT 1 FROM gone`

/** The methods of the store. */
export function createPostgresJobs(postgres: Postgres): OutboundStore {
  const { read, transaction } = postgres
  return {
    ...createPostgresOutbound(postgres),
    async event(site, id) {
      if (!isUuid(id)) return null
      const [row] = await read(
        `SELECT at, received_at, occurred_at, body FROM earshot.events WHERE site = $1 AND id = $2 AND month = $3`,
        [site, id, monthOf(id)],
      )
      return row ? readEvent(row) : null
    },
    async nextJob(now) {
      const [row] = await read(
        `SELECT due FROM earshot.jobs AS j WHERE state = 'waiting' AND until <= $1 AND ${isFirst} ORDER BY due LIMIT 1`,
        [now],
      )
      return row ? Number(row.due) : null
    },
    async claimJobs(owner, { now, until }, busy, limit) {
      const rows = await read(claim, [owner, until, now, busy?.map(keyText) ?? null, limit])
      return rows.map((each) => readJob(each, textOfKey)).toSorted((a, b) => a.due - b.due || a.row - b.row)
    },
    settleJob: async (row, owner, settlement, at) =>
      isMereEnd(settlement)
        ? (await read(mereEnd, [row, owner, at])).length > 0
          ? 'settled'
          : 'lost'
        : transaction({ site: 0, mode: 'shared' }, (ask) => settle(ask, row, owner, settlement, at)),
    addJobs: (site, jobs, at) => transaction({ site, mode: 'shared' }, (ask) => addJobs(ask, site, jobs, at)),
    async jobs(site, state, { before = Number.MAX_SAFE_INTEGER, limit, ...filter }) {
      const { sql, values } = listSql(filter, state)
      const rows = await read(sql, [site, before, state, limit, ...values])
      return rows.map((each) => readJob(each, textOfKey))
    },
    async retryJob(site, row, at) {
      const rows = await read(
        `UPDATE earshot.jobs SET state = 'waiting', due = $3, tries = 0, reason = NULL, ended_at = NULL
         WHERE site = $1 AND row = $2 AND ${mayRetry} RETURNING 1`,
        [site, row, at],
      )
      return rows.length > 0
    },
    async forgetJobs({ deliveries, contacts }) {
      for (const kind of ['delivery', 'mail'])
        await read(`DELETE FROM earshot.jobs WHERE kind = '${kind}' AND ended_at < $1`, [deliveries])
      await read(`DELETE FROM earshot.jobs WHERE state = 'dead' AND kind = 'event' AND ended_at < $1`, [
        deliveries,
      ])
      await read('DELETE FROM earshot.contacts WHERE at < $1', [contacts])
    },
    contacts: (site, who, since) => contactsOf(read, site, who, since),
  }
}

async function contactsOf(ask: Ask, site: number, who: readonly string[], since: Millis): Promise<Millis[]> {
  const rows = await ask(
    'SELECT at FROM earshot.contacts WHERE site = $1 AND who = ANY ($2::text[]) AND at > $3',
    [site, who.map(keyText), since],
  )
  return rows.map((row) => Number(row.at))
}

/** Puts work down; inside a transaction. */
export async function addJobs(ask: Ask, site: number, jobs: readonly NewJob[], at: Millis): Promise<void> {
  for (const job of jobs)
    await ask(
      `INSERT INTO earshot.jobs (site, kind, id, lane, target, visitor, due, body, ${aboutColumns}, made_at)
       SELECT $1::int, $2::text, $3::text, $4::text, $5::text, $6::text, greatest($7::bigint, (SELECT max(due) FROM earshot.jobs
         WHERE site = $1::int AND lane = $4::text AND state = 'waiting')), $8::text, $9::text, $10::text,
         $11::text, $12::bigint
       ON CONFLICT (site, kind, id) DO NOTHING`,
      [site, ...jobRow(job, keyText), at],
    )
}

/** Forgets that these events may begin something; inside the transaction that stores them. */
export async function dropEventJobs(ask: Ask, site: number, ids: readonly string[]): Promise<void> {
  await ask(`DELETE FROM earshot.jobs WHERE site = $1 AND kind = 'event' AND id = ANY ($2::text[])`, [
    site,
    ids,
  ])
}

/** Two who reach the same person count one after the other. */
async function lockWho(ask: Ask, site: number, who: readonly string[]): Promise<void> {
  for (const each of [...who].toSorted())
    await ask('SELECT pg_advisory_xact_lock($1, hashtext($2))', [lockClass, `${site} ${keyText(each)}`])
}

async function settle(ask: Ask, row: number, owner: string, to: Settlement, at: Millis): Promise<Settled> {
  const kept = keptOf(to).map(hashOf)
  const [about] = kept.length > 0 ? await ask('SELECT site FROM earshot.jobs WHERE row = $1', [row]) : []
  // Before anything else is locked: an erasure has the site for itself, and may want to delete this job.
  if (about) await shareSite(ask, Number(about.site))
  const [found] = await ask(
    `SELECT site, lane, body FROM earshot.jobs WHERE row = $1 AND owner = $2 AND state = 'waiting' FOR UPDATE`,
    [row, owner],
  )
  if (!found) return 'lost'
  const [site, lane] = [Number(found.site), found.lane as string | null]
  const erased = about
    ? await ask('SELECT 1 FROM earshot.erased WHERE site = $1 AND visitor = ANY ($2::bytea[]) LIMIT 1', [
        site,
        kept,
      ])
    : []
  if (erased.length > 0) {
    // Whoever did the work has read what was there before.
    await settle(ask, row, owner, { state: 'gone', tries: to.tries, reason: null }, at)
    return 'lost'
  }
  if (to.contact) {
    const { who, visitor, budgets } = to.contact
    await lockWho(ask, site, who)
    for (const { since, most } of budgets)
      if ((await contactsOf(ask, site, who, since)).length >= most) return 'over'
    // A moment later where the same job has counted another one just then; that holds for what is moved, too.
    await ask(
      `INSERT INTO earshot.contacts (site, who, at, row, visitor)
       SELECT $1::int, $2::text, $3::bigint + CASE WHEN EXISTS (
         SELECT 1 FROM earshot.contacts WHERE site = $1::int AND who = $2::text AND at = $3::bigint AND row = $4::bigint)
         THEN 1 ELSE 0 END, $4::bigint, $5::text
       ON CONFLICT DO NOTHING`,
      [site, keyText(who[0] ?? ''), at, row, keyText(visitor)],
    )
  }
  if (to.moved) {
    const { who, row: counted, from, to: later } = to.moved
    await lockWho(ask, site, who)
    await ask(
      `UPDATE earshot.contacts AS c SET at = $1::bigint + CASE WHEN EXISTS (
         SELECT 1 FROM earshot.contacts AS o WHERE o.site = c.site AND o.who = c.who AND o.at = $1 AND o.row = c.row)
         THEN 1 ELSE 0 END
       WHERE site = $2 AND who = ANY ($3::text[]) AND at = $4 AND row = $5`,
      [later, site, who.map(keyText), from, counted],
    )
  }
  if (to.state === 'gone') await ask('DELETE FROM earshot.jobs WHERE row = $1', [row])
  else
    await ask(
      `UPDATE earshot.jobs SET state = $2, due = $3, tries = $4, reason = $5, body = $6, ended_at = $7, owner = NULL,
         until = 0 WHERE row = $1`,
      [
        row,
        to.state,
        to.due ?? at,
        to.tries,
        to.reason,
        to.body === undefined ? found.body : JSON.stringify(to.body),
        to.state === 'waiting' ? null : at,
      ],
    )
  if (lane !== null)
    await ask(
      to.state === 'waiting'
        ? `UPDATE earshot.jobs SET due = greatest(due, $1) WHERE site = $2 AND lane = $3 AND state = 'waiting'`
        : `UPDATE earshot.jobs SET due = least(due, $1) WHERE row =
             (SELECT min(row) FROM earshot.jobs WHERE site = $2 AND lane = $3 AND state = 'waiting')`,
      [to.due ?? at, site, lane],
    )
  if (to.open) await openCase(ask, site, to.open)
  await addJobs(ask, site, to.add ?? [], at)
  return 'settled'
}
