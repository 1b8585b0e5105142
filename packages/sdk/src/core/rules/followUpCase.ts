/** Which case a follow-up is about, as events name it. */
import { followUpId, type FollowUpRule, type Scalar, type Survey } from '@earshot/contract'
import { own } from './facts.ts'

/** What the collector takes as the name of a case, and as an identity. */
const longestCause = 100
const longestId = 300

/** The case that a property names; an empty text for none, which is what a template leaves too. */
export function caseOf(props: Readonly<Record<string, Scalar>>, key: string): string {
  return String(own(props, key) ?? '')
}

/** Whether the collector takes an identity with this cause. A lone half of a character has no place in one. */
export function fits(survey: Survey, rule: FollowUpRule, cause: string): boolean {
  return (
    cause.length <= longestCause &&
    !/\p{Cs}/u.test(cause) &&
    followUpId(survey.id, rule.id, cause).length <= longestId
  )
}

/** Cases by the keys of `cancel`, where they are not the cause itself. */
export function keysOf(
  rule: FollowUpRule,
  props: Readonly<Record<string, Scalar>>,
  cause: string,
): Record<string, string> | undefined {
  const keys: Record<string, string> = {}
  for (const { key } of rule.cancel ?? []) {
    const named = key && caseOf(props, key)
    if (named && named !== cause) keys[key] = named
  }
  return Object.keys(keys).length ? keys : undefined
}
