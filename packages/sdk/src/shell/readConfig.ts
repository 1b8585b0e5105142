/** Reads the options of the script tag from its data attributes. */
import type { EarshotOptions } from './client.ts'

/**
 * `data-key`, `data-collector` (default: where the script came from), `data-locale`, `data-consent="required"`,
 * `data-person`, `data-debug`.
 *
 * @returns null when the tag carries no key: the page will not start Earshot by the tag
 */
export function readConfig(script: Pick<HTMLScriptElement, 'src' | 'getAttribute'>): EarshotOptions | null {
  const read = (name: string): string | null => script.getAttribute('data-' + name)
  const key = read('key')
  if (!key) return null
  return {
    key,
    collector: read('collector') ?? new URL('.', script.src).href,
    debug: read('debug') !== null,
    locale: read('locale') as string,
    person: read('person') as string,
    consent: read('consent') as 'required',
  }
}
