/** Signs what is sent to a webhook, as Standard Webhooks 1.0.0 says (https://www.standardwebhooks.com). */
import { createHash, createHmac } from 'node:crypto'
import type { Millis } from '../core/time.ts'

/**
 * The headers of a message, with a signature for each secret that is good now.
 *
 * @param secrets `whsec_` and base64
 * @example
 * signed('msg_1', Date.now(), '{}', ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])['webhook-signature'] // 'v1,…'
 */
export function signed(
  id: string,
  at: Millis,
  body: string,
  secrets: readonly string[],
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(at / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}

/** The id of a message: the same for each try of a job, and for no other job. */
export function messageId(site: number, job: string): string {
  return `msg_${createHash('sha256').update(`${site} ${job}`).digest('base64url').slice(0, 27)}`
}
