/** Follows one customer: tracks that an enquiry was answered, asks how far it has come, and draws it. */
import type { Earshot } from '@earshot/sdk'
import { render } from 'preact'
import type { Story } from '../../server/story.ts'
import { beginStory, readStory } from './server.ts'
import { type Hero, isToldOut } from './storySteps.ts'
import { StoryTimeline } from './view.tsx'

/** How often to look, in milliseconds. */
const soon = 1000
const place = 'fernwood-customer'

/** Goes on with the customer that was followed when the page was left. */
export function startStory(earshot: Earshot, collector: string): void {
  const kept = localStorage.getItem(place)
  let hero: Hero | null = kept ? (JSON.parse(kept) as Hero) : null
  let story: Story | null = null

  const show = (): void => {
    const root = document.getElementById('story')
    if (root) render(<StoryTimeline {...{ hero, story, collector }} onBegin={() => void begin()} />, root)
  }
  const look = async (): Promise<void> => {
    const followed = hero
    if (!followed) return
    // The demo may be away for a while; then what is known stays.
    const found = await readStory(followed).catch(() => null)
    // Another one may have begun meanwhile.
    if (hero !== followed) return
    story = found ?? story
    show()
    if (!isToldOut(story)) setTimeout(() => void look(), soon)
  }
  const begin = async (): Promise<void> => {
    hero = await beginStory()
    story = null
    localStorage.setItem(place, JSON.stringify(hero))
    earshot.identify(hero.person)
    earshot.track('enquiry_answered', { ticket: hero.ticket })
    show()
    await earshot.flush()
    await look()
  }

  show()
  void look()
}
