/** Keeps in PostgreSQL what mail needs: addresses, who wants none, and the secrets of links. */
import { mailLane, type LinkSecret } from '../core/mail.ts'
import type { MailStore } from '../ports/mailStore.ts'
import { readJob } from './jobRow.ts'
import type { Postgres } from './postgresPool.ts'
import { keyText, keyTextOf, textOfKey } from './postgresText.ts'
import { readAddress, readUnsubscribed } from './sqliteMail.ts'

/** The step of the schema that brings the tables; see `mailTables` of the SQLite store. */
export const mailTables = `
  CREATE TABLE earshot.mail_secrets (
    site integer NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('link', 'names')),
    secret text COLLATE "C" NOT NULL,
    made_at bigint NOT NULL,
    until bigint,
    PRIMARY KEY (site, kind, secret)
  );
  CREATE UNIQUE INDEX mail_secrets_now ON earshot.mail_secrets (site, kind) WHERE until IS NULL;

  CREATE TABLE earshot.addresses (
    site integer NOT NULL,
    person text COLLATE "C" NOT NULL,
    email text NOT NULL,
    locale text,
    who text COLLATE "C" NOT NULL,
    mail text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (site, person)
  );
  CREATE INDEX addresses_by_name ON earshot.addresses (site, who);

  CREATE TABLE earshot.unsubscribed (
    row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site integer NOT NULL,
    who text COLLATE "C" NOT NULL,
    mail text COLLATE "C",
    person text COLLATE "C",
    by text NOT NULL CHECK (by IN ('link', 'admin')),
    at bigint NOT NULL,
    UNIQUE (site, who)
  );
  CREATE INDEX unsubscribed_by_mail ON earshot.unsubscribed (site, mail) WHERE mail IS NOT NULL;
  CREATE INDEX unsubscribed_by_person ON earshot.unsubscribed (site, person) WHERE person IS NOT NULL;

  CREATE INDEX mail_ended ON earshot.jobs (ended_at) WHERE kind = 'mail' AND ended_at IS NOT NULL;
`

/** The step that brings why somebody is on the list. */
export const unsubscribedReasons = `ALTER TABLE earshot.unsubscribed ADD COLUMN reason text COLLATE "C";`

/** Makes that part of the store. */
export function createPostgresMail({ read, transaction }: Postgres): MailStore {
  const found = async (sql: string, values: unknown[]): Promise<boolean> =>
    (await read(sql, values)).length > 0
  return {
    async mailSecrets(site, fresh, at) {
      const look = (): Promise<Record<string, unknown>[]> =>
        read(
          'SELECT kind, secret, until FROM earshot.mail_secrets WHERE site = $1 ORDER BY until DESC NULLS FIRST',
          [site],
        )
      let rows = await look()
      if (rows.length === 0) {
        // Of two who come at once, the first one is kept.
        await read(
          `INSERT INTO earshot.mail_secrets (site, kind, secret, made_at)
           VALUES ($1, 'link', $2, $4), ($1, 'names', $3, $4) ON CONFLICT DO NOTHING`,
          [site, fresh.link, fresh.names, at],
        )
        rows = await look()
      }
      const links = rows.flatMap(({ kind, secret, until }): LinkSecret[] =>
        kind === 'link' ? [{ secret: String(secret), until: until === null ? null : Number(until) }] : [],
      )
      return { links, names: String(rows.find((each) => each['kind'] === 'names')?.['secret']) }
    },
    rotateLinkSecret: (site, secret, { at, until }) =>
      transaction({ site, mode: 'exclusive' }, async (ask) => {
        await ask(
          `UPDATE earshot.mail_secrets SET until = $2 WHERE site = $1 AND kind = 'link' AND until IS NULL`,
          [site, until],
        )
        await ask(
          `INSERT INTO earshot.mail_secrets (site, kind, secret, made_at) VALUES ($1, 'link', $2, $3)
           ON CONFLICT DO NOTHING`,
          [site, secret, at],
        )
      }),
    async mailAddress(site, person) {
      const [row] = await read('SELECT * FROM earshot.addresses WHERE site = $1 AND person = $2', [
        site,
        keyText(person),
      ])
      return row ? { ...readAddress(row), person } : null
    },
    async putMailAddress(site, { person, email, locale, who, mail, at }) {
      await read(
        `INSERT INTO earshot.addresses (site, person, email, locale, who, mail, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (site, person) DO UPDATE SET email = excluded.email, locale = excluded.locale, who = excluded.who,
           mail = excluded.mail, at = excluded.at`,
        [site, keyText(person), email, locale, who, mail, at],
      )
    },
    dropMailAddress: (site, person) =>
      found('DELETE FROM earshot.addresses WHERE site = $1 AND person = $2 RETURNING 1', [
        site,
        keyText(person),
      ]),
    async personNamed(site, who) {
      const [row] = await read('SELECT person FROM earshot.addresses WHERE site = $1 AND who = $2 LIMIT 1', [
        site,
        who,
      ])
      return row ? textOfKey(String(row['person'])) : null
    },
    isUnsubscribed: (site, who, mail) =>
      found(
        `SELECT 1 FROM earshot.unsubscribed WHERE site = $1 AND who = $2
         UNION ALL SELECT 1 FROM earshot.unsubscribed WHERE site = $1 AND mail = $3 LIMIT 1`,
        [site, who, mail],
      ),
    unsubscribe: (site, { who, mail, person, by, at, reason = null }) =>
      transaction({ site, mode: 'shared' }, async (ask) => {
        await ask(
          `INSERT INTO earshot.unsubscribed AS u (site, who, mail, person, by, at, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (site, who) DO UPDATE SET mail = coalesce(u.mail, excluded.mail)`,
          [site, who, mail, keyTextOf(person), by, at, reason === null ? null : keyText(reason)],
        )
        await ask(
          `UPDATE earshot.jobs SET state = 'stopped', reason = 'unsubscribed', ended_at = $3, owner = NULL
           WHERE site = $1 AND lane = $2 AND kind = 'mail' AND state = 'waiting'`,
          [site, mailLane(who), at],
        )
      }),
    resubscribe: (site, who) =>
      found('DELETE FROM earshot.unsubscribed WHERE site = $1 AND who = $2 RETURNING 1', [site, who]),
    async unsubscribed(site, { before = Number.MAX_SAFE_INTEGER, limit, find }) {
      const rows = await read(
        `SELECT * FROM earshot.unsubscribed WHERE site = $1 AND row < $2
         ${find ? 'AND (position(lower($4 COLLATE "C") IN lower(person)) > 0 OR mail = $5)' : ''}
         ORDER BY row DESC LIMIT $3`,
        [site, before, limit, ...(find ? [keyText(find.person), find.mail] : [])],
      )
      return rows.map(readUnsubscribed).map(({ reason, ...each }) => ({
        ...each,
        person: each.person === null ? null : textOfKey(each.person),
        ...(reason !== undefined && { reason: textOfKey(reason) }),
      }))
    },
    forgetMail: (site, person) =>
      transaction({ site, mode: 'shared' }, async (ask) => {
        const key = [site, keyText(person)]
        await ask(
          `DELETE FROM earshot.jobs WHERE site = $1 AND kind = 'mail' AND lane IN
             (SELECT 'mail/' || who FROM earshot.addresses WHERE site = $1 AND person = $2)`,
          key,
        )
        await ask('DELETE FROM earshot.addresses WHERE site = $1 AND person = $2', key)
        await ask(
          'UPDATE earshot.unsubscribed SET person = NULL, reason = NULL WHERE site = $1 AND person = $2',
          key,
        )
      }),
    async job(site, row) {
      const [only] = await read('SELECT * FROM earshot.jobs WHERE site = $1 AND row = $2', [site, row])
      return only ? readJob(only, textOfKey) : null
    },
    holdJob: (row, owner, body, until) =>
      found(
        `UPDATE earshot.jobs SET body = $1, until = $2 WHERE row = $3 AND owner = $4 AND state = 'waiting' RETURNING 1`,
        [JSON.stringify(body), until, row, owner],
      ),
  }
}
