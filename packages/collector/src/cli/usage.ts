/** Reads the words after a command that has options of its own. */
import { parseArgs, type ParseArgsConfig } from 'node:util'

/** A mistake in the command; its message is the one line that is printed. */
export interface UsageError extends Error {
  isUsage: true
}

/** Makes the mistake. The process exits with 2. */
export function usageError(message: string): UsageError {
  return Object.assign(new Error(message), { isUsage: true as const })
}

/**
 * What a flag says, of what it may say.
 *
 * @param usual where it is not given; default the first
 * @throws a mistake of usage where it is something else
 * @example
 * oneOf('worker', command.get('worker'), ['on', 'off']) // 'on' where the flag is not given
 */
export function oneOf<const Value extends string>(
  flag: string,
  said: string | undefined,
  values: readonly [Value, Value],
  usual: Value = values[0],
): Value {
  const found = said === undefined ? usual : values.find((each) => each === said)
  if (found === undefined) throw usageError(`--${flag} is "${said}"; it must be ${values.join(' or ')}.`)
  return found
}

/** What node:util reads. */
type Options = NonNullable<ParseArgsConfig['options']>

/** Reads options and further words. */
export function parseWords<Wanted extends Options>(
  args: string[],
  options: Wanted,
): ReturnType<typeof parseArgs<{ args: string[]; options: Wanted; allowPositionals: true }>> {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    // Node appends advice about positional arguments, which is no help here.
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('. ')
    throw usageError(`${message.replace(/\.$/, '')}; see --help.`)
  }
}

/** What a command that is given its words works with. */
export interface Given {
  environment: NodeJS.ProcessEnv
  /** `--data`, or `EARSHOT_DATA`, or the usual directory. */
  data: string
  /** `--store`, or `EARSHOT_STORE`: a database server instead of the directory. `--data` on the command line stands before the environment. */
  store: string | undefined
  /** Options with one value. */
  values: Readonly<Record<string, string | undefined>>
  /** Options that may be given several times. */
  lists: Readonly<Record<string, string[] | undefined>>
  /** Options without a value. */
  flags: Readonly<Record<string, boolean | undefined>>
  /** Words that are no options. */
  words: readonly string[]
  out(text: string): void
  err(text: string): void
}

/** A command with options of its own. */
export interface OwnCommand {
  values?: readonly string[]
  lists?: readonly string[]
  flags?: readonly string[]
  /** Names of the words it needs besides. */
  words?: readonly string[]
  /** How many words may follow those. */
  more?: number
  /** @returns the exit code */
  run(given: Given): Promise<number>
}

/** A value that must be there. */
export function needed(given: Given, name: string, command: string, example: string): string {
  const value = given.values[name]
  if (value) return value
  throw usageError(`"${command}" needs --${name}, for example: earshot-collector ${command} ${example}`)
}

/**
 * Reads the words of a command and runs it.
 *
 * @returns the exit code
 * @throws a `UsageError` when the words do not fit
 */
export async function runOwn(
  name: string,
  command: OwnCommand,
  args: string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const { values = [], lists = [], flags = [], words = [], more = 0 } = command
  const options: Options = {
    data: { type: 'string' },
    store: { type: 'string' },
    ...Object.fromEntries(values.map((each) => [each, { type: 'string' as const }])),
    ...Object.fromEntries(lists.map((each) => [each, { type: 'string' as const, multiple: true }])),
    ...Object.fromEntries(flags.map((each) => [each, { type: 'boolean' as const }])),
  }
  const read = parseWords(args, options)
  const given = read.values as Record<string, unknown>
  const missing = words[read.positionals.length]
  if (missing !== undefined) throw usageError(`"${name}" needs ${missing}; see --help.`)
  const extra = read.positionals[words.length + more]
  if (extra !== undefined) throw usageError(`"${extra}" is one word too many after "${name}"; see --help.`)
  const only = <Value>(names: readonly string[]): Record<string, Value | undefined> =>
    Object.fromEntries(names.map((each) => [each, given[each] as Value | undefined]))
  return command.run({
    environment,
    data: (given['data'] as string | undefined) ?? (environment['EARSHOT_DATA'] || './earshot-data'),
    store: storeOf(given, environment),
    values: only(values),
    lists: only(lists),
    flags: only(flags),
    words: read.positionals,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  })
}

function storeOf(given: Record<string, unknown>, environment: NodeJS.ProcessEnv): string | undefined {
  if (typeof given['store'] === 'string') return given['store']
  return given['data'] === undefined ? environment['EARSHOT_STORE'] || undefined : undefined
}
