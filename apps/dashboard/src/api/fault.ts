/** What went wrong with a request, in words, and what to do about it. */

/** A request that gave nothing. */
export interface Fault {
  /** HTTP status; 0 where no answer came. */
  status: number
  /** The stable code of the collector's problem document, or one of ours: `no_answer`, `odd_answer`. */
  code: string
  message: string
  /** What to do about it. */
  advice: string
  /** Single mistakes with their places, where the collector names some. */
  errors: readonly { path: string; message: string }[]
}

const advices: Readonly<Record<string, string>> = {
  role_not_allowed: 'Ask an admin for a token with another role.',
  site_not_allowed: 'Choose another site.',
  rate_limited: 'Wait a minute, then try again.',
  unknown_survey: 'Choose another survey. It may have been removed.',
  csrf: 'Load this page anew, then try again.',
}

/** Says what to do about a fault. */
function adviceFor(status: number, code: string): string {
  const known = advices[code]
  if (known) return known
  if (status === 0) return 'Look whether the collector runs and whether you are online, then try again.'
  if (status === 401) return 'Sign in again.'
  if (code.startsWith('unknown_') && code !== 'unknown_path')
    return 'Look at the id again. What it names may have been erased or removed.'
  if (status === 404) return 'The collector may be older than this page. Load the page anew.'
  if (status === 503) return 'The collector is busy or starting. Try again in a moment.'
  if (status >= 500) return 'Try again. If it stays, the log of the collector says more.'
  return 'Change what is asked for, then try again.'
}

/** A fault of a request that had no answer. */
export const noAnswer = (): Fault => ({
  status: 0,
  code: 'no_answer',
  message: 'The collector does not answer.',
  advice: adviceFor(0, ''),
  errors: [],
})

/** A fault of an answer in a form that is not understood. */
export const oddAnswer = (path: string, what: string): Fault => ({
  status: 200,
  code: 'odd_answer',
  message: `The collector answered ${path} in a form that this page does not know (${what}).`,
  advice: 'The collector may be of another version than this page. Load the page anew.',
  errors: [],
})

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The fault that a problem document (RFC 9457) tells of. */
export function faultOf(status: number, body: unknown): Fault {
  const { code, detail, errors } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >
  const name = typeof code === 'string' ? code : 'unknown'
  return {
    status,
    code: name,
    message: typeof detail === 'string' ? detail : `The collector answered with status ${status}.`,
    advice: adviceFor(status, name),
    errors: Array.isArray(errors)
      ? errors.map((each: { path?: unknown; message?: unknown }) => ({
          path: textOf(each.path),
          message: textOf(each.message),
        }))
      : [],
  }
}
