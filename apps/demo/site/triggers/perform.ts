/** Does what the buttons of a tryout say. */
import type { Earshot } from '@earshot/sdk'
import type { Act, Tryout } from '../../src/tryout.ts'

/** As many new visitors as are made to find one on whom a rule falls. */
const mostVisitors = 100

interface Navigation {
  navigate(address: string, options: { info: unknown }): void
}

export const baseOf = ({ id }: Tryout): string => `/triggers/${id}`

/** Acts without a button are done by hand, and mean nothing here. */
export async function perform(earshot: Earshot, tryout: Tryout, act: Act): Promise<void> {
  const { id } = tryout.survey
  switch (act.do) {
    case 'track':
      return earshot.track(act.name, act.props)
    case 'traits':
      return earshot.setTraits(act.traits)
    case 'group':
      return earshot.group(act.group, act.traits)
    case 'page':
      return earshot.page(act.context)
    case 'show':
      return earshot.show(id, { hidden: act.hidden ?? {} })
    case 'snooze':
      return earshot.snooze(act.days)
    case 'pause':
      return earshot.pause()
    case 'resume':
      return earshot.resume()
    case 'back':
      return history.back()
    case 'reload':
      return location.reload()
    case 'renew':
      return renew(earshot, id, act.until)
    case 'go':
      return go(tryout, act.by, act.to)
    default:
  }
}

function go(tryout: Tryout, by: Extract<Act, { do: 'go' }>['by'], to: string): void {
  const address = baseOf(tryout) + to
  const { navigation } = window as unknown as { navigation?: Navigation }
  if (by === 'hash') location.hash = to
  else if (by === 'navigate' && navigation) navigation.navigate(address, { info: tryout.id })
  else if (by === 'replaceState') history.replaceState(null, '', address)
  else history.pushState(null, '', address)
}

async function renew(
  earshot: Earshot,
  survey: string,
  until: Extract<Act, { do: 'renew' }>['until'],
): Promise<void> {
  for (let count = 0; count < mostVisitors; count++) {
    earshot.reset()
    if (!until) return
    const { rules } = await earshot.explain(survey)
    if (rules.find((each) => each.rule === until.rule)?.pass === until.pass) return
  }
}
