/** Reads what a source file imports, by a real parser (oxc, as Vite brings it). */
import { parseSync } from 'vite'

/** One import of a file. */
export interface Import {
  /** As written: `./step.ts`, `preact/hooks`. */
  specifier: string
  /** `type` vanishes when compiled; `dynamic` is `import()`; all else is `value`, also an import of types without `import type`. */
  kind: 'value' | 'type' | 'dynamic'
  line: number
}

/** What a file says about itself. */
export interface Source {
  imports: readonly Import[]
  /** Line of a default export, or null. */
  defaultExport: number | null
  /** Lines that hold more than blanks and comments. */
  codeLines: number
  /** Message of the parser, or null. */
  error: string | null
}

interface Node {
  type: string
  start: number
  [key: string]: unknown
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

/**
 * Imports, default export and number of code lines of a TypeScript or JavaScript file. An `import()` of something that is
 * not a string literal is left out: where it leads is decided at run time.
 *
 * @example
 * readSource('a.ts', "import type { A } from './b.ts'").imports // [{ specifier: './b.ts', kind: 'type', line: 1 }]
 */
export function readSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text)
  const imports: Import[] = []
  let defaultExport: number | null = null
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length
  const add = (node: Node, source: unknown, kind: Import['kind']): void => {
    const specifier = isNode(source) ? source.value : undefined
    if (typeof specifier === 'string') imports.push({ specifier, kind, line: lineAt(node.start) })
  }
  const visit = (node: Node): void => {
    if (node.type === 'ImportDeclaration')
      add(node, node.source, node.importKind === 'type' ? 'type' : 'value')
    if (node.type === 'ExportAllDeclaration' || node.type === 'ExportNamedDeclaration')
      add(node, node.source, node.exportKind === 'type' ? 'type' : 'value')
    if (node.type === 'ImportExpression') add(node, node.source, 'dynamic')
    if (node.type === 'TSImportType') add(node, node.source, 'type')
    if (node.type === 'TSExternalModuleReference') add(node, node.expression, 'value')
    if (node.type === 'ExportDefaultDeclaration') defaultExport = lineAt(node.start)
    if (node.type === 'ExportSpecifier' && isNode(node.exported) && node.exported.name === 'default')
      defaultExport = lineAt(node.start)
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child)
  }
  visit(program as unknown as Node)
  if (/\.[jt]sx$/.test(path)) imports.push({ specifier: 'preact/jsx-runtime', kind: 'value', line: 1 })
  return { imports, defaultExport, codeLines: countCode(text, comments), error: errors[0]?.message ?? null }
}

/** Lines on which something is left once comments are blanked out. */
function countCode(text: string, comments: readonly { start: number; end: number }[]): number {
  let code = ''
  let end = 0
  for (const comment of comments) {
    code += text.slice(end, comment.start) + text.slice(comment.start, comment.end).replace(/[^\n]/g, '')
    end = comment.end
  }
  return (code + text.slice(end)).split('\n').filter((line) => line.trim() !== '').length
}
