/** Measures what a page loads (minified, gzip level 9), holds it under its limits, and keeps the figures in README.md true. */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { report, type Violation } from './violation.ts'

/** Files that a page loads together; each is compressed on its own, as a server does it. */
interface Bundle {
  label: string
  files: readonly string[]
  /** Most bytes, or null when nothing is promised. */
  limit: number | null
}

const script = 'packages/sdk/dist/browser'
const npm = 'packages/sdk/dist/npm'
const wrappers = `${npm}/wrappers`

const ofTemplates = 'words-templates'

/** Nobody loads more than one language; what the templates say besides is in files of its own. */
function largestLanguage(isOfTemplates = false): string {
  const files = globSync(`${script}/words-*.js`).map((path) => path.replaceAll('\\', '/'))
  const wanted = files.filter((path) =>
    isOfTemplates ? path.includes(`${ofTemplates}-`) : !path.includes(ofTemplates),
  )
  const bySize = wanted.toSorted((a, b) => compressed(b) - compressed(a))
  return bySize[0] ?? `${script}/${isOfTemplates ? `${ofTemplates}-de` : 'words-de'}.js`
}

const compressed = (file: string): number => gzipSync(readFileSync(file), { level: 9 }).length

/** Each further type of question is its own increment: its file, what it is in words, and the most bytes. */
const typeLimits = [
  ['text', 'a question of the type text (also short, e-mail, number)', 1100],
  ['choice', 'a question of the type choice (one or several)', 1530],
  ['yesno', 'a question of the type yes or no', 170],
  ['statement', 'a question of the type statement', 140],
  ['link', 'a question of the type link', 445],
  ['stars', 'a scale of stars', 360],
  ['faces', 'a scale of faces', 170],
  ['thumbs', 'a scale of thumbs', 170],
] as const

const bundles: readonly Bundle[] = [
  {
    label: 'before anything is eligible (script tag)',
    files: [`${script}/earshot.js`],
    limit: 8000,
  },
  {
    label: 'all that is loaded to show and submit an NPS survey (script tag)',
    files: [`${script}/earshot.js`, `${script}/card.js`],
    limit: 16_000,
  },
  {
    label: 'besides, where a survey has targeting, other triggers, follow-ups or limits: `rules.js`',
    files: [`${script}/rules.js`],
    limit: 15_800,
  },
  {
    label: 'besides, where a survey has pages, with the scale of numbers: `kinds.js`',
    files: [`${script}/kinds.js`],
    limit: 6900,
  },
  ...typeLimits.map(([type, what, limit]) => ({
    label: `besides, for ${what}: \`kind-${type}.js\``,
    files: [`${script}/kind-${type}.js`],
    limit,
  })),
  {
    label:
      'besides, with `places.js`, for another language than English: `words.js` and its largest language',
    files: [`${script}/words.js`, largestLanguage()],
    limit: 5200,
  },
  {
    label:
      'besides, with both, for the choices of a template in another language: `words-templates.js` and its largest language',
    files: [`${script}/${ofTemplates}.js`, largestLanguage(true)],
    limit: 2100,
  },
  {
    label:
      'besides, for other places and looks, and where a page has its focus or a dialog in the way: `places.js`',
    files: [`${script}/places.js`],
    limit: 2750,
  },
  {
    label: 'besides, where free text is scrubbed: `scrub.js`',
    files: [`${script}/scrub.js`],
    limit: 3000,
  },
  {
    label: 'besides, where delivery meets trouble, or is asked about: `keeper.js`',
    files: [`${script}/keeper.js`],
    limit: 4450,
  },
  {
    label: 'besides, with `places.js`, where a site sets a theme: `theme.js`',
    files: [`${script}/theme.js`],
    limit: 2000,
  },
  {
    label: 'on the page behind a link of a message, before its card: `hosted.js`',
    files: [`${script}/hosted.js`],
    limit: 4000,
  },
  {
    label: 'besides, on `explain()`: `explain.js`',
    files: [`${script}/explain.js`],
    limit: 1700,
  },
  {
    label: 'before anything is eligible (npm, `createEarshot`)',
    files: [`${npm}/eager.js`],
    limit: 8500,
  },
  {
    label: 'all that is loaded to show and submit a survey (npm, `createEarshot`)',
    files: [`${npm}/eager.js`, `${npm}/outbox.js`, `${npm}/card.js`, `${npm}/flow.js`, `${npm}/bands.js`],
    limit: 21_200,
  },
  {
    label: 'besides, for React (npm, `/react`)',
    files: [`${wrappers}/react.js`, `${wrappers}/holder.js`],
    limit: 1700,
  },
  {
    label: 'besides, for Vue (npm, `/vue`)',
    files: [`${wrappers}/vue.js`, `${wrappers}/holder.js`],
    limit: 1800,
  },
  {
    label: 'besides, for the custom element (npm, `/element`)',
    files: [`${wrappers}/element.js`, `${wrappers}/holder.js`],
    limit: 2000,
  },
  {
    label: 'without the card: before anything is eligible (npm, `createHeadless`)',
    files: [`${wrappers}/headless.js`],
    limit: 8600,
  },
  {
    label: 'without the card: all that is loaded to show and submit a survey (npm, `createHeadless`)',
    files: ['headless', 'outbox', 'card', 'flow', 'bands'].map((name) => `${wrappers}/${name}.js`),
    limit: 14_000,
  },
]

/** A page of the dashboard loads its entry, and the files of one page with what that imports; each is held under the limit. */
const dashboard = 'packages/collector/dist/dashboard/assets'
const mostOfPage = 150_000

/** A file of the dashboard with all that it imports at once. */
function withImports(file: string, found: Set<string> = new Set()): Set<string> {
  if (found.has(file)) return found
  found.add(file)
  for (const [, name] of readFileSync(`${dashboard}/${file}`, 'utf8').matchAll(
    /(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g,
  ))
    withImports(name!, found)
  return found
}

/** The page of the dashboard that loads most. */
function largestPage(): Bundle {
  const files = globSync(`${dashboard}/*`).map((path) => path.replaceAll('\\', '/').split('/').at(-1)!)
  const entry = files.filter((file) => /^index-.*\.(js|css)$/.test(file))
  const pages = files
    .filter((file) => file.endsWith('.js'))
    .map((file) => {
      const loaded = new Set(entry)
      for (const each of [...entry, file].filter((name) => name.endsWith('.js'))) withImports(each, loaded)
      return [...loaded].map((name) => `${dashboard}/${name}`)
    })
    .toSorted((a, b) => sum(b) - sum(a))
  return {
    label: 'the dashboard: the page that loads most, with its style',
    files: pages[0] ?? [`${dashboard}/index.js`],
    limit: mostOfPage,
  }
}

const sum = (files: readonly string[]): number => files.reduce((all, file) => all + compressed(file), 0)

/**
 * What posthog-js loads for the same job, from the package as published. Its snippet loads `array.js`
 * (lib/src/utils/loader-script.js), which brings analytics too, and loads `surveys.js` when a survey is running
 * (loadExternalDependency(instance, 'surveys', …) in lib/src/browser-surveys.js).
 */
const comparison = 'node_modules/posthog-js'
const comparedBundles = (version: string): readonly Bundle[] => [
  {
    label: `for comparison: posthog-js ${version} \`array.js\`, its core with analytics`,
    files: [`${comparison}/dist/array.js`],
    limit: null,
  },
  {
    label: `for comparison: posthog-js ${version} \`array.js\` and \`surveys.js\``,
    files: [`${comparison}/dist/array.js`, `${comparison}/dist/surveys.js`],
    limit: null,
  },
]

/** A bundle with its measured bytes. */
export interface Measured {
  label: string
  bytes: number
  limit: number | null
}

/**
 * Kilobytes of 1,000 bytes with one decimal.
 *
 * @example
 * formatSize(6949) // '6.9 kB'
 */
export function formatSize(bytes: number): string {
  return `${(Math.round(bytes / 100) / 10).toFixed(1)} kB`
}

/** What is over its limit. */
export function limitViolations(measured: readonly Measured[]): Violation[] {
  return measured.flatMap(({ label, bytes, limit }) =>
    limit === null || bytes <= limit
      ? []
      : [
          {
            file: 'scripts/sizes.ts',
            problem: `"${label}" is ${bytes} bytes, ${bytes - limit} over its limit of ${limit}`,
            mend: 'Make it smaller; the limit is a promise of the README.',
          },
        ],
  )
}

/** The table that stands in the README. */
export function sizesTable(measured: readonly Measured[]): string {
  const rows = measured.map(({ label, bytes }) => [label, formatSize(bytes)] as const)
  const cells = [['What a page loads', 'Minified + gzip'] as const, ...rows]
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column as 0 | 1].length)))
  const line = (row: readonly string[], fill = ' '): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!, fill)).join(' | ')} |`
  return [line(cells[0]!), line(['', ''], '-'), ...rows.map((row) => line(row))].join('\n')
}

const block = /(<!-- sizes -->)([\s\S]*?)(<!-- \/sizes -->)/
/** Without what a formatter may change: padding and rules of the table. */
const bare = (text: string): string =>
  text
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/-+/g, '-')
    .replaceAll(/\n+/g, '\n')
    .trim()

/** The README with the table in its block; null when it has no block. */
export function withTable(readme: string, table: string): string | null {
  return block.test(readme)
    ? readme.replace(block, (_all, open, _old, close) => `${open}\n\n${table}\n\n${close}`)
    : null
}

/**
 * Where the README does not say what was measured.
 *
 * @param readme - Its text, or null when there is none.
 */
export function readmeViolations(readme: string | null, table: string): Violation[] {
  const file = 'README.md'
  if (readme === null)
    return [
      {
        file,
        problem: 'is not there',
        mend: 'Write it, with <!-- sizes --> and <!-- /sizes --> around the sizes.',
      },
    ]
  const found = block.exec(readme)
  if (!found)
    return [
      {
        file,
        problem: 'has no block for the sizes',
        mend: 'Put <!-- sizes --> and <!-- /sizes --> where the table belongs, then run node scripts/sizes.ts --write.',
      },
    ]
  const said = new Set(bare(found[2]!).split('\n'))
  const wrong = bare(table)
    .split('\n')
    .filter((line) => !said.delete(line))
  return [
    ...wrong.map((line) => `lacks the measured line "${line}"`),
    ...[...said].map((line) => `says "${line}", which was not measured`),
  ].map((problem) => ({ file, problem, mend: 'Run node scripts/sizes.ts --write.' }))
}

if (import.meta.main) {
  const missing: Violation[] = []
  const measure = ({ label, files, limit }: Bundle): Measured[] => {
    const absent = files.filter((file) => !existsSync(file))
    for (const file of absent) missing.push({ file, problem: 'is not there', mend: 'Run pnpm build first.' })
    if (absent.length > 0) return []
    const bytes = sum(files)
    return [{ label, bytes, limit }]
  }
  const { version } = JSON.parse(readFileSync(`${comparison}/package.json`, 'utf8')) as { version: string }
  const measured = [...bundles, ...comparedBundles(version), largestPage()].flatMap(measure)
  for (const { label, bytes, limit } of measured)
    console.log(
      `${formatSize(bytes).padStart(9)}  ${label}: ${bytes} bytes${limit === null ? '' : `, limit ${limit}`}`,
    )
  // A type of question that is in no row would be in no promise.
  const rows = new Set(bundles.flatMap((each) => each.files))
  for (const path of globSync(`${script}/kind-*.js`)) {
    const file = path.replaceAll('\\', '/')
    if (!rows.has(file)) missing.push({ file, problem: 'is in no row', mend: 'Add it to typeLimits.' })
  }
  const table = sizesTable(measured)
  let readme = existsSync('README.md') ? readFileSync('README.md', 'utf8') : null
  const written = readme !== null && process.argv.includes('--write') ? withTable(readme, table) : null
  if (written !== null && missing.length === 0) writeFileSync('README.md', (readme = written))
  report(
    'sizes',
    [
      ...missing,
      ...limitViolations(measured),
      ...(missing.length > 0 ? [] : readmeViolations(readme, table)),
    ],
    'all under their limits, and README.md says so',
  )
}
