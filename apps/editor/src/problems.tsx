/** All that is wrong, each with its place and the mend, and what the preview shows meanwhile. */
import type { JSX } from 'preact'
import type { Flaw } from './judge.ts'

interface ProblemsProps {
  flaws: readonly Flaw[]
  /** Whether the preview shows an older version. */
  behind: boolean
  onGo(flaw: Flaw): void
  onReturn(): void
}

const documentTexts = { survey: 'Survey', settings: 'Settings' }

export function Problems({ flaws, behind, onGo, onReturn }: ProblemsProps): JSX.Element {
  const errors = flaws.filter((each) => each.severity === 'error')
  const warnings = flaws.length - errors.length
  return (
    <div class={behind ? 'problems behind' : 'problems'}>
      <p role="status" class="verdict">
        {behind
          ? `${count(errors.length, 'problem')} to mend. The preview shows the last version that was sound.`
          : warnings > 0
            ? `The survey is accepted, with ${count(warnings, 'remark')}.`
            : 'The survey is accepted.'}
      </p>
      {flaws.length > 0 && (
        <ul>
          {flaws.map((each, index) => (
            <li key={index} class={each.severity}>
              <button type="button" class="link" onClick={() => onGo(each)}>
                {documentTexts[each.document]}, line {each.line}
              </button>{' '}
              <span>{each.message}</span>
            </li>
          ))}
        </ul>
      )}
      {behind && (
        <p>
          <button type="button" onClick={onReturn}>
            Return to the last sound version
          </button>
        </p>
      )}
    </div>
  )
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`
