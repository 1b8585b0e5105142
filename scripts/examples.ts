/** Checks every example of the documents, and of the docstrings of the metrics: TypeScript compiles and runs, surveys are valid, tags, commands and tables name what there is. */
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { Script } from 'node:vm'
import { explanationViolations } from './explained.ts'
import { moduleLanguages, moduleViolations } from './exampleModules.ts'
import * as metrics from '../packages/metrics/src/index.ts'
import { docstringFences, type Fence, fencesOf, namesUnder } from './fences.ts'
import { jsonFlaws } from './surveyFlaws.ts'
import { report, type Violation } from './violation.ts'
import { attributes, commands, events, type Table, tables } from './vocabulary.ts'

/** A document with its path from the root. */
export interface Document {
  path: string
  text: string
}

/** Attributes of any script tag. */
const ofAnyScript = ['async', 'defer', 'src', 'integrity', 'crossorigin', 'nonce']

/** JSON blocks: they parse, and are good surveys, settings or rules if they look like some. */
export function jsonViolations(fences: readonly Fence[]): Violation[] {
  return ofLanguage(fences, 'json').flatMap((fence) =>
    jsonFlaws(fence.text).map((flaw) => violation(fence, 0, flaw, 'Mend the example.')),
  )
}

/** HTML blocks: the tag has only attributes that are read, scripts parse, and all commands and events exist. */
export function htmlViolations(fences: readonly Fence[]): Violation[] {
  return ofLanguage(fences, 'html').flatMap((fence) => {
    const { text } = fence
    const found: Violation[] = []
    const add = (index: number, problem: string, known: readonly string[]): void => {
      found.push(violation(fence, index, problem, `Name one of: ${known.join(', ')}.`))
    }
    for (const { 1: inside = '', 2: code = '', index } of text.matchAll(
      /<script\b((?:"[^"]*"|[^>"])*)>([^]*?)<\/script>/g,
    )) {
      if (/\bsrc="[^"]*\bearshot\.js"/.test(inside)) {
        const known = attributes()
        const names = [...inside.matchAll(/([\w-]+)(?:="[^"]*")?/g)].map(([, name = '']) => name)
        for (const name of names)
          if (!ofAnyScript.includes(name) && !known.includes(name))
            add(index, `has the attribute ${name}, which is not read`, known)
        if (!/\bdata-key="pk_/.test(inside)) add(index, 'has no data-key', ['data-key="pk_…"'])
        const consent = /\bdata-consent="([^"]*)"/.exec(inside)?.[1] ?? 'required'
        if (consent !== 'required') add(index, `has data-consent="${consent}"`, ['required'])
      }
      try {
        // Compiled and never run.
        void new Script(code)
      } catch (error) {
        add(index, `has a script that does not parse: ${String(error)}`, ['a script that does'])
      }
    }
    for (const { 1: called, 2: command = called ?? '', index } of text.matchAll(
      /\bearshot(?:\(\s*['"](\w+)['"]|\.(\w+)\()/g,
    ))
      if (!commands.includes(command)) add(index, `calls "${command}", which is no command`, commands)
    for (const { 1: name = '', index } of text.matchAll(/['"]earshot:(\w+)['"]/g))
      if (!events.includes(name)) add(index, `hears "earshot:${name}", which is no event`, events)
    return found
  })
}

/** Shell blocks: what is said to the collector is in its own help, and what is asked of it over HTTP has a route. */
export function shellViolations(
  fences: readonly Fence[],
  help: string,
  routes: readonly string[],
): Violation[] {
  return ofLanguage(fences, 'sh').flatMap((fence) => {
    const found: Violation[] = []
    // A line that ends with a backslash goes on.
    const text = fence.text.replaceAll('\\\n', '  ')
    for (const { 1: words = '', index } of text.matchAll(
      /(?<![\w/-])(?:@earshot\/collector|earshot-collector|pnpm collector) +([^\n|#]+)/g,
    )) {
      const [command = '', ...rest] = words.trim().split(/\s+/)
      if (command !== '--help' && !help.includes(`earshot-collector ${command} `))
        found.push(violation(fence, index, `says "${command}" to the collector`, 'Say what `--help` lists.'))
      for (const flag of rest.filter((word) => word.startsWith('--')))
        if (!help.includes(flag.replace(/=.*/, '')))
          found.push(violation(fence, index, `gives ${flag} to the collector`, 'Say what `--help` lists.'))
    }
    // Where the package is not installed, npx would fetch whatever has that name.
    for (const { index } of text.matchAll(/\bnpx (?:-\S+ )*earshot-collector\b/g))
      found.push(
        violation(fence, index, 'has npx fetch a package that is not ours', 'Say npx @earshot/collector.'),
      )
    for (const { 1: path = '', index } of text.matchAll(/https?:\/\/[^\s/'"]+(\/v1\/[^\s?'"]*)/g))
      if (!routes.some((route) => fits(path, route)))
        found.push(violation(fence, index, `asks for ${path}, which has no route`, 'Ask for a route.'))
    return found
  })
}

/** Tables that must be complete: a name too few, a name too many. */
export function tableViolations(documents: readonly Document[], wanted: readonly Table[]): Violation[] {
  return wanted.flatMap(({ file, heading, names }) => {
    const found = namesUnder(documents.find(({ path }) => path === file)?.text ?? '', heading)
    if (!found) return [{ file, problem: `has no "${heading}"`, mend: 'Write it.' }]
    return [
      ...names
        .filter((name) => !found.some((each) => each.name === name))
        .map((name) => ({ file, problem: `"${heading}" leaves out ${name}`, mend: 'Add a row.' })),
      ...found
        .filter(({ name }) => !names.includes(name))
        .map(({ name, line }) => ({
          file: `${file}:${line}`,
          problem: `"${heading}" has ${name}, which there is not`,
          mend: 'Take it out.',
        })),
    ]
  })
}

/** Whether a path is one of a route; `{name}` takes any one segment. */
function fits(path: string, route: string): boolean {
  const segments = path.split('/')
  const wanted = route.split('/')
  return (
    segments.length === wanted.length &&
    wanted.every((each, at) => /^[{$]/.test(each) || each === segments[at])
  )
}

function ofLanguage(fences: readonly Fence[], language: string): Fence[] {
  return fences.filter((each) => each.language === language)
}

/** @param index where in the text of the block */
function violation({ file, line, text }: Fence, index: number, problem: string, mend: string): Violation {
  return { file: `${file}:${line + text.slice(0, index).split('\n').length}`, problem, mend }
}

if (import.meta.main) {
  const paths = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'apps/*/README.md'])
  const documents = paths
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
  const inMetrics = { name: '@earshot/metrics', exports: Object.keys(metrics) }
  const docstrings = globSync('packages/metrics/src/*.ts')
    .toSorted()
    .flatMap((path) => docstringFences(path.replaceAll('\\', '/'), readFileSync(path, 'utf8'), inMetrics))
  const fences = [...documents.flatMap(({ path, text }) => fencesOf(path, text)), ...docstrings]
  const modules = fences.filter(({ language }) => moduleLanguages.includes(language))
  const help = execFileSync(
    process.execPath,
    ['--conditions=@earshot/source', 'packages/collector/src/cli.ts', '--help'],
    { encoding: 'utf8' },
  )
  const routes = globSync('packages/collector/src/http/routes/*.ts').flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\bpath(?:: | = )['`](\/[^'`]+)/g)].map(
      ([, route = '']) => route,
    ),
  )
  report(
    'examples',
    [
      ...moduleViolations(modules),
      ...jsonViolations(fences),
      ...explanationViolations(fences),
      ...htmlViolations(fences),
      ...shellViolations(fences, help, routes),
      ...tableViolations(documents, tables()),
    ],
    `${fences.length - docstrings.length} blocks of ${documents.length} documents, ${docstrings.length} docstrings, ${modules.length} of them compiled`,
  )
}
