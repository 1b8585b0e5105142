/** How the pages behind the links of messages are given, and what is said where a link opens nothing. */
import type { LinkBody } from '../core/linkToken.ts'
import { acceptedLanguages, spokenIn } from '../core/mailLanguage.ts'
import { notePage } from '../core/mailPage.ts'
import { problem } from './errors.ts'
import { tooMany } from './limits.ts'
import type { Call, Deps } from './route.ts'

/** Nothing but what is ours, the card of the SDK too; the only form leads back here. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

/** Why a link opens nothing, for programs. */
const reasons = {
  broken: [
    404,
    'link_broken',
    'Nobody has signed this link, or what it was about is gone: the follow-up, the survey or the person. Take the whole link, as it stands in the message.',
  ],
  expired: [410, 'link_expired', 'A link works for 60 days. Another message has a new one.'],
  answered: [409, 'already_answered', 'The survey was answered elsewhere, so nothing is asked any more.'],
} as const

/** A page of HTML. */
export function html(body: string, status = 200): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    },
  })
}

/** What every such route says no with. */
export interface Door {
  /** The answer to a network that asks too often; null for any other. */
  limited(call: Call): Response | null
  /**
   * Why a link opens nothing: who looks at it with a browser reads it in the language that the link or the browser tells,
   * anything else gets a problem.
   */
  closed(call: Call, link: Pick<LinkBody, 'language'> | null, why: keyof typeof reasons): Response
}

/** Makes it. */
export function createDoor({ limits, metrics }: Pick<Deps, 'limits' | 'metrics'>): Door {
  return {
    limited(call) {
      const wait = limits.network(call.network)
      if (wait === 0) return null
      metrics.limited('network')
      return tooMany(wait)
    },
    closed(call, link, why) {
      const [code, name, detail] = reasons[why]
      if (!/text\/html|application\/xhtml\+xml/i.test(call.request.headers.get('accept') ?? ''))
        return problem(code, name, detail)
      const accepted = acceptedLanguages(call.request.headers.get('accept-language'))
      const spoken = spokenIn(link ? [link.language] : accepted)
      return html(notePage(spoken, spoken.mail[why]), why === 'answered' ? 200 : code)
    },
  }
}
