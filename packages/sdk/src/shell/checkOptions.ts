/** Checks what a site gives to start a client. */
import type { Survey } from '@earshot/contract'
import type { EarshotOptions } from './client.ts'

/** Mistakes of the programmer are told at once, with the mend. */
export function checkOptions(
  { key, collector, consent, surveys = [] }: EarshotOptions = {} as EarshotOptions,
): void {
  const must = (isSo: unknown, name: string, mend: string): void => {
    if (!isSo) throw new TypeError(`Earshot: "${name}" must be ${mend}`)
  }
  must(key?.startsWith('pk_'), 'key', 'the write key "pk_…"')
  must(/^https?:/.test(collector), 'collector', 'an address "https://…"')
  must(!consent || consent === 'required' || consent === 'implied', 'consent', '"required" or "implied"')
  const isSurvey = (each: Survey): unknown =>
    each?.questions && each.triggers && each.recontact && each.thanks
  must(Array.isArray(surveys) && surveys.every(isSurvey), 'surveys', 'made by nps(), ces(), csat()')
}
