/** Holds the public interface of each package equal to the report committed beside it, by API Extractor. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
  ExtractorMessageCategory,
} from '@microsoft/api-extractor'
import { report, type Violation } from './violation.ts'

const packages = ['contract', 'metrics', 'sdk', 'collector']

/** One way into a package. */
export interface EntryPoint {
  /** Name of the report: `contract`, `contract-schema`. */
  name: string
  /** Declarations, from the folder of the package. */
  types: string
  /** Whether it is the package itself, not a sub-path. A type that only a sub-path leaves out has its name in the root. */
  root: boolean
}

/**
 * Entry points that a manifest exports with types; each has a report of its own.
 *
 * @example
 * entryPoints('contract', { './schema': { types: './dist/schema.d.ts' } }) // [{ name: 'contract-schema', types: './dist/schema.d.ts', root: false }]
 */
export function entryPoints(folder: string, exports: Readonly<Record<string, unknown>>): EntryPoint[] {
  return Object.entries(exports).flatMap(([path, target]) => {
    const types = (target as { types?: string } | null)?.types
    return types ? [{ name: [folder, ...path.split('/').slice(1)].join('-'), types, root: path === '.' }] : []
  })
}

/**
 * What is wrong, from what API Extractor said: a report that differs or is not there, a type that the interface uses and
 * does not export, declarations that cannot be read.
 */
export function apiViolations(
  reportPath: string,
  changed: boolean,
  messages: readonly Pick<ExtractorMessage, 'messageId' | 'text' | 'category'>[],
): Violation[] {
  const found = messages.flatMap(({ messageId, text, category }): Violation[] => {
    if (messageId === 'ae-forgotten-export')
      return [
        {
          file: reportPath,
          problem: text,
          mend: 'Users have to be able to name it: export it from the index.',
        },
      ]
    if (category === ExtractorMessageCategory.Compiler)
      return [
        {
          file: reportPath,
          problem: `could not be made: ${text}`,
          mend: 'Mend the types, then run pnpm build.',
        },
      ]
    return []
  })
  if (changed)
    found.push({
      file: reportPath,
      problem: 'is not the public interface as built',
      mend: 'Run node scripts/apiReport.ts --write, and look at the difference: it is what users will notice.',
    })
  return found
}

/**
 * Compares one entry point with its report, or writes the report.
 *
 * The bundled TypeScript of API Extractor (6.0) finds `./nps.d.ts` for the import of `./nps.ts` that TypeScript 7 leaves
 * in declarations, so nothing has to be rewritten.
 *
 * @param folder - Folder of the package.
 * @param write - Whether to update the report.
 */
export function checkEntryPoint(
  folder: string,
  { name, types, root }: EntryPoint,
  write: boolean,
): Violation[] {
  const reportPath = `${folder}/etc/${name}.api.md`
  const declarations = resolve(folder, types)
  if (!existsSync(declarations))
    return [
      {
        file: `${folder}/${types.replace('./', '')}`,
        problem: 'is not there',
        mend: 'Run pnpm build first.',
      },
    ]
  const temporary = mkdtempSync(join(tmpdir(), 'earshot-api-'))
  const messages: ExtractorMessage[] = []
  try {
    if (write) mkdirSync(resolve(folder, 'etc'), { recursive: true })
    const { apiReportChanged } = Extractor.invoke(extractorConfig(folder, name, declarations, temporary), {
      localBuild: write,
      messageCallback(message) {
        messages.push(message)
        message.handled = true
      },
    })
    const counted = messages.filter(({ messageId }) => root || messageId !== 'ae-forgotten-export')
    return apiViolations(reportPath, apiReportChanged && !write, counted)
  } finally {
    rmSync(temporary, { recursive: true })
  }
}

/** Report only; release tags are not used here, and TSDoc is stricter about examples than we need. */
function extractorConfig(
  folder: string,
  name: string,
  declarations: string,
  temporary: string,
): ExtractorConfig {
  const projectFolder = resolve(folder)
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(projectFolder, 'package.json'),
    configObject: {
      projectFolder,
      mainEntryPointFilePath: declarations,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2023',
            lib: ['es2023', 'dom', 'dom.iterable'],
            module: 'nodenext',
            moduleResolution: 'nodenext',
            strict: true,
            skipLibCheck: true,
            types: [],
          },
          files: [declarations],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder: join(projectFolder, 'etc'),
        reportTempFolder: temporary,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  })
}

if (import.meta.main) {
  const write = process.argv.includes('--write')
  const asked = process.argv.slice(2).filter((each) => each !== '--write')
  const violations = (asked.length > 0 ? asked : packages).flatMap((name) => {
    const folder = `packages/${name}`
    const { exports } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { exports: object }
    return entryPoints(name, { ...exports }).flatMap((entry) => checkEntryPoint(folder, entry, write))
  })
  report('api', violations, write ? 'reports written' : 'every public interface is as reported')
}
