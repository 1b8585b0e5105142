/** The country from which an event came, as a proxy says it: kept in the context of the event, where no page can put it. */
import type { FeedbackEvent } from '@earshot/contract'
import type { Batch } from './ingest.ts'

// ISO 3166-1 alpha-2, officially assigned.
const codes: ReadonlySet<string> = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
    'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR ' +
    'GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP ' +
    'KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT ' +
    'MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW ' +
    'SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ ' +
    'UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
  ).split(' '),
)

/**
 * The country that a header names; null for what is none, as `XX` and `T1` are.
 *
 * @example
 * readCountry('de') // 'DE'
 */
export function readCountry(text: string | undefined): string | null {
  const code = (text ?? '').trim().toUpperCase()
  return codes.has(code) ? code : null
}

/** An event with a country in its context. */
type Located = FeedbackEvent & { context: { country?: string } }

/** Puts the country into the events of a batch. */
export function locate(batch: Batch, country: string): void {
  for (const { result } of batch.candidates) {
    if ('flaw' in result) continue
    const { event } = result.stored
    result.stored = {
      ...result.stored,
      event: { ...event, context: { ...event.context, country } } as Located,
    }
  }
}

/** An event as its page sent it, and its country beside it; null when it was not asked for, or is not known. */
export function splitCountry<Event extends FeedbackEvent>(
  event: Event,
): { event: Event; country: string | null } {
  const { country, ...context } = event.context as Located['context']
  return country === undefined ? { event, country: null } : { event: { ...event, context }, country }
}
