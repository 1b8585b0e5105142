/** Who is signed in, and Earshot, which is told of it. */
import { createEarshot, type Earshot } from '@earshot/sdk'
import { demoSettings, spaNps } from '../../src/surveys.ts'
import { collectorUrl, writeKey } from '../addresses.ts'

export interface Member {
  name: string
  number: string
}

const place = 'fernwood-member'

/** The app brings its survey along; the collector is asked for none. */
export const earshot: Earshot = createEarshot({
  key: writeKey,
  collector: collectorUrl,
  served: false,
  surveys: [spaNps],
  settings: demoSettings,
})

/** Who was signed in when the page was left. */
export function readMember(): Member | null {
  const kept = localStorage.getItem(place)
  const member = kept ? (JSON.parse(kept) as Member) : null
  if (member) tell(member)
  return member
}

export function signIn(member: Member): void {
  localStorage.setItem(place, JSON.stringify(member))
  tell(member)
}

/** The next visitor of this browser is somebody else. */
export function signOut(): void {
  localStorage.removeItem(place)
  earshot.reset()
}

function tell({ number }: Member): void {
  earshot.identify(`member-${number}`, { member: true })
}
