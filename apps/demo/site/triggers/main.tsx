/** The list of all tryouts, or the one that the address names, with an Earshot that knows nothing but its survey. */
import { createEarshot, type Earshot, type Explanation } from '@earshot/sdk'
import { render } from 'preact'
import { tryouts } from '../../src/triggers.ts'
import type { Tryout } from '../../src/tryout.ts'
import { collectorUrl, writeKey } from '../addresses.ts'
import { perform, baseOf } from './perform.ts'
import { List } from './list.tsx'
import { Bench } from './bench.tsx'

const names = ['ready', 'shown', 'answered', 'completed', 'dismissed', 'snoozed', 'suppressed'] as const

const place = document.getElementById('main') as HTMLElement
const query = new URLSearchParams(location.search)
// Before Earshot looks at them.
document.documentElement.lang = query.get('lang') ?? 'en'
document.documentElement.dir = query.get('dir') ?? 'ltr'

const [, , id] = location.pathname.split('/')
const tryout = tryouts.find((each) => each.id === id)
if (tryout) start(tryout)
else render(<List />, place)

function start(chosen: Tryout): void {
  document.title = `${chosen.title} · Fernwood`
  const { survey, settings, served } = chosen
  const earshot: Earshot = createEarshot({
    key: writeKey,
    collector: collectorUrl,
    served: served === true,
    surveys: served ? [] : [survey],
    settings,
  })
  // For the browser's console, as with the script tag.
  Object.assign(window, { earshot })
  let explanation: Explanation | null = null
  const said: string[] = []

  const draw = (): void =>
    render(
      <Bench
        tryout={chosen}
        explanation={explanation}
        said={said}
        onAct={(act) => void perform(earshot, chosen, act).then(look)}
      />,
      place,
    )
  const look = async (): Promise<void> => {
    explanation = await earshot.explain(survey.id).catch(() => null)
    draw()
  }
  for (const name of names)
    earshot.on(name, (detail) => {
      said.unshift('reason' in detail ? `${name}: ${detail.reason}` : name)
      said.splice(6)
      void look()
    })
  // A navigation that is the app's own must not load the page.
  const { navigation } = window as { navigation?: EventTarget }
  navigation?.addEventListener('navigate', (event) => {
    const { info, intercept } = event as Event & { info?: unknown; intercept(): void }
    if (info === chosen.id) intercept.call(event)
  })
  navigation?.addEventListener('currententrychange', () => void look())
  addEventListener('popstate', () => void look())
  setInterval(() => void look(), 2000)
  draw()
  if (location.pathname === baseOf(chosen)) document.querySelector('h1')?.focus()
}
