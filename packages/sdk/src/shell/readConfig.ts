/** Reads the options of the script tag from its data attributes. */
import type { EarshotOptions } from './client.ts'

/**
 * `data-key`, `data-collector` (default: where the script came from), `data-locale`, `data-consent="required"`,
 * `data-person`, `data-debug`.
 *
 * @returns null when the tag carries no key: the page will not start Earshot by the tag
 */
export function readConfig(script: {
  readonly src: string
  readonly dataset: Readonly<Record<string, string | undefined>>
}): EarshotOptions | null {
  const { dataset, src } = script
  /** Own values only: a page may have polluted the prototype with our names. */
  const read = (name: string): string | undefined =>
    Object.hasOwn(dataset, name) ? dataset[name] : undefined
  const key = read('key')
  if (!key) return null
  return {
    key,
    collector: read('collector') ?? new URL('.', src).href,
    debug: read('debug') !== undefined,
    locale: read('locale'),
    person: read('person'),
    consent: read('consent') as 'required' | undefined,
  }
}
