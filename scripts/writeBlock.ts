/** Writes what was measured into a document. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/**
 * Puts text between the two marks of a name.
 *
 * @throws when the document is not there or has no such marks
 * @example
 * writeBlock('docs/performance.md', 'embed', table) // between <!-- embed --> and <!-- /embed -->
 */
export function writeBlock(document: string, name: string, text: string): void {
  const block = new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- /${name} -->)`)
  const found = existsSync(document) ? readFileSync(document, 'utf8') : ''
  if (!block.test(found))
    throw new Error(`${document} has no <!-- ${name} --> and <!-- /${name} --> to write between.`)
  writeFileSync(
    document,
    found.replace(block, (_all, open: string, close: string) => `${open}\n\n${text}\n\n${close}`),
  )
}
