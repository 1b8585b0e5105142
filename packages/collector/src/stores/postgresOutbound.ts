/** Keeps in PostgreSQL what follows what, and where it goes: the plan and the webhooks. */
import { watchJobs } from '../core/alerts.ts'
import type { FollowUpPlan } from '../core/followUpPlan.ts'
import type { Webhook } from '../core/webhook.ts'
import type { OutboundStore } from '../ports/outboundStore.ts'
import { aboutColumns, jobRow } from './jobRow.ts'
import type { Ask, Postgres } from './postgresPool.ts'
import { keyText } from './postgresText.ts'

/** The methods of the store. */
export function createPostgresOutbound({
  read,
  transaction,
}: Postgres): Pick<OutboundStore, 'plan' | 'putPlan' | 'webhooks' | 'putWebhook' | 'dropWebhook'> {
  return {
    async plan(site) {
      const [row] = await read(`SELECT body FROM earshot.outbound WHERE site = $1 AND kind = 'plan'`, [site])
      return row ? (JSON.parse(String(row.body)) as FollowUpPlan) : null
    },
    putPlan: (site, plan, at = 0, instead) =>
      transaction({ site, mode: 'shared' }, async (ask) => {
        if (instead === undefined) await putBody(ask, site, 'plan', '', plan)
        else if (!(await replacePlan(ask, site, plan, instead))) return false
        for (const job of watchJobs(plan, at))
          await ask(
            `INSERT INTO earshot.jobs (site, kind, id, lane, target, visitor, due, body, ${aboutColumns}, made_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             ON CONFLICT (site, kind, id) DO UPDATE SET due = excluded.due, owner = NULL, until = 0, tries = 0`,
            [site, ...jobRow(job, keyText), at],
          )
        return true
      }),
    async webhooks(site) {
      const rows = await read(
        `SELECT body FROM earshot.outbound WHERE site = $1 AND kind = 'webhook' ORDER BY id`,
        [site],
      )
      return rows.map((row) => JSON.parse(String(row.body)) as Webhook)
    },
    putWebhook: (site, webhook) => putBody(read, site, 'webhook', webhook.id, webhook),
    dropWebhook: (site, id, at) =>
      transaction({ site, mode: 'shared' }, async (ask) => {
        await ask(
          `UPDATE earshot.jobs SET state = 'stopped', reason = 'no-webhook', ended_at = $3, owner = NULL
           WHERE site = $1 AND target = $2 AND state = 'waiting'`,
          [site, keyText(id), at],
        )
        const gone = await ask(
          `DELETE FROM earshot.outbound WHERE site = $1 AND kind = 'webhook' AND id = $2 RETURNING 1`,
          [site, keyText(id)],
        )
        return gone.length > 0
      }),
  }
}

async function putBody(ask: Ask, site: number, kind: string, id: string, body: unknown): Promise<void> {
  await ask(
    `INSERT INTO earshot.outbound (site, kind, id, body) VALUES ($1, $2, $3, $4)
     ON CONFLICT (site, kind, id) DO UPDATE SET body = excluded.body`,
    [site, kind, keyText(id), JSON.stringify(body)],
  )
}

/** Puts a plan in the place of one alone; of two who want that at once the second finds the plan of the first. */
async function replacePlan(
  ask: Ask,
  site: number,
  plan: FollowUpPlan,
  instead: FollowUpPlan | null,
): Promise<boolean> {
  const put =
    instead === null
      ? await ask(
          `INSERT INTO earshot.outbound (site, kind, id, body) VALUES ($1, 'plan', '', $2)
           ON CONFLICT (site, kind, id) DO NOTHING RETURNING 1`,
          [site, JSON.stringify(plan)],
        )
      : await ask(
          `UPDATE earshot.outbound SET body = $2 WHERE site = $1 AND kind = 'plan' AND id = '' AND body = $3 RETURNING 1`,
          [site, JSON.stringify(plan), JSON.stringify(instead)],
        )
  return put.length > 0
}
