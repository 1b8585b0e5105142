/** Says that somebody else has put another plan into force meanwhile, and lets one of the two stand. */
import type { JSX } from 'preact'

interface TheirsProps {
  /** Where theirs differs from what is written here, in words. */
  differences: readonly string[]
  isBusy: boolean
  onTheirs: () => void
  onMine: () => void
}

export function Theirs({ differences, isBusy, onTheirs, onMine }: TheirsProps): JSX.Element {
  return (
    <div class="note bad" role="alert">
      <p>
        <strong>Somebody else has put another plan into force meanwhile.</strong> What you wrote is still
        here, and not in force.
      </p>
      {differences.length > 0 && <p>The two differ in {listOf(differences)}.</p>}
      <div class="end">
        <button type="button" onClick={onTheirs}>
          Leave mine and show theirs
        </button>
        <button type="button" aria-disabled={isBusy} onClick={onMine}>
          Put mine in its place
        </button>
      </div>
    </div>
  )
}

const listOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
