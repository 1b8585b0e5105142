/** Binds the command line of the collector, and its threads, into a few files: tests start it hundreds of times, and half of each start would be finding and linking 700 files. */
import { existsSync, globSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const collector = join(root, 'packages/collector')
/** Beside `dist` and `src`, because what the package brings along is looked for at `../dist`. */
const folder = join(collector, 'bound')
const sources = ['collector', 'contract', 'metrics'].map(
  (name) => `packages/${name}/{package.json,src/**/*.ts}`,
)

/** Files that are started by their names. */
const entries = {
  cli: join(collector, 'src/cli.ts'),
  sqliteThread: join(collector, 'src/stores/sqliteThread.ts'),
  postgresThread: join(collector, 'src/stores/postgresThread.ts'),
}

const bound = join(folder, 'cli.js')

const timeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** Makes the files, unless they are younger than all sources, and gives the path of the command. */
export async function bindCommand(): Promise<string> {
  const newest = Math.max(
    timeOf(import.meta.filename),
    timeOf(join(root, 'pnpm-lock.yaml')),
    ...globSync([...sources], { cwd: root }).map((path) => timeOf(join(root, path))),
  )
  if (existsSync(bound) && timeOf(bound) > newest) return bound
  const { build } = await import('vite')
  const built = await build({
    configFile: false,
    root: collector,
    logLevel: 'error',
    // These are loaded by few commands, and two of them do not let themselves be bound.
    ssr: {
      noExternal: true,
      external: ['pg', '@nats-io/jetstream', '@nats-io/transport-node'],
      resolve: { conditions: ['@earshot/source', 'node', 'module', 'import'] },
    },
    build: {
      ssr: true,
      write: false,
      target: 'node22',
      minify: false,
      rolldownOptions: {
        input: entries,
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })
  if (Array.isArray(built) || !('output' in built))
    throw new Error('The command line is built otherwise than expected.')
  mkdirSync(folder, { recursive: true })
  // Another run may be starting the files that are there: each is there whole, and entries come after what they need.
  const files = built.output.flatMap((file) => (file.type === 'chunk' ? [file] : []))
  for (const { fileName, code } of files.toSorted(
    (one, other) =>
      Number(one.isEntry) - Number(other.isEntry) ||
      Number(one.name === 'cli') - Number(other.name === 'cli'),
  )) {
    const path = join(folder, fileName)
    writeFileSync(`${path}.${process.pid}`, code)
    renameSync(`${path}.${process.pid}`, path)
  }
  return bound
}
