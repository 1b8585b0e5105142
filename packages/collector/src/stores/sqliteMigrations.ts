/** The tables of the SQLite store, as the steps that lead to them from every version there was. */
import { accessTables } from './sqliteAccess.ts'
import { auditTables } from './sqliteAudit.ts'
import { caseTables } from './sqliteCases.ts'
import { columnTables, columnTops } from './sqliteColumns.ts'
import { findingTables } from './sqliteFindings.ts'
import { format7 } from './sqliteFormat7.ts'
import { jobAbouts } from './sqliteJobList.ts'
import { jobTables } from './sqliteJobs.ts'
import { noteTables } from './sqliteNotes.ts'
import { mailTables, unsubscribedReasons } from './sqliteMail.ts'
import { suspectTables } from './sqliteSuspects.ts'

/** The version of the tables below, kept in the file as `user_version`. */
export const schemaVersion = 21

const dayOf = (column: string): string =>
  `(${column} - ((${column} % 86400000) + 86400000) % 86400000) / 86400000`

/** Each entry leads from the version before it to its own. Entries never change once released. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE sites (
    id INTEGER PRIMARY KEY,
    write_key TEXT NOT NULL UNIQUE,
    token_hash BLOB NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE surveys (
    site INTEGER NOT NULL REFERENCES sites (id),
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('served', 'inline')),
    body TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (site, id, version)
  ) STRICT, WITHOUT ROWID;

  -- rowid and a unique blob: inserts stay cheap also when a client sends ids that are not in order of time.
  CREATE TABLE events (
    row INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES sites (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    response BLOB CHECK (length(response) = 16),
    type TEXT NOT NULL,
    survey TEXT,
    version INTEGER,
    at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (site, id)
  ) STRICT;
  CREATE INDEX events_by_response ON events (site, response) WHERE response IS NOT NULL;

  -- Projections of the events: they can be dropped and made anew.
  CREATE TABLE responses (
    row INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES sites (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    survey TEXT NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    answers INTEGER NOT NULL,
    -- Closed before the end, with or without an answer: 0 or 1.
    closed INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (site, id)
  ) STRICT;
  CREATE INDEX responses_by_survey ON responses (site, survey, row);
  CREATE INDEX responses_by_time ON responses (site, survey, first_at, status, answers, closed);

  CREATE TABLE answers (
    site INTEGER NOT NULL REFERENCES sites (id),
    response BLOB NOT NULL,
    question TEXT NOT NULL,
    survey TEXT NOT NULL,
    version INTEGER NOT NULL,
    who TEXT NOT NULL,
    score INTEGER,
    at INTEGER NOT NULL,
    PRIMARY KEY (site, response, question)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX answers_by_time ON answers (site, survey, question, at, version, score, who)
    WHERE score IS NOT NULL;

  CREATE TABLE counters (
    site INTEGER NOT NULL REFERENCES sites (id),
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (site, name)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Events of other visitors under the same response id, which the response leaves out.
  ALTER TABLE responses ADD COLUMN ignored INTEGER NOT NULL DEFAULT 0;
  UPDATE responses SET ignored = (
    SELECT count(*) FROM events
    WHERE events.site = responses.site AND events.response = responses.id AND (
      events.survey <> responses.survey OR events.version <> responses.version OR
      json_extract(events.body, '$.visitor') <> json_extract(responses.body, '$.visitor')
    )
  );
  CREATE INDEX responses_ignoring ON responses (site, survey, first_at, ignored) WHERE ignored > 0;
  `,
  `
  CREATE TABLE settings (
    site INTEGER PRIMARY KEY REFERENCES sites (id),
    body TEXT NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;

  -- Places of surveys with a quota, from the moment they are granted until they are used, given back or given up.
  CREATE TABLE places (
    site INTEGER NOT NULL REFERENCES sites (id),
    survey TEXT NOT NULL,
    response BLOB NOT NULL CHECK (length(response) = 16),
    visitor TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (site, survey, response)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX places_by_time ON places (site, survey, until);
  CREATE INDEX places_by_visitor ON places (site, visitor, survey, until);

  -- Visitors who are gone, as SHA-256 of their ids.
  CREATE TABLE erased (
    site INTEGER NOT NULL REFERENCES sites (id),
    visitor BLOB NOT NULL CHECK (length(visitor) = 32),
    at INTEGER NOT NULL,
    PRIMARY KEY (site, visitor)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX events_by_visitor ON events (site, json_extract(body, '$.visitor'), type);
  CREATE INDEX optouts_by_person ON events (site, json_extract(body, '$.person')) WHERE type = 'optout';
  CREATE INDEX followups_by_id ON events (site, json_extract(body, '$.data.followUp')) WHERE type = 'followup';

  ALTER TABLE responses ADD COLUMN variant TEXT;
  ALTER TABLE responses ADD COLUMN follow_up TEXT;
  ALTER TABLE answers ADD COLUMN variant TEXT;
  DROP INDEX responses_by_time;
  CREATE INDEX responses_by_time ON responses (site, survey, first_at, status, answers, closed, variant);
  DROP INDEX answers_by_time;
  CREATE INDEX answers_by_time ON answers (site, survey, question, at, version, score, who, variant)
    WHERE score IS NOT NULL;
  CREATE INDEX responses_completed ON responses (site, survey) WHERE status = 'completed';
  CREATE INDEX responses_by_follow_up ON responses (site, survey, follow_up) WHERE follow_up IS NOT NULL;
  -- Older programs knew of these things nothing but what had made the survey appear.
  UPDATE responses SET body = json_set(body, '$.variant', NULL, '$.followUp', NULL, '$.hidden', NULL, '$.layout', NULL,
    '$.trigger', (
      SELECT json_extract(events.body, '$.data.trigger') FROM events
      WHERE events.site = responses.site AND events.response = responses.id AND events.type = 'display' AND
        events.survey = responses.survey AND events.version = responses.version AND
        json_extract(events.body, '$.visitor') = json_extract(responses.body, '$.visitor')
      ORDER BY json_extract(events.body, '$.seq'), events.at, events.id LIMIT 1
    ));
  `,
  `
  -- When a place is free again, which hangs on what was heard of its response.
  ALTER TABLE places ADD COLUMN free INTEGER NOT NULL DEFAULT 0;
  UPDATE places SET free = until + coalesce((
    SELECT CASE status WHEN 'partial' THEN 86400000 ELSE 3600000 END FROM responses
    WHERE responses.site = places.site AND responses.id = places.response
  ), 600000);
  DROP INDEX places_by_time;
  CREATE INDEX places_by_time ON places (site, survey, free);

  -- Completed beyond the quota: 0 or 1. Of all that is known of a response this alone hangs on others, and on the order in
  -- which they arrived; so it cannot be made anew from the events.
  ALTER TABLE responses ADD COLUMN over_quota INTEGER NOT NULL DEFAULT 0;
  DROP INDEX responses_by_time;
  CREATE INDEX responses_by_time
    ON responses (site, survey, first_at, status, answers, closed, variant, over_quota);
  DROP INDEX responses_completed;
  CREATE INDEX responses_over_quota ON responses (site, survey, first_at, variant) WHERE over_quota = 1;

  -- How many completed responses of a survey count. Kept with each change, since counting a million takes long, and whoever
  -- has the public key can have it counted with each event of a batch.
  CREATE TABLE completed (
    site INTEGER NOT NULL REFERENCES sites (id),
    survey TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (site, survey)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO completed SELECT site, survey, count(*) FROM responses WHERE status = 'completed' GROUP BY site, survey;
  CREATE TRIGGER completed_inserted AFTER INSERT ON responses
    WHEN NEW.status = 'completed' AND NEW.over_quota = 0
  BEGIN
    INSERT INTO completed VALUES (NEW.site, NEW.survey, 1)
      ON CONFLICT (site, survey) DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER completed_deleted AFTER DELETE ON responses
    WHEN OLD.status = 'completed' AND OLD.over_quota = 0
  BEGIN
    UPDATE completed SET count = count - 1 WHERE site = OLD.site AND survey = OLD.survey;
  END;
  CREATE TRIGGER completed_updated AFTER UPDATE ON responses
    WHEN OLD.survey <> NEW.survey OR
      (OLD.status = 'completed' AND OLD.over_quota = 0) <> (NEW.status = 'completed' AND NEW.over_quota = 0)
  BEGIN
    UPDATE completed SET count = count - 1
      WHERE site = OLD.site AND survey = OLD.survey AND OLD.status = 'completed' AND OLD.over_quota = 0;
    INSERT INTO completed SELECT NEW.site, NEW.survey, 1 WHERE NEW.status = 'completed' AND NEW.over_quota = 0
      ON CONFLICT (site, survey) DO UPDATE SET count = count + 1;
  END;

  DROP INDEX followups_by_id;
  CREATE INDEX followups_by_visitor
    ON events (site, json_extract(body, '$.data.followUp'), json_extract(body, '$.visitor')) WHERE type = 'followup';
  CREATE INDEX followups_by_person
    ON events (site, json_extract(body, '$.data.followUp'), json_extract(body, '$.person')) WHERE type = 'followup';

  -- Whether there were events of the visitor: 0 or 1. Of those whom older programs erased nobody knows, so they stay.
  ALTER TABLE erased ADD COLUMN known INTEGER NOT NULL DEFAULT 1;
  CREATE INDEX erased_strangers ON erased (site, at) WHERE known = 0;
  `,
  `
  -- How many places of a survey are held, counted like what is completed, and for the same reason: with a large quota,
  -- visitors who are made up can hold very many.
  CREATE TABLE held (
    site INTEGER NOT NULL REFERENCES sites (id),
    survey TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (site, survey)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO held SELECT site, survey, count(*) FROM places GROUP BY site, survey;
  CREATE TRIGGER held_inserted AFTER INSERT ON places
  BEGIN
    INSERT INTO held VALUES (NEW.site, NEW.survey, 1)
      ON CONFLICT (site, survey) DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER held_deleted AFTER DELETE ON places
  BEGIN
    UPDATE held SET count = count - 1 WHERE site = OLD.site AND survey = OLD.survey;
  END;

  -- What settles a follow-up, and nothing else: anybody can plan one, or show it to visitors who are made up, as often as
  -- they like, and nobody shall have to walk through that.
  DROP INDEX responses_by_follow_up;
  CREATE INDEX answered_by_visitor ON responses (site, survey, follow_up, json_extract(body, '$.visitor'))
    WHERE follow_up IS NOT NULL AND (answers > 0 OR status = 'completed');
  CREATE INDEX answered_by_person ON responses (site, survey, follow_up, json_extract(body, '$.person'))
    WHERE follow_up IS NOT NULL AND (answers > 0 OR status = 'completed');
  DROP INDEX followups_by_visitor;
  DROP INDEX followups_by_person;
  CREATE INDEX settled_by_visitor
    ON events (site, json_extract(body, '$.data.followUp'), json_extract(body, '$.visitor'))
    WHERE type = 'followup' AND json_extract(body, '$.data.state') IN ('answered', 'cancelled');
  CREATE INDEX settled_by_person
    ON events (site, json_extract(body, '$.data.followUp'), json_extract(body, '$.person'))
    WHERE type = 'followup' AND json_extract(body, '$.data.state') IN ('answered', 'cancelled');

  -- Older programs kept the wording in the events only.
  UPDATE responses SET body = json_set(body, '$.wording', (
    SELECT json_extract(events.body, '$.data.wording') FROM events
    WHERE events.site = responses.site AND events.response = responses.id AND events.type = 'display' AND
      events.survey = responses.survey AND events.version = responses.version AND
      json_extract(events.body, '$.visitor') = json_extract(responses.body, '$.visitor') AND
      json_extract(events.body, '$.data.wording') IS NOT NULL
    ORDER BY json_extract(events.body, '$.seq'), events.at, events.id LIMIT 1
  ));
  `,
  `
  -- What reports over whole days count, kept with each change: answers by score, and responses by how far they came. A day
  -- is that of UTC, in days since 1970; without a variant its name is empty.
  CREATE TABLE score_days (
    site INTEGER NOT NULL,
    survey TEXT NOT NULL,
    question TEXT NOT NULL,
    day INTEGER NOT NULL,
    version INTEGER NOT NULL,
    variant TEXT NOT NULL,
    score INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (site, survey, question, day, version, variant, score)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE response_days (
    site INTEGER NOT NULL,
    survey TEXT NOT NULL,
    day INTEGER NOT NULL,
    variant TEXT NOT NULL,
    shown INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    completed INTEGER NOT NULL,
    dismissed INTEGER NOT NULL,
    over_quota INTEGER NOT NULL,
    ignored INTEGER NOT NULL,
    PRIMARY KEY (site, survey, day, variant)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO score_days
    SELECT site, survey, question, ${dayOf('at')}, version, coalesce(variant, ''), score, count(*)
    FROM answers WHERE score IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7;
  INSERT INTO response_days
    SELECT site, survey, ${dayOf('first_at')}, coalesce(variant, ''), sum(over_quota = 0),
      sum(over_quota = 0 AND answers > 0), sum(over_quota = 0 AND answers > 0 AND status = 'completed'),
      sum(over_quota = 0 AND closed = 1), sum(over_quota), sum(ignored)
    FROM responses GROUP BY 1, 2, 3, 4;
  `,
  format7,
  accessTables,
  auditTables,
  suspectTables,
  findingTables,
  jobTables,
  caseTables,
  columnTables,
  mailTables,
  columnTops,
  unsubscribedReasons,
  jobAbouts,
  // What decides about a follow-up is found by its kind, and the devices of a person without a look at all events; what was
  // given up is found without a look at all that waits.
  `
  DROP INDEX events_by_visitor;
  CREATE INDEX events_by_visitor ON events (site, visitor, kind);
  CREATE INDEX IF NOT EXISTS jobs_dead ON jobs (site, row) WHERE state = 'dead';
  CREATE INDEX IF NOT EXISTS events_by_person ON events (site, person, visitor) WHERE person IS NOT NULL;
  `,
  noteTables,
  // Whether the counts were kept when somebody was erased: 0 or 1. A backup that comes back is treated alike.
  'ALTER TABLE erased ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;',
]
