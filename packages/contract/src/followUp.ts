/** What a follow-up is: a later prompt that an earlier answer or event caused. */

/** A prompt that is planned for a person. */
export interface FollowUp {
  /** By `followUpId`: mail and in-app prompt for one cause share it, so that nobody is asked twice. */
  id: string
  /** Survey that will ask. */
  survey: string
  /** Name of the rule that planned it. */
  rule: string
  /** Id of the response or event that caused it. */
  cause: string
  /** Not before, ISO 8601 in UTC. */
  due: string
  /** Not after, ISO 8601 in UTC. */
  expires: string
}
