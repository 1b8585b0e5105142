/** The command `doctor`. */
import { describeFindings } from '../core/findings.ts'
import { examine } from '../doctor.ts'
import { lookAtStore } from './doctorStore.ts'
import type { OwnCommand } from './usage.ts'

/** `doctor [--public-url URL] [--time-from URL|none] [--json]`. */
export const doctor: OwnCommand = {
  values: ['public-url', 'time-from'],
  flags: ['json'],
  async run({ data, store, environment, values, flags, out }) {
    const findings = await examine({
      data,
      ofStore: store === undefined ? undefined : await lookAtStore(store),
      environment,
      publicUrl: values['public-url'] ?? (environment['EARSHOT_PUBLIC_URL'] || undefined),
      timeFrom: values['time-from'] ?? 'https://example.com/',
    })
    const { text, code } = describeFindings(findings)
    out(flags['json'] ? `${JSON.stringify(findings, null, 2)}\n` : text)
    return code
  },
}
