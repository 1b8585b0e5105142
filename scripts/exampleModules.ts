/** Writes the TypeScript examples of the documents as modules of their own, has them compiled against the packages, and runs them. */
import { spawnSync } from 'node:child_process'
import {
  globSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { compileScript, parse } from 'vue/compiler-sfc'
import type { Fence } from './fences.ts'
import type { Violation } from './violation.ts'

/** What an example may take as given: the global of a page with the script tag, and a request to a server. */
const given = `import type { Earshot } from '@earshot/sdk'
declare global {
  const earshot: Earshot & ((command: keyof Earshot, ...input: unknown[]) => unknown)
  const request: Request
}
`

/** As strict as the strictest of sites; what stands in one block alone is often used by none of its lines. */
const options = {
  target: 'es2023',
  lib: ['es2023', 'dom', 'dom.iterable'],
  module: 'nodenext',
  moduleDetection: 'force',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  jsx: 'react-jsx',
  types: ['node'],
}

/** Sources of what the packages export, by the name under which it is imported. */
export function publicEntries(root: string): Record<string, string> {
  const entries: Record<string, string> = {}
  for (const path of globSync('packages/*/package.json', { cwd: root })) {
    const { name, exports } = JSON.parse(readFileSync(join(root, path), 'utf8')) as {
      name: string
      exports: Record<string, string | Record<string, string>>
    }
    for (const [entry, target] of Object.entries(exports)) {
      const source = typeof target === 'object' ? target['@earshot/source'] : undefined
      if (source) entries[entry.replace('.', name)] = resolve(root, path, '..', source)
    }
  }
  return entries
}

/**
 * All that is wrong with these examples: what the compiler says, mistakes in the surveys and settings that they make,
 * and what they throw. An example that the compiler refuses is not run, nor is one that starts a collector.
 */
export function moduleViolations(fences: readonly Fence[], root: string = process.cwd()): Violation[] {
  // The real path, because that is what both tools tell.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'earshot-examples-')))
  try {
    const entries = publicEntries(root)
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    // Frameworks are found where the packages find them.
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    const nameOf = (fence: Fence): string => fileName(fence, fences.indexOf(fence))
    for (const fence of fences) writeFileSync(join(folder, nameOf(fence)), sourceOf(fence))
    const refused = typeViolations(fences, folder, entries, root)
    const wrong = new Set(refused.map(({ fence }) => fence))
    const runnable = fences.filter(
      (each) => !wrong.has(each) && !/'@earshot\/collector'|\brequest\b/.test(each.text),
    )
    for (const fence of runnable)
      if (fence.language !== 'vue') writeFileSync(join(folder, nameOf(fence)), withExports(fence.text))
    const names = runnable.map(nameOf)
    return [
      ...refused.map(({ violation }) => violation),
      ...runViolations(fences, names, folder, entries, root),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Languages whose blocks are modules. */
export const moduleLanguages: readonly string[] = ['ts', 'tsx', 'vue']

const fileName = ({ language }: Fence, index: number): string =>
  `${index}.${language === 'tsx' ? 'tsx' : 'ts'}`

/** What is compiled: of a Vue component its script, with the template as a function in it. */
function sourceOf({ language, text, file }: Fence): string {
  if (language !== 'vue') return text
  return compileScript(parse(text, { filename: file }).descriptor, { id: file, inlineTemplate: true }).content
}

/** Lets the runner see what a module keeps to itself. */
function withExports(text: string): string {
  const names = [...text.matchAll(/^const (\w+)\b/gm)].map(([, name]) => name)
  return `${text}\nexport { ${names.join(', ')} }\n`
}

interface Refusal {
  fence: Fence | undefined
  violation: Violation
}

function typeViolations(
  fences: readonly Fence[],
  folder: string,
  entries: Readonly<Record<string, string>>,
  root: string,
): Refusal[] {
  writeFileSync(join(folder, 'given.d.ts'), given)
  const config = {
    compilerOptions: {
      ...options,
      typeRoots: [join(root, 'node_modules/@types')],
      paths: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, [path]])),
    },
    files: ['given.d.ts', ...fences.map(fileName)],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout, stderr, error } = spawnSync(process.execPath, [compiler, '-p', '.', '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const refusals: Refusal[] = []
  const add = (fence: Fence | undefined, file: string, problem: string, mend: string): void => {
    refusals.push({ fence, violation: { file, problem, mend } })
  }
  if (error ?? stderr)
    add(undefined, 'scripts/exampleModules.ts', `cannot compile: ${error?.message ?? stderr}`, '')
  for (const line of stdout.split('\n')) {
    const [, name = '', at = '', message = line] = /^(?:(\S+?)\((\d+),\d+\): )?error (.*)$/.exec(line) ?? []
    const fence = /^\d+\.tsx?$/.test(name) ? fences[parseInt(name)] : undefined
    if (fence)
      add(
        fence,
        // What is compiled of a Vue component has other lines.
        `${fence.file}:${fence.line + (fence.language === 'vue' ? 0 : Number(at))}`,
        message.replace(/\.$/, ''),
        'Write what the packages take.',
      )
    // A fault of a source is for its own build to tell; one without a file is ours.
    else if (line.startsWith('error '))
      add(undefined, 'scripts/exampleModules.ts', message, 'Mend the settings.')
  }
  return refusals
}

/** What the runner says of one example. */
export interface Finding {
  index: number
  problem: string
}

function runViolations(
  fences: readonly Fence[],
  names: readonly string[],
  folder: string,
  entries: Readonly<Record<string, string>>,
  root: string,
): Violation[] {
  const order = JSON.stringify({ folder, entries, names })
  const { stdout, stderr, status, error } = spawnSync(
    process.execPath,
    ['--conditions=@earshot/source', join(root, 'scripts/runExamples.ts'), order],
    { cwd: root, encoding: 'utf8', timeout: 60_000 },
  )
  if (status !== 0)
    return [
      {
        file: 'scripts/runExamples.ts',
        problem: `does not run: ${error?.message ?? stderr.trim()}`,
        mend: 'Mend it.',
      },
    ]
  return (JSON.parse(stdout) as Finding[]).map(({ index, problem }) => ({
    file: `${fences[index]?.file}:${fences[index]?.line}`,
    problem,
    mend: 'Mend the example.',
  }))
}
