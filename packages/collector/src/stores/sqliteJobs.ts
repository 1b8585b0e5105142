/** Keeps in SQLite what goes out: the plan, webhooks, and the work that there is. */
import type { DatabaseSync } from 'node:sqlite'
import type { FeedbackEvent } from '@earshot/contract'
import { watchJobs } from '../core/alerts.ts'
import type { FollowUpPlan } from '../core/followUpPlan.ts'
import { keptOf, type Job, type NewJob, type Settled, type Settlement } from '../core/jobs.ts'
import { isSurveyEvent } from '../core/project.ts'
import { isUuid } from '../core/text.ts'
import type { Millis } from '../core/time.ts'
import type { Webhook } from '../core/webhook.ts'
import type { OutboundStore } from '../ports/outboundStore.ts'
import type { CommitGroup } from './commitGroup.ts'
import type { OpenCase } from './sqliteCases.ts'
import { explained } from './sqliteError.ts'
import { listSql } from './sqliteJobList.ts'
import { hashOf, idToBytes } from './sqliteId.ts'
import { aboutColumns, jobRow, mayRetry, readJob } from './jobRow.ts'
import { eventColumns, readEvent } from './sqliteRows.ts'

/** The step of the schema that brings the tables. */
export const jobTables: string = `
  -- The plan of a site, whose id is empty, and its webhooks.
  CREATE TABLE outbound (
    site INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('plan', 'webhook')),
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (site, kind, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE jobs (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    site INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    lane TEXT,
    target TEXT,
    visitor TEXT,
    due INTEGER NOT NULL,
    -- Until then its owner has it.
    until INTEGER NOT NULL DEFAULT 0,
    owner TEXT,
    state TEXT NOT NULL DEFAULT 'waiting',
    tries INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    body TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    ended_at INTEGER,
    UNIQUE (site, kind, id)
  ) STRICT;
  CREATE INDEX jobs_by_time ON jobs (due) WHERE state = 'waiting';
  CREATE INDEX jobs_by_lane ON jobs (site, lane, row) WHERE state = 'waiting' AND lane IS NOT NULL;
  CREATE INDEX jobs_by_visitor ON jobs (site, visitor) WHERE visitor IS NOT NULL;
  CREATE INDEX jobs_by_row ON jobs (site, row) WHERE kind <> 'event';
  CREATE INDEX jobs_ended ON jobs (ended_at) WHERE kind = 'delivery' AND ended_at IS NOT NULL;

  -- When somebody was reached.
  CREATE TABLE contacts (
    site INTEGER NOT NULL,
    who TEXT NOT NULL,
    at INTEGER NOT NULL,
    row INTEGER NOT NULL,
    visitor TEXT NOT NULL,
    PRIMARY KEY (site, who, at, row)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX contacts_by_visitor ON contacts (site, visitor);
`

/** Puts down that an event may begin something, inside the transaction that stores it, so that none is forgotten. */
export interface SqliteEventJobs {
  /** A transaction has begun. */
  begun(): void
  /** An event was stored. */
  stored(site: number, event: FeedbackEvent, receivedAt: Millis): void
}

/** Types of events that may begin something. */
const beginning: ReadonlySet<FeedbackEvent['type']> = new Set(['display', 'answer', 'complete', 'track'])

/** Prepares the statements once. Which sites have a plan or a webhook is looked up for each transaction, not for each event. */
export function createSqliteEventJobs(database: DatabaseSync): SqliteEventJobs {
  const planned = database.prepare('SELECT DISTINCT site FROM outbound')
  const put = database.prepare(
    `INSERT INTO jobs (site, kind, id, lane, due, body, made_at) VALUES (?, 'event', ?, ?, ?, 'null', ?)
     ON CONFLICT DO NOTHING`,
  )
  let sites: ReadonlySet<number> = new Set()
  return {
    begun() {
      sites = new Set(planned.all().map((row) => Number(row.site)))
    },
    stored(site, event, receivedAt) {
      if (!sites.has(site) || !beginning.has(event.type)) return
      const lane = isSurveyEvent(event) ? `e/${event.response}` : null
      put.run(site, event.id, lane, receivedAt, receivedAt)
    },
  }
}

/** Puts work down; inside a transaction which the caller opened. */
export type PutJobs = (site: number, jobs: readonly NewJob[], at: Millis) => void

/** Prepares the statement once. */
export function createPutJobs(database: DatabaseSync): PutJobs {
  const add = database.prepare(
    `INSERT INTO jobs (site, kind, id, lane, target, visitor, due, body, ${aboutColumns}, made_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, max(?7, coalesce((SELECT max(due) FROM jobs
       WHERE site = ?1 AND lane = ?4 AND state = 'waiting'), 0)), ?8, ?9, ?10, ?11, ?12)
     ON CONFLICT (site, kind, id) DO NOTHING`,
  )
  return (site, jobs, at) => {
    for (const job of jobs) add.run(site, ...jobRow(job), at)
  }
}

const latest = Number.MAX_SAFE_INTEGER
/** A plan as it is kept. */
const bodyOf = (plan: FollowUpPlan | null): string | null => plan && JSON.stringify(plan)
/** Text is kept as it is. */
const asIs = (text: string): string => text

/** Prepares the statements once. */
export function createSqliteJobs(
  database: DatabaseSync,
  group: CommitGroup,
  put: PutJobs,
  openCase: OpenCase,
): OutboundStore {
  const bodies = database.prepare('SELECT body FROM outbound WHERE site = ? AND kind = ? ORDER BY id')
  const putBody = database.prepare(
    `INSERT INTO outbound (site, kind, id, body) VALUES (?, ?, ?, ?)
     ON CONFLICT (site, kind, id) DO UPDATE SET body = excluded.body`,
  )
  // Whoever looks with the plan before has lost it.
  const putWatch = database.prepare(
    `INSERT INTO jobs (site, kind, id, lane, target, visitor, due, body, ${aboutColumns}, made_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, kind, id) DO UPDATE SET due = excluded.due, owner = NULL, until = 0, tries = 0`,
  )
  const dropBody = database.prepare(`DELETE FROM outbound WHERE site = ? AND kind = 'webhook' AND id = ?`)
  const stopTarget = database.prepare(
    `UPDATE jobs SET state = 'stopped', reason = 'no-webhook', ended_at = ?, owner = NULL
     WHERE site = ? AND target = ? AND state = 'waiting'`,
  )
  const oneEvent = database.prepare(`SELECT ${eventColumns} FROM events WHERE site = ? AND id = ?`)
  const next = database.prepare(
    `SELECT due FROM jobs WHERE state = 'waiting' AND until <= ? ORDER BY due LIMIT 1`,
  )
  const claim = database.prepare(
    `UPDATE jobs SET owner = ?1, until = ?2 WHERE row IN (
       SELECT row FROM jobs AS j WHERE state = 'waiting' AND due <= ?3 AND until <= ?3
         AND (target IS NULL OR (?4 <> 'null' AND target NOT IN (SELECT value FROM json_each(?4))))
         AND (lane IS NULL OR NOT EXISTS (SELECT 1 FROM jobs AS before
           WHERE before.site = j.site AND before.lane = j.lane AND before.state = 'waiting' AND before.row < j.row))
       ORDER BY due, row LIMIT ?5)
     RETURNING *`,
  )
  const owned = database.prepare(
    `SELECT site, lane, body FROM jobs WHERE row = ? AND owner = ? AND state = 'waiting'`,
  )
  const settle = database.prepare(
    `UPDATE jobs SET state = ?, due = ?, tries = ?, reason = ?, body = ?, ended_at = ?, owner = NULL, until = 0
     WHERE row = ?`,
  )
  const drop = database.prepare('DELETE FROM jobs WHERE row = ?')
  const isErased = database.prepare('SELECT 1 FROM erased WHERE site = ? AND visitor = ?')
  // Those behind one that waits wait with it, so that nobody looks at them meanwhile.
  const holdLane = database.prepare(
    `UPDATE jobs SET due = max(due, ?) WHERE site = ? AND lane = ? AND state = 'waiting'`,
  )
  const freeLane = database.prepare(
    `UPDATE jobs SET due = min(due, ?1) WHERE row =
       (SELECT min(row) FROM jobs WHERE site = ?2 AND lane = ?3 AND state = 'waiting')`,
  )
  const reached = database.prepare('SELECT at FROM contacts WHERE site = ? AND who = ? AND at > ?')
  // A moment later where the same job has counted another one just then; that holds for what is moved, too.
  const isTaken = 'EXISTS (SELECT 1 FROM contacts WHERE site = ?1 AND who = ?2 AND at = ?3 AND row = ?4)'
  const reach = database.prepare(
    `INSERT OR IGNORE INTO contacts (site, who, at, row, visitor) VALUES (?1, ?2, ?3 + ${isTaken}, ?4, ?5)`,
  )
  const move = database.prepare(
    `UPDATE OR IGNORE contacts SET at = ?3 + ${isTaken} WHERE site = ?1 AND who = ?2 AND at = ?5 AND row = ?4`,
  )
  const retry = database.prepare(
    `UPDATE jobs SET state = 'waiting', due = ?, tries = 0, reason = NULL, ended_at = NULL
     WHERE site = ? AND row = ? AND ${mayRetry}`,
  )
  const forgetDeliveries = ['delivery', 'mail'].map((kind) =>
    database.prepare(`DELETE FROM jobs WHERE kind = '${kind}' AND ended_at < ?`),
  )
  const forgetEvents = database.prepare(
    `DELETE FROM jobs WHERE state = 'dead' AND kind = 'event' AND ended_at < ?`,
  )
  const forgetContacts = database.prepare('DELETE FROM contacts WHERE at < ?')

  const contactsOf = (site: number, who: readonly string[], since: Millis): Millis[] =>
    who.flatMap((each) => reached.all(site, each, since).map((row) => Number(row.at)))

  const settleNow = (row: number, owner: string, to: Settlement, at: Millis): Settled => {
    const found = owned.get(row, owner)
    if (!found) return 'lost'
    const [site, lane] = [Number(found.site), found.lane as string | null]
    // Whoever did the work has read what was there before.
    if (keptOf(to).some((visitor) => isErased.get(site, hashOf(visitor)))) {
      drop.run(row)
      if (lane !== null) freeLane.run(at, site, lane)
      return 'lost'
    }
    if (to.contact) {
      const { who, visitor, budgets } = to.contact
      if (budgets.some(({ since, most }) => contactsOf(site, who, since).length >= most)) return 'over'
      reach.run(site, who[0] ?? '', at, row, visitor)
    }
    if (to.moved)
      for (const who of to.moved.who) move.run(site, who, to.moved.to, to.moved.row, to.moved.from)
    if (to.state === 'gone') drop.run(row)
    else {
      const ended = to.state === 'waiting' ? null : at
      const body = to.body === undefined ? (found.body as string) : JSON.stringify(to.body)
      settle.run(to.state, to.due ?? at, to.tries, to.reason, body, ended, row)
    }
    if (lane !== null)
      if (to.state === 'waiting') holdLane.run(to.due ?? at, site, lane)
      else freeLane.run(at, site, lane)
    if (to.open) openCase(site, to.open)
    put(site, to.add ?? [], at)
    return 'settled'
  }

  return {
    plan: (site) =>
      explained(() => {
        const [row] = bodies.all(site, 'plan')
        return row ? (JSON.parse(String(row.body)) as FollowUpPlan) : null
      }),
    putPlan: (site, plan, at = 0, instead) =>
      group.run(() => {
        const stands = bodies.all(site, 'plan')[0]?.body ?? null
        if (instead !== undefined && stands !== bodyOf(instead)) return false
        putBody.run(site, 'plan', '', JSON.stringify(plan))
        for (const job of watchJobs(plan, at)) putWatch.run(site, ...jobRow(job), at)
        return true
      }),
    webhooks: (site) =>
      explained(() => bodies.all(site, 'webhook').map((row) => JSON.parse(String(row.body)) as Webhook)),
    putWebhook: (site, webhook) =>
      group.run(() => void putBody.run(site, 'webhook', webhook.id, JSON.stringify(webhook))),
    dropWebhook: (site, id, at) =>
      group.run(() => {
        stopTarget.run(at, site, id)
        return Number(dropBody.run(site, id).changes) > 0
      }),
    event: (site, id) =>
      explained(() => {
        const row = isUuid(id) ? oneEvent.get(site, idToBytes(id)) : undefined
        return row ? readEvent(row) : null
      }),
    nextJob: (now) =>
      explained(() => {
        const row = next.get(now)
        return row ? Number(row.due) : null
      }),
    claimJobs: (owner, { now, until }, busy, limit) =>
      group.run(() => {
        const rows = claim.all(owner, until, now, JSON.stringify(busy), limit)
        return rows.map((each) => readJob(each, asIs)).toSorted((a, b) => a.due - b.due || a.row - b.row)
      }),
    settleJob: (row, owner, settlement, at) => group.run(() => settleNow(row, owner, settlement, at)),
    addJobs: (site, jobs, at) => group.run(() => put(site, jobs, at)),
    jobs: (site, state, { before = latest, limit, ...filter }) =>
      explained((): Job[] => {
        const { sql, values } = listSql(filter, state)
        const rows = database.prepare(sql).all(site, before, state, ...values, limit)
        return rows.map((row) => readJob(row, asIs))
      }),
    retryJob: (site, row, at) => group.run(() => Number(retry.run(at, site, row).changes) > 0),
    forgetJobs: ({ deliveries, contacts }) =>
      group.run(() => {
        for (const each of [...forgetDeliveries, forgetEvents]) each.run(deliveries)
        forgetContacts.run(contacts)
      }),
    contacts: (site, who, since) => explained(() => contactsOf(site, who, since)),
  }
}
