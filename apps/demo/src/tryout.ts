/** What a tryout is: a survey that shows one rule at work, with ways that make it appear and ways that do not. */
import {
  csat,
  type Reason,
  type Scalar,
  type SiteSettings,
  type Survey,
  type SurveyFields,
} from '@earshot/sdk'

/** One thing that somebody does. What has a button is pressed, anything else is done by hand. */
export type Act =
  | { do: 'track'; name: string; props?: Record<string, Scalar> }
  | { do: 'traits'; traits: Record<string, Scalar> }
  | { do: 'group'; group: string; traits?: Record<string, Scalar> }
  | { do: 'page'; context: { stage?: string; touchpoint?: string } }
  | { do: 'show'; hidden?: Record<string, Scalar> }
  | { do: 'snooze'; days: number }
  | { do: 'pause' | 'resume' }
  /** Goes to an address inside the app, from the address of the tryout on. */
  | { do: 'go'; by: 'pushState' | 'replaceState' | 'navigate' | 'hash'; to: string }
  | { do: 'back' }
  /** Begins new visitors until a rule says that of one. */
  | { do: 'renew'; until?: { rule: string; pass: boolean } }
  /** Lets time pass on the page. */
  | { do: 'wait'; seconds: number }
  /** Leaves, and opens the page again so many days later. */
  | { do: 'later'; days: number }
  | {
      do:
        | 'close'
        | 'answer'
        | 'scroll'
        | 'scrollALittle'
        | 'flick'
        | 'leave'
        | 'look'
        | 'press'
        | 'hammer'
        | 'reload'
    }

/** Where somebody is, if not at a desk with a large window. */
export interface Place {
  device?: 'phone' | 'tablet'
  width?: number
  /** Behind the address. */
  query?: string
  /** ISO 8601 in UTC. */
  at?: string
  /** Comes from the list of all tryouts. */
  fromList?: boolean
}

export interface Way {
  title: string
  place?: Place
  acts: Act[]
  shown: boolean
  /** What is heard; without one the trigger has not fired. */
  reason?: Reason
}

export interface Tryout {
  id: string
  title: string
  /** What it shows, for a human. */
  text: string
  survey: Survey
  settings: SiteSettings
  /** Whether the collector serves the survey, because it counts its places. */
  served?: boolean
  /** What there is to look at, to press or to scroll. */
  scene?: 'tall' | 'offer' | 'button'
  ways: Way[]
}

/** Nothing but the rule that is tried out stands against a survey. */
export const freely: SiteSettings = { limits: { quiet: 0, perSession: 1000 } }

type Fields = Partial<Omit<SurveyFields, 'id' | 'name'>>

/** A tryout whose survey may be seen again and again. */
export function tryout(
  id: string,
  title: string,
  text: string,
  fields: Fields,
  ways: Way[],
  more: Partial<Tryout> = {},
): Tryout {
  const recontact = { answered: 0, dismissed: 0, shown: 0, ...fields.recontact }
  const survey = csat({
    id: `try-${id}`,
    name: 'Fernwood',
    purpose: 'Try out one setting.',
    owner: 'web shop',
    ...fields,
    recontact,
  })
  return { id, title, text, survey, settings: freely, ways, ...more }
}

export const track = (name: string, props?: Record<string, Scalar>): Act => ({
  do: 'track',
  name,
  ...(props && { props }),
})

/** What every tryout of targeting waits for. */
export const asked: Act = track('ask')

export const appears = (title: string, acts: Act[], place?: Place): Way => ({
  title,
  acts,
  shown: true,
  ...(place && { place }),
})

export const stays = (title: string, acts: Act[], reason?: Reason, place?: Place): Way => ({
  title,
  acts,
  shown: false,
  ...(reason && { reason }),
  ...(place && { place }),
})
