/** Asks the registry whether something is known against what is shipped; fails for what is high or critical. Says loudly when nobody answers. */
import { spawnSync } from 'node:child_process'

/** What came of it. */
export interface AdvisoryReport {
  outcome: 'clean' | 'found' | 'skipped'
  text: string
}

interface Advisory {
  module_name?: string
  severity?: string
  title?: string
  url?: string
}

/**
 * Reads what `pnpm audit --json` printed.
 *
 * @example
 * readAudit('{"advisories":{}}', '').outcome // 'clean'
 */
export function readAudit(out: string, errors: string): AdvisoryReport {
  const found = readAdvisories(out)
  if (!found) {
    const reason =
      /ERR_\w+|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|responded with \d+/.exec(`${errors}\n${out}`)?.[0] ??
      'no answer that can be read'
    return {
      outcome: 'skipped',
      text: `SKIPPED: NO DEPENDENCY WAS LOOKED AT. The registry has no list of advisories, or is not reachable (${reason}). Run this again where it is, before you publish.`,
    }
  }
  const grave = found.filter(({ severity }) => severity === 'high' || severity === 'critical')
  const lines = found.map(
    ({ module_name = '?', severity = '?', title = '?', url = '' }) =>
      `${severity.padEnd(9)} ${module_name}: ${title} ${url}`,
  )
  return {
    outcome: grave.length > 0 ? 'found' : 'clean',
    text: [...lines, `advisories: ${found.length} known, ${grave.length} high or critical`].join('\n'),
  }
}

function readAdvisories(out: string): Advisory[] | null {
  try {
    const { advisories } = JSON.parse(out) as { advisories?: Record<string, Advisory> }
    return advisories ? Object.values(advisories) : null
  } catch {
    return null
  }
}

if (import.meta.main) {
  const { stdout, stderr } = spawnSync('pnpm', ['audit', '--prod', '--json'], { encoding: 'utf8' })
  const { outcome, text } = readAudit(stdout, stderr)
  process.stdout.write(`${text}\n`)
  if (outcome === 'found') process.exitCode = 1
}
