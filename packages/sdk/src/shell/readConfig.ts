/** Reads the options of the script tag from its data attributes. */
import type { EarshotOptions } from './client.ts'

/**
 * `data-key`, `data-collector` (default: where the script came from), `data-locale`, `data-consent="required"`,
 * `data-person`, `data-debug`.
 *
 * @param base where the script came from
 * @returns null when the tag carries no key: the page will not start Earshot by the tag
 */
export function readConfig(
  script: Pick<HTMLScriptElement, 'getAttribute'>,
  base: string,
): EarshotOptions | null {
  const read = (name: string): string | null => script.getAttribute('data-' + name)
  const key = read('key')
  if (!key) return null
  return {
    key,
    collector: read('collector') ?? base,
    debug: read('debug') !== null,
    locale: read('locale') as string,
    person: read('person') as string,
    consent: read('consent') as 'required',
  }
}
