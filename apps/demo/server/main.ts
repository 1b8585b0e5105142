/** `pnpm demo`: reads the environment, starts the demo, and prints where everything is. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startDemo, type Demo } from './demo.ts'

try {
  const demo = await startDemo(read())
  process.stdout.write(welcome(demo))
  stopBySignal(demo)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

function read(): Parameters<typeof startDemo>[0] {
  const { values } = parseArgs({ options: { data: { type: 'string' } } })
  return {
    demoPort: port('EARSHOT_DEMO_PORT', 5173),
    collectorPort: port('EARSHOT_COLLECTOR_PORT', 8787),
    data: values.data === undefined ? undefined : resolve(values.data),
    writeKey: process.env.EARSHOT_WRITE_KEY || undefined,
    adminToken: process.env.EARSHOT_ADMIN_TOKEN || undefined,
    story: { delay: 10_000 },
    log: (line) => process.stderr.write(`${line}\n`),
  }
}

function port(variable: string, preset: number): number {
  const given = process.env[variable]
  if (!given) return preset
  const value = Number(given)
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value
  throw new Error(`${variable} is "${given}"; give a port from 0 to 65535.`)
}

function welcome({ demoUrl, collectorUrl, writeKey, adminToken }: Demo): string {
  return `
Earshot demo

  A shop, by script tag         ${demoUrl}/
  The same shop, as an app      ${demoUrl}/spa
  One answer, step by step      ${demoUrl}/verify
  One customer, until closed    ${demoUrl}/verify#story
  Every trigger and rule        ${demoUrl}/triggers
  Every card in every state     ${demoUrl}/gallery
  The playground                ${demoUrl}/playground
  A page with a strict policy   ${demoUrl}/csp

  The dashboard                 ${collectorUrl}/dashboard   (sign in with the admin token)

  Collector     ${collectorUrl}
  Write key     ${writeKey}
  Admin token   ${adminToken}

  The Net Promoter Score of the shop so far:
  curl -H 'Authorization: Bearer ${adminToken}' '${collectorUrl}/v1/reports/nps?survey=shop-nps'

Ctrl+C stops everything.
`
}

function stopBySignal(demo: Demo): void {
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      // A second signal means: at once.
      if (stopping) process.exit(1)
      stopping = true
      demo.close().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`)
          process.exit(1)
        },
      )
    })
}
