/** Whether answers come in by themselves, and how many did: the one thing that is said of it. */
import type { JSX } from 'preact'
import { useContext } from 'preact/hooks'
import { LiveContext, type LiveState } from '../api/live.ts'
import { formatCount } from '../numbers/format.ts'

const texts: Readonly<Record<LiveState, string>> = {
  opening: 'Connecting',
  open: 'Live',
  broken: 'Not live: the collector does not answer. It is tried again.',
  refused: 'Not live: load the page anew to see new answers',
}

export function LiveMark(): JSX.Element | null {
  const { state, count } = useContext(LiveContext)
  if (state === null) return null
  const said = count === 1 ? '1 new answer' : `${formatCount(count)} new answers`
  return (
    <p class={state === 'open' ? 'live on' : 'live'} role="status">
      <span>{texts[state]}</span>
      {count > 0 && <span class="since">{said} since you came</span>}
    </p>
  )
}
