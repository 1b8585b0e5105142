/** Puts what somebody does with a token into the log of what admins did: what changes something before it is done, and after. */
import { redact } from '../core/redact.ts'
import { cleanText, cutText } from '../core/text.ts'
import type { LetIn } from './access.ts'
import type { Deps, Route } from './route.ts'

/** The entries of one request. */
export interface Diary {
  /**
   * To be called before anything is done.
   *
   * @throws when it cannot be written down; then nothing may be done
   */
  begun(): Promise<void>
  /** Names what the request is about, once that is known. */
  concerns(about: string): void
  /**
   * To be called before the answer is given.
   *
   * @throws when somebody only looked, and that cannot be written down; then nothing may be shown
   */
  done(status: number): Promise<void>
}

/** The status of an entry that says what is about to be done. One without another one after it was broken off. */
export const begunStatus = 102

/** Longest name of what a request is about. */
const mostAbout = 200

/**
 * Opens the diary of a request that was let in.
 *
 * @example
 * const diary = openDiary(route, params, letIn, deps)
 * await diary.begun()
 */
export function openDiary(
  { method, path, need, about: name }: Extract<Route, { access: 'admin' }>,
  params: Readonly<Record<string, string>>,
  { token, site }: LetIn,
  { store, clock, log }: Pick<Deps, 'store' | 'clock' | 'log'>,
): Diary {
  const doesChange = method !== 'GET'
  const isLook = !doesChange && (need === 'export' || need === 'people')
  let about = name ? name(params) : Object.values(params).join(' ') || null
  const write = (status: number): Promise<void> =>
    store.record({
      at: clock.now(),
      who: token.id,
      site: site.id,
      action: `${method} ${path}`,
      about: about === null ? null : cutText(cleanText(withoutSecrets(about)), mostAbout),
      status,
    })
  return {
    begun: () => (doesChange ? write(begunStatus) : Promise.resolve()),
    concerns(found) {
      about = found
    },
    async done(status) {
      if (isLook) await write(status)
      if (!doesChange) return
      // It is done, and that it was begun is in the log: what it made must not be lost too.
      await write(status).catch((error: unknown) =>
        log.error('what became of a change could not be put into the log of what admins did', error),
      )
    },
  }
}

/** Whoever puts a token where its name belongs must not find it in a log from which nothing can be deleted. Write keys are no secret. */
function withoutSecrets(about: string): string {
  return about.startsWith('pk_') ? about : redact(about)
}
