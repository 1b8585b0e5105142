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
  // Own values only: a page may have polluted the prototype with our names.
  const own: Readonly<Record<string, string | undefined>> = Object.assign(
    Object.create(null) as object,
    script.dataset,
  )
  const { key, collector, locale, consent, person, debug } = own
  if (!key) return null
  return {
    key,
    collector: collector ?? new URL('.', script.src).href,
    debug: debug !== undefined,
    locale,
    person,
    consent: consent as 'required' | undefined,
  }
}
