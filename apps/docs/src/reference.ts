/** Pages that are made: of the types of each package, and of the OpenAPI document of the collector. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createCollector } from '@earshot/collector'
import { Application, type TypeDocOptions } from 'typedoc'
import type { PluginOptions } from 'typedoc-plugin-markdown'

/** What of an OpenAPI document is shown. */
interface OpenApi {
  info: { version: string; description: string }
  paths: Record<string, Record<string, Operation>>
}
interface Operation {
  summary: string
  security: Record<string, unknown>[]
  parameters?: { name: string; in: string; required?: boolean; description?: string }[]
  responses: Record<string, { description: string }>
}

/** Ways into the packages, with the sources of their types. */
const entries: Readonly<Record<string, string>> = {
  sdk: 'packages/sdk/src/index.ts',
  'sdk-react': 'packages/sdk/src/react.ts',
  'sdk-vue': 'packages/sdk/src/vue.ts',
  'sdk-element': 'packages/sdk/src/element.ts',
  'sdk-headless': 'packages/sdk/src/headless.ts',
  'sdk-theme': 'packages/sdk/src/ui/theme/check.ts',
  'sdk-simulate': 'packages/sdk/src/simulate/simulate.ts',
  collector: 'packages/collector/src/index.ts',
  contract: 'packages/contract/src/index.ts',
  metrics: 'packages/metrics/src/index.ts',
}

/** Writes a page for each way into a package into a folder: `sdk-react.md`. */
export async function writeTypes(folder: string): Promise<void> {
  const options: Partial<TypeDocOptions> & PluginOptions = {
    entryPoints: Object.values(entries).map((entry) => resolve(entry)),
    tsconfig: resolve('apps/docs/tsconfig.typedoc.json'),
    plugin: ['typedoc-plugin-markdown'],
    out: folder,
    readme: 'none',
    router: 'module',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    disableSources: true,
    skipErrorChecking: true,
    excludeInternal: true,
    // What an element has from the browser is written elsewhere.
    excludeExternals: true,
    logLevel: 'Error',
  }
  const app = await Application.bootstrapWithPlugins(options)
  const project = await app.convert()
  const modules = project?.children ?? []
  const names = Object.keys(entries)
  if (modules.length !== names.length) throw new Error('The types of some packages cannot be read.')
  for (const each of modules) {
    const name = names.find((key) => entries[key]?.replace(/(\/index)?\.ts$/, '') === `packages/${each.name}`)
    if (name === undefined) throw new Error(`${each.name} is no way into a package.`)
    each.name = name
  }
  await app.generateOutputs(project!)
  // The sidebar leads to all of them.
  rmSync(join(folder, 'README.md'))
  for (const name of names) {
    const path = join(folder, `${name}.md`)
    const text = readFileSync(path, 'utf8').replaceAll(/<a id="[^"]*"><\/a> ?/g, '')
    writeFileSync(path, text.replace(/^# .*$/m, `# @earshot/${name.replace('-', '/')}`))
  }
}

/** The OpenAPI document, as a collector serves it. */
async function readOpenApi(): Promise<OpenApi> {
  const collector = await createCollector({ data: ':memory:' })
  const response = await collector.fetch(new Request('http://localhost/openapi.json'))
  const document = (await response.json()) as OpenApi
  await collector.close()
  return document
}

/** The HTTP interface as Markdown. */
function httpPage({ info, paths }: OpenApi): string {
  const cell = (text: string): string =>
    text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ')
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary, security, parameters = [], responses }]) =>
      [
        `## \`${method.toUpperCase()} ${path}\``,
        `${summary}.${security.some((each) => Object.keys(each).length > 0) ? ` Needs ${security.flatMap((each) => Object.keys(each)).join(' or ')}.` : ''}`,
        ...(parameters.length > 0
          ? [
              '| parameter | in | |\n| --- | --- | --- |\n' +
                parameters
                  .map(
                    (each) =>
                      `| \`${each.name}\`${each.required ? ', needed' : ''} | ${each.in} | ${cell(each.description ?? '')} |`,
                  )
                  .join('\n'),
            ]
          : []),
        '| answer | |\n| --- | --- |\n' +
          Object.entries(responses)
            .map(([status, { description }]) => `| ${status} | ${cell(description)} |`)
            .join('\n'),
      ].join('\n\n'),
    ),
  )
  return `# The HTTP interface\n\n${info.description}\n\nA running collector has this for programs at \`/openapi.json\`, and with all schemas at \`/docs/api\`.\n\n${sections.join('\n\n')}\n`
}

/** Writes `http.md` into a folder. */
export async function writeHttp(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'http.md'), httpPage(await readOpenApi()))
}
