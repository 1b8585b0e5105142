/** Reads what the checks of the documents need: fenced blocks of Markdown, examples of docstrings, and the names in the first column of a table. */

/** A fenced block. */
export interface Fence {
  /** Path of the document from the root. */
  file: string
  /** Line of the opening fence; what is on line n of the text stands n lines below it. */
  line: number
  /** Language, '' for none named. */
  language: string
  text: string
}

/**
 * All fenced blocks of a document, in their order. One that is not closed ends with the document.
 *
 * @example
 * fencesOf('a.md', 'Text\n```ts\nlet a\n```') // [{ file: 'a.md', line: 2, language: 'ts', text: 'let a' }]
 */
export function fencesOf(file: string, text: string): Fence[] {
  const fences: Fence[] = []
  let open: { fence: Fence; mark: string; lines: string[] } | null = null
  const close = (): void => {
    if (open) fences.push({ ...open.fence, text: open.lines.join('\n') })
    open = null
  }
  for (const [index, line] of text.split('\n').entries()) {
    const mark = /^\s*(`{3,}|~{3,})\s*(\w*)/.exec(line)
    if (open && mark?.[1]?.startsWith(open.mark)) close()
    else if (open) open.lines.push(line)
    else if (mark)
      open = {
        fence: { file, line: index + 1, language: mark[2] ?? '', text: '' },
        mark: mark[1] ?? '',
        lines: [],
      }
  }
  close()
  return fences
}

/** A name in a table, with the line on which it stands. */
export interface TableName {
  name: string
  line: number
}

/**
 * What stands as code in the first column of the tables under a heading, up to the next heading; null where there is no
 * such heading. Of a command the name is told, and of `trait.<name>` `trait.…`.
 *
 * @example
 * namesUnder('## Commands\n\n| command |\n| --- |\n| `show(survey)` |', 'Commands') // [{ name: 'show', line: 5 }]
 */
export function namesUnder(text: string, heading: string): TableName[] | null {
  const names: TableName[] = []
  let isInside: boolean | null = null
  for (const [index, line] of text.split('\n').entries()) {
    const title = /^#+ +(.+?) *$/.exec(line)?.[1]
    if (title !== undefined) {
      if (isInside) break
      isInside = title === heading || null
    }
    const cell = isInside && /^\|((?:\\\||[^|])*)\|/.exec(line)?.[1]
    if (!cell) continue
    // What stood above this line is the head of the table.
    if (/^ *:?-+:? *$/.test(cell)) while (names.at(-1)?.line === index) names.pop()
    for (const [, code = ''] of cell.matchAll(/`([^`]+)`/g))
      names.push({ name: code.replace(/\(.*/s, '').replace(/<\w+>/, '…'), line: index + 1 })
  }
  return isInside === null ? null : names
}

/**
 * Examples in the docstrings of exported functions, each as a module that imports its names from a package. Of several in one
 * docstring each is a statement.
 *
 * @param from - Name of the package, and what it exports.
 * @example
 * docstringFences('a.ts', text, { name: '@earshot/metrics', exports: ['nps'] })
 */
export function docstringFences(
  file: string,
  text: string,
  from: { name: string; exports: readonly string[] },
): Fence[] {
  return [...text.matchAll(/@example\n((?: \* .*\n)+) \*\/\nexport function (\w+)/g)]
    .filter(([, , name = '']) => from.exports.includes(name))
    .map(({ 1: block = '', index }) => {
      const code = block.replaceAll(/^ \* ?/gm, '')
      return {
        file,
        line: text.slice(0, index).split('\n').length,
        language: 'ts',
        text: `import { ${from.exports.join(', ')} } from '${from.name}'\nvoid [${from.exports.join(', ')}]\n${code}`,
      }
    })
}
