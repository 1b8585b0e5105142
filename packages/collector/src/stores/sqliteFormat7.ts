/** Format 7 of the SQLite store: rows in a third of the bytes, so that there is a third to write with each commit. */
import type { DatabaseSync } from 'node:sqlite'
import { packJson } from './packJson.ts'
import { visitorToKey } from './sqliteId.ts'

/** Gives the statements below the functions that they call. */
export function offerFormat7(database: DatabaseSync): void {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  database.function('packed', { varargs: true, deterministic: true }, (...given) =>
    packJson(JSON.parse(text(given[0])), given.slice(1).map(text)),
  )
  database.function('as_key', { deterministic: true }, (visitor) => visitorToKey(text(visitor)))
}

/** A UUID from its bytes, in SQL. */
const uuidOf = (column: string): string =>
  `lower(substr(hex(${column}), 1, 8) || '-' || substr(hex(${column}), 9, 4) || '-' || substr(hex(${column}), 13, 4) || '-' ||
    substr(hex(${column}), 17, 4) || '-' || substr(hex(${column}), 21))`

/** From format 6. */
export const format7: string = `
  DROP TRIGGER completed_inserted;
  DROP TRIGGER completed_deleted;
  DROP TRIGGER completed_updated;
  ALTER TABLE events RENAME TO events_6;
  ALTER TABLE responses RENAME TO responses_6;
  ALTER TABLE answers RENAME TO answers_6;

  -- The body is the whole event, packed, but for what stands in id, visitor, response and person. A visitor is 16 bytes if
  -- it is a UUID in lower case, else a text. The numbers of kinds and statuses are those of sqliteRows.ts.
  CREATE TABLE events (
    row INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES sites (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    response BLOB CHECK (length(response) = 16),
    kind INTEGER NOT NULL,
    visitor ANY NOT NULL,
    person TEXT,
    received_at INTEGER NOT NULL,
    -- What the moment at which it happened was corrected by.
    shift INTEGER NOT NULL,
    -- Of events that settle a follow-up: its identity, and whether it was cancelled, 0 or 1.
    follow_up TEXT,
    cancelled INTEGER,
    body BLOB NOT NULL,
    UNIQUE (site, id)
  ) STRICT;
  INSERT INTO events
    SELECT row, site, id, response,
      CASE type WHEN 'display' THEN 0 WHEN 'answer' THEN 1 WHEN 'complete' THEN 2 WHEN 'dismiss' THEN 3 WHEN 'snooze' THEN 4
        WHEN 'followup' THEN 5 WHEN 'optout' THEN 6 WHEN 'identify' THEN 7 WHEN 'group' THEN 8 WHEN 'track' THEN 9
        WHEN 'loss' THEN 10 END,
      as_key(json_extract(body, '$.visitor')), json_extract(body, '$.person'), received_at, occurred_at - at,
      iif(settles, json_extract(body, '$.data.followUp'), NULL),
      iif(settles, json_extract(body, '$.data.state') = 'cancelled', NULL),
      packed(body, ${uuidOf('id')}, json_extract(body, '$.visitor'), iif(response IS NULL, '', ${uuidOf('response')}),
        coalesce(json_extract(body, '$.person'), ''))
    FROM (SELECT *, type = 'followup' AND json_extract(body, '$.data.state') IN ('answered', 'cancelled') AS settles
      FROM events_6 ORDER BY row);
  DROP TABLE events_6;
  CREATE INDEX events_by_response ON events (site, response) WHERE response IS NOT NULL;
  CREATE INDEX events_by_visitor ON events (site, visitor);
  CREATE INDEX optouts_by_visitor ON events (site, visitor) WHERE kind = 6;
  CREATE INDEX optouts_by_person ON events (site, person) WHERE kind = 6;
  CREATE INDEX settled_by_visitor ON events (site, follow_up, visitor) WHERE follow_up IS NOT NULL;
  CREATE INDEX settled_by_person ON events (site, follow_up, person) WHERE follow_up IS NOT NULL;

  -- The body is the whole response, packed, but for its id. Visitor and person stand here for follow-ups only.
  CREATE TABLE responses (
    row INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES sites (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    survey TEXT NOT NULL,
    version INTEGER NOT NULL,
    status INTEGER NOT NULL,
    answers INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    ignored INTEGER NOT NULL,
    variant TEXT,
    over_quota INTEGER NOT NULL,
    follow_up TEXT,
    visitor ANY,
    person TEXT,
    body BLOB NOT NULL,
    UNIQUE (site, id)
  ) STRICT;
  INSERT INTO responses
    SELECT row, site, id, survey, version,
      CASE status WHEN 'shown' THEN 0 WHEN 'partial' THEN 1 WHEN 'completed' THEN 2 WHEN 'dismissed' THEN 3 END,
      answers, closed, first_at, ignored, variant, over_quota, follow_up,
      iif(follow_up IS NULL, NULL, as_key(json_extract(body, '$.visitor'))),
      iif(follow_up IS NULL, NULL, json_extract(body, '$.person')),
      packed(body, ${uuidOf('id')})
    FROM responses_6 ORDER BY row;
  DROP TABLE responses_6;
  CREATE INDEX responses_by_survey ON responses (site, survey, row);
  CREATE INDEX responses_by_time
    ON responses (site, survey, first_at, status, answers, closed, variant, over_quota);
  CREATE INDEX responses_ignoring ON responses (site, survey, first_at, ignored) WHERE ignored > 0;
  CREATE INDEX responses_over_quota ON responses (site, survey, first_at, variant) WHERE over_quota = 1;
  CREATE INDEX answered_by_visitor ON responses (site, survey, follow_up, visitor)
    WHERE follow_up IS NOT NULL AND (answers > 0 OR status = 2);
  CREATE INDEX answered_by_person ON responses (site, survey, follow_up, person)
    WHERE follow_up IS NOT NULL AND (answers > 0 OR status = 2);
  CREATE TRIGGER completed_inserted AFTER INSERT ON responses WHEN NEW.status = 2 AND NEW.over_quota = 0
  BEGIN
    INSERT INTO completed VALUES (NEW.site, NEW.survey, 1)
      ON CONFLICT (site, survey) DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER completed_deleted AFTER DELETE ON responses WHEN OLD.status = 2 AND OLD.over_quota = 0
  BEGIN
    UPDATE completed SET count = count - 1 WHERE site = OLD.site AND survey = OLD.survey;
  END;
  CREATE TRIGGER completed_updated AFTER UPDATE ON responses
    WHEN OLD.survey <> NEW.survey OR
      (OLD.status = 2 AND OLD.over_quota = 0) <> (NEW.status = 2 AND NEW.over_quota = 0)
  BEGIN
    UPDATE completed SET count = count - 1
      WHERE site = OLD.site AND survey = OLD.survey AND OLD.status = 2 AND OLD.over_quota = 0;
    INSERT INTO completed SELECT NEW.site, NEW.survey, 1 WHERE NEW.status = 2 AND NEW.over_quota = 0
      ON CONFLICT (site, survey) DO UPDATE SET count = count + 1;
  END;

  -- Answers with a score, in the order in which reports read them. Who: 16 bytes, or a text that begins with v: for a
  -- visitor, and with p: for a person.
  CREATE TABLE answers (
    site INTEGER NOT NULL,
    survey TEXT NOT NULL,
    question TEXT NOT NULL,
    at INTEGER NOT NULL,
    response BLOB NOT NULL,
    version INTEGER NOT NULL,
    score INTEGER NOT NULL,
    who ANY NOT NULL,
    variant TEXT,
    PRIMARY KEY (site, survey, question, at, response)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO answers
    SELECT site, survey, question, at, response, version, score,
      iif(typeof(as_key(substr(who, 3))) = 'blob' AND who LIKE 'v:%', as_key(substr(who, 3)), who), variant
    FROM answers_6 WHERE score IS NOT NULL ORDER BY site, survey, question, at, response;
  DROP TABLE answers_6;
`
