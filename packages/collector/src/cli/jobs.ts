/** The command `jobs`: what goes out, what was given up, and once more. */
import type { JobState } from '../core/jobs.ts'
import { systemClock } from '../system.ts'
import { recorded, siteOf, withStore } from './open.ts'
import { usageError, type OwnCommand } from './usage.ts'

const states: readonly JobState[] = ['waiting', 'done', 'stopped', 'dead']
const most = 1000
const momentOf = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')

/** `jobs list [--state STATE] | retry JOB|all`. */
export const jobs: OwnCommand = {
  words: ['list or retry'],
  more: 1,
  values: ['site', 'state'],
  run: (given) =>
    withStore(given, async (store) => {
      const [what = '', which] = given.words
      const site = await siteOf(given, store)
      if (what === 'list') {
        const wanted = given.values['state'] ?? null
        const state = states.find((each) => each === wanted) ?? null
        if (wanted !== state) throw usageError(`--state is "${wanted}"; use ${states.join(', ')}.`)
        for (const each of await store.jobs(site, state, { limit: most })) {
          const words = [
            each.row,
            momentOf(each.madeAt),
            each.kind,
            each.state,
            each.tries,
            each.target ?? '-',
          ]
          given.out(`${[...words, each.reason ?? '-', each.id].join('  ')}\n`)
        }
        return 0
      }
      if (what !== 'retry') throw usageError(`"jobs ${what}" is no command; use list, retry.`)
      if (which === undefined || !/^(?:all|\d{1,15})$/.test(which))
        throw usageError('"jobs retry" needs the number of a job, or all for all that were given up.')
      const count = await recorded(store, 'jobs retry', site, which, async () => {
        if (which !== 'all') return (await store.retryJob(site, Number(which), systemClock.now())) ? 1 : 0
        let done = 0
        for (;;) {
          const dead = await store.jobs(site, 'dead', { limit: most })
          let again = 0
          for (const { row } of dead) if (await store.retryJob(site, row, systemClock.now())) again += 1
          done += again
          if (again === 0) return done
        }
      })
      if (count === 0 && which !== 'all')
        throw new Error('Nothing that has ended and could be done again has this number.')
      given.out(
        `${count} ${count === 1 ? 'delivery is' : 'deliveries are'} sent once more by a running collector.\n`,
      )
      return 0
    }),
}
