/** All that is wrong with a plan, each with its field and its line. */
import type { JSX } from 'preact'

interface ProblemsProps {
  problems: readonly { path: string; line: number; message: string }[]
  onGo: (line: number) => void
}

export function PlanProblems({ problems, onGo }: ProblemsProps): JSX.Element | null {
  if (problems.length === 0) return null
  return (
    <div class="problems behind" role="alert">
      <p class="verdict">
        {problems.length} {problems.length === 1 ? 'problem' : 'problems'} to mend.
      </p>
      <ul>
        {problems.map(({ path, line, message }) => (
          <li key={path + message}>
            <button type="button" class="link" onClick={() => onGo(line)}>
              Line {line}
            </button>{' '}
            {path && <code>{path}</code>} {message}
          </li>
        ))}
      </ul>
    </div>
  )
}
