/** The command line of the collector: `serve` runs it, `keys` replaces its admin token, `check` and `simulate` read definitions. */
import { readFileSync } from 'node:fs'
import { checkFile } from './core/checkSurveys.ts'
import { createCollector, replaceAdminToken, type CollectorOptions } from './index.ts'
import { mailFlags, mailOf } from './cli/mailOf.ts'
import { operatorCommands, operatorUsage } from './cli/operate.ts'
import { welcome } from './cli/welcome.ts'
import { oneOf, parseWords, runOwn, usageError } from './cli/usage.ts'
import { ownBrowserFiles } from './browserFiles.ts'
import { loadSimulator, readSettings, type SimulationRequest } from './simulate.ts'
import { simulationText } from './simulateText.ts'

const usage = `earshot-collector, or npx @earshot/collector where it is not installed: takes feedback from your pages and keeps it.

  earshot-collector serve [options]     run the collector; also without the word
  earshot-collector keys --new-admin-token [--data DIR | --store URL]
                                        replace the admin token; the old one stops working
  earshot-collector check FILE          say all that is wrong with a survey, or a list of surveys, in a JSON
                                        file; exits with 1 when there is an error
  earshot-collector simulate FILE [options]
                                        check the surveys of a file, let synthetic visitors live with them, and
                                        print whom they would ask, how often, and why not

Options of serve; each is also an environment variable:
  --port N              port, 0 for a free one           EARSHOT_PORT            8787
  --host HOST           address to listen on             EARSHOT_HOST            127.0.0.1
  --data DIR            directory of the data            EARSHOT_DATA            ./earshot-data
  --store URL           PostgreSQL instead of --data     EARSHOT_STORE           none (postgres://user@host/database)
  --log URL             NATS in front of --store         EARSHOT_LOG             none (nats://one,two,three)
  --worker X            empties the log: on, off         EARSHOT_WORKER          on
  --origin ORIGIN       page that may send; repeatable   EARSHOT_ORIGIN          any (a list with commas)
  --inline-surveys X    accept or refuse                 EARSHOT_INLINE_SURVEYS  accept
  --survey-purpose X    and owner: required, optional    EARSHOT_SURVEY_PURPOSE  required
  --browser-files DIR   earshot.js and its chunks        EARSHOT_BROWSER_FILES   those of this package
  --trust-proxy X       whose x-forwarded-for counts     EARSHOT_TRUST_PROXY     none (loopback,private,10.0.0.0/8)
  --country-header H    in which it says the country     EARSHOT_COUNTRY_HEADER  none (cf-ipcountry)
  --network-rate N      requests a minute of a network   EARSHOT_NETWORK_RATE    1200; 0 for any
  --burst N             new visitors of a network        EARSHOT_BURST           30; 0 for any
  --allow-private-webhooks X
                        own network and http: on, off    EARSHOT_ALLOW_PRIVATE_WEBHOOKS  off
  --smtp URL            server that mail goes out by     EARSHOT_SMTP            none (smtp://user:password@host:587)
  --mail-from SENDER    who mail is from                 EARSHOT_MAIL_FROM       none ("Acme <hi@acme.example>")
  --request-log X       a line for each request: on, off EARSHOT_REQUEST_LOG     off
  --public-url URL      address in the script tag, mail  EARSHOT_PUBLIC_URL      where it listens

Options of simulate:
  --visitors N          how many people, to 1000000                              1000
  --days N              for how many days, to 3650                               90
  --seed N              other chance; the same seed gives the same result        1
  --settings FILE       limits of the site, as they are put to /v1/settings      those of the SDK
  --browser-files DIR   whose SDK simulates              EARSHOT_BROWSER_FILES   that of this package
  --json                all counts as JSON instead of the table

The keys can be preset by EARSHOT_WRITE_KEY (pk_…) and EARSHOT_ADMIN_TOKEN (sk_…). EARSHOT_METRICS_TOKEN
(mt_…) opens /metrics and nothing else; the admin token opens it too.
${operatorUsage}`

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  store: { type: 'string' },
  log: { type: 'string' },
  worker: { type: 'string' },
  origin: { type: 'string', multiple: true },
  'inline-surveys': { type: 'string' },
  'survey-purpose': { type: 'string' },
  'browser-files': { type: 'string' },
  'public-url': { type: 'string' },
  'request-log': { type: 'string' },
  smtp: { type: 'string' },
  'mail-from': { type: 'string' },
  'allow-private-webhooks': { type: 'string' },
  'new-admin-token': { type: 'boolean' },
  visitors: { type: 'string' },
  days: { type: 'string' },
  seed: { type: 'string' },
  settings: { type: 'string' },
  'trust-proxy': { type: 'string' },
  'country-header': { type: 'string' },
  'network-rate': { type: 'string' },
  burst: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

type Flag = Exclude<keyof typeof options, 'new-admin-token' | 'json' | 'help' | Local>
/** What only the command line says: another name in the environment may mean something else. */
type Local = 'visitors' | 'days' | 'seed' | 'settings'

const flagsOf: Readonly<Record<string, readonly string[]>> = {
  serve: [
    'port',
    'host',
    'data',
    'store',
    'log',
    'worker',
    'origin',
    'inline-surveys',
    'survey-purpose',
    'browser-files',
    'public-url',
    'request-log',
    ...mailFlags,
    'allow-private-webhooks',
    'trust-proxy',
    'country-header',
    'network-rate',
    'burst',
  ],
  keys: ['data', 'store', 'new-admin-token'],
  check: [],
  simulate: ['visitors', 'days', 'seed', 'settings', 'json', 'browser-files'],
}

/** Commands that read a file. */
const readers: readonly string[] = ['check', 'simulate']

interface Command {
  name: string
  /** By flag; what the command line lacks comes from the environment. Empty when neither has it. */
  get(flag: Flag): string | undefined
  /** By flag, from the command line alone. */
  given(flag: Local): string | undefined
  origins: string[]
  /** The file of `check` and `simulate`. */
  file: string
  hasNewToken: boolean
  hasJson: boolean
}

function readCommand(args: string[], environment: NodeJS.ProcessEnv): Command | 'help' {
  const { values, positionals } = parseWords(args, options)
  if (values.help || positionals[0] === 'help') return 'help'
  const [name = 'serve', ...rest] = positionals
  const known = Object.hasOwn(flagsOf, name) ? flagsOf[name] : undefined
  if (!known)
    throw usageError(
      `"${name}" is no command; use ${[...new Set([...Object.keys(flagsOf), ...Object.keys(operatorCommands)])].join(', ')} or --help.`,
    )
  const file = readers.includes(name) ? rest.shift() : ''
  if (file === undefined)
    throw usageError(`"${name}" needs a file, for example: earshot-collector ${name} surveys.json`)
  if (rest.length > 0) throw usageError(`"${rest[0]}" is one word too many after "${name}"; see --help.`)
  const foreign = Object.keys(values).find((flag) => !known.includes(flag))
  if (foreign !== undefined) throw usageError(`--${foreign} does not belong to "${name}"; see --help.`)
  const fromEnvironment = (flag: Flag): string | undefined =>
    environment[`EARSHOT_${flag.toUpperCase().replaceAll('-', '_')}`] || undefined
  return {
    name,
    get: (flag) => (flag === 'origin' ? undefined : values[flag]) ?? fromEnvironment(flag),
    given: (flag) => values[flag],
    origins: values.origin ?? listOf(fromEnvironment('origin') ?? ''),
    file,
    hasNewToken: values['new-admin-token'] ?? false,
    hasJson: values.json ?? false,
  }
}

/** Entries between commas. */
function listOf(text: string): string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN
  if (port <= 65_535) return port
  throw usageError(`--port is "${text}"; it must be a whole number from 0 to 65535.`)
}

function readCount(command: Command, flag: Flag): number | undefined {
  const text = command.get(flag)
  if (text === undefined || /^\d{1,9}$/.test(text)) return text === undefined ? undefined : Number(text)
  throw usageError(`--${flag} is "${text}"; it must be a whole number, 0 for any.`)
}

/** Where the data is. A store replaces the directory, also one that only the environment names. */
function placeOf(command: Command): { data: string } | { store: string } {
  const store = command.get('store')
  return store === undefined ? { data: command.get('data') ?? './earshot-data' } : { store }
}

async function serve(command: Command): Promise<void> {
  const port = readPort(command.get('port') ?? '8787')
  const isOn = (flag: Flag, usual: 'on' | 'off'): boolean =>
    oneOf(flag, command.get(flag), ['on', 'off'], usual) === 'on'
  const {
    EARSHOT_WRITE_KEY: writeKey,
    EARSHOT_ADMIN_TOKEN: adminToken,
    EARSHOT_METRICS_TOKEN: metricsToken,
  } = process.env
  const settings: CollectorOptions = {
    ...placeOf(command),
    eventLog: command.get('log'),
    worker: isOn('worker', 'on'),
    writeKey: writeKey || undefined,
    adminToken: adminToken || undefined,
    metricsToken: metricsToken || undefined,
    origins: command.origins,
    inlineSurveys: oneOf('inline-surveys', command.get('inline-surveys'), ['accept', 'refuse']),
    surveyPurpose: oneOf('survey-purpose', command.get('survey-purpose'), ['required', 'optional']),
    logRequests: isOn('request-log', 'off'),
    allowPrivateWebhooks: isOn('allow-private-webhooks', 'off'),
    trustProxy: listOf(command.get('trust-proxy') ?? ''),
    countryHeader: command.get('country-header'),
    networkRate: readCount(command, 'network-rate'),
    burst: readCount(command, 'burst'),
    browserFiles: command.get('browser-files') ?? ownBrowserFiles(),
    publicUrl: command.get('public-url'),
    mail: mailOf(command.get('smtp'), command.get('mail-from')),
  }
  const collector = await createCollector(settings)
  // Before listening, so that a signal during the start ends the process in order too.
  const stop = (signal: NodeJS.Signals): void => {
    process.stdout.write(`\n${signal}: finishing running requests and closing the database …\n`)
    collector.close().then(
      () => process.stdout.write('Closed.\n'),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
        process.exitCode = 1
      },
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  try {
    const { url } = await collector.listen({ port, host: command.get('host') })
    const address = (command.get('public-url') ?? url).replace(/\/+$/, '')
    process.stdout.write(welcome(url, address, collector.site, settings))
  } catch (error) {
    await collector.close()
    const { adminToken: made } = collector.site
    if (made !== undefined)
      process.stderr.write(
        `The site was made; its admin token is ${made}   (shown only now: it is stored as a hash)\n`,
      )
    throw error
  }
}

async function keys(command: Command): Promise<void> {
  if (!command.hasNewToken)
    throw usageError(
      '"keys" needs --new-admin-token (the old token is stored as a hash and cannot be shown), or list, add, revoke.',
    )
  const { adminToken, writeKey } = await replaceAdminToken(placeOf(command))
  process.stdout.write(`write key    ${writeKey}\nadmin token  ${adminToken}   (shown only now)\n`)
  if (process.env.EARSHOT_ADMIN_TOKEN)
    process.stderr.write(
      'EARSHOT_ADMIN_TOKEN is set: a start of "serve" with it brings that token back. Set it to the new one, or leave it out.\n',
    )
}

function readJson(file: string, mend: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    throw new Error(`${file} cannot be read: ${found}. It must be a JSON file with ${mend}.`, {
      cause: error,
    })
  }
}

const someSurveys = 'a survey, or a list of surveys'

function check({ file }: Command): void {
  const { text, hasErrors } = checkFile(readJson(file, someSurveys), file)
  process.stdout.write(text)
  if (hasErrors) process.exitCode = 1
}

function readNumber(command: Command, flag: Local, usual: number, least: number, most: number): number {
  const text = command.given(flag)
  if (text === undefined) return usual
  const number = /^\d{1,10}$/.test(text) ? Number(text) : NaN
  if (number >= least && number <= most) return number
  throw usageError(`--${flag} is "${text}"; it must be a whole number from ${least} to ${most}.`)
}

async function simulate(command: Command): Promise<void> {
  const { file, hasJson } = command
  const visitors = readNumber(command, 'visitors', 1000, 1, 1_000_000)
  const days = readNumber(command, 'days', 90, 1, 3650)
  const seed = readNumber(command, 'seed', 1, 0, 2 ** 32 - 1)
  const value = readJson(file, someSurveys)
  const { text, hasErrors, hasWarnings } = checkFile(value, file)
  // Where JSON is wanted, nothing else may stand before it.
  if (hasErrors || hasWarnings) (hasJson ? process.stderr : process.stdout).write(`${text}\n`)
  if (hasErrors) {
    process.exitCode = 1
    return
  }
  const surveys = (Array.isArray(value) ? value : [value]) as SimulationRequest['surveys']
  const path = command.given('settings')
  const settings =
    path === undefined ? undefined : readSettings(readJson(path, 'the settings of a site'), path)
  const simulator = await loadSimulator(command.get('browser-files') ?? ownBrowserFiles())
  const totals = simulator.simulate({ surveys, settings, visitors, days, seed })
  const quotas = new Map(surveys.flatMap(({ id, quota }) => (quota === undefined ? [] : [[id, quota]])))
  process.stdout.write(
    hasJson ? `${JSON.stringify(totals, null, 2)}\n` : simulationText(totals, simulator.version, quotas),
  )
}

/** What each command does. */
const run: Readonly<Record<string, (command: Command) => void | Promise<void>>> = {
  serve,
  keys,
  check,
  simulate,
}

async function main(args: string[]): Promise<void> {
  const [name = '', ...rest] = args
  // `keys --new-admin-token` is older than the other words of `keys`.
  const isOld = name === 'keys' && (rest.length === 0 || rest.includes('--new-admin-token'))
  const own = !isOld && Object.hasOwn(operatorCommands, name) ? operatorCommands[name] : undefined
  if (own && !rest.some((word) => word === '--help' || word === '-h')) {
    process.exitCode = await runOwn(name, own, rest, process.env)
    return
  }
  const command = readCommand(args, process.env)
  if (command === 'help') process.stdout.write(usage)
  else await run[command.name]?.(command)
}

// Whoever read the output may go away first; the collector goes on without a reader.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined)

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`earshot-collector: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof Error && Object.hasOwn(error, 'isUsage') ? 2 : 1
})
