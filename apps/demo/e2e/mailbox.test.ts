import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { startMailbox } from '../server/mailbox.ts'

/** The mail servers that this process has started. */
const servers = (): number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, parent, ...words]) => Number(parent) === process.pid && words.join(' ').includes('smtpServer'),
    )
    .map(([pid]) => Number(pid))

it('the mailbox of the demo closes, also when Ctrl+C has ended its server first', async () => {
  const mailbox = await startMailbox()
  const [server = 0] = servers()
  process.kill(server, 'SIGTERM')
  // Until nothing is left of it, and this process has heard of that.
  while (existsSync(`/proc/${server}`)) await setTimeout(20)
  await mailbox.close()
  expect(await mailbox.mails().catch((error: Error) => error.message)).toContain('ENOENT')
})
