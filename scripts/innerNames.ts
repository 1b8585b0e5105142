/** Names of fields that only the script tag's files know, and that get a letter or two in each of them. */

/**
 * The fields by which the parts of the SDK talk to each other. All files of a version are built with the same names and
 * loaded from an address with that version, so nothing else meets them. Not here: what is stored or sent, what a site
 * writes or hears, what a file exports, and what the platform calls so; `innerNames.test.ts` holds the list to that. The most frequent first,
 * for they get a single letter. A new name is added at the end.
 */
export const innerNames: readonly string[] = [
  'memory',
  'flow',
  'showing',
  'claiming',
  'effects',
  'wish',
  'changeMemory',
  'tell',
  'isOpen',
  'act',
  'nudge',
  'draft',
  'clock',
  'fault',
  'again',
  'pageFired',
  'pageSince',
  'transact',
  'readMemory',
  'retryAfter',
  'confirmed',
  'chance',
  'emission',
  'perform',
  'isTab',
  'consentRequired',
  'privacyControl',
  'writeServed',
  'readServed',
  'loadServed',
  'loadOutbox',
  'loadKeeper',
  'loadKinds',
  'loadRules',
  'loadCard',
  'onNavigate',
  'onVisit',
  'decision',
  'announce',
  'entered',
  'sheets',
  'exists',
  'listen',
  'cardHost',
  'dispatch',
  'folded',
  'lease',
  'seize',
  'sweep',
  'heal',
  'paged',
  'peek',
  'say',
  'createKinds',
  'forbid',
  'isOdd',
  'schedule',
  'settle',
  'hurry',
  'pick',
  'takeOver',
  'goOnAs',
]

export const innerName: RegExp = new RegExp(`^(?:${innerNames.join('|')})$`)

/** Without E and Q, which the platform has. */
const letters = 'ABCDFGHIJKLMNOPRSTUVWXYZ'
const { length } = letters

/** A … Z, AA … ZZ: no field of anything else has such a name. */
export const shortName = (index: number): string =>
  (index < length ? '' : letters[Math.floor(index / length) - 1]!) + letters[index % length]!

/** What Terser is to call them. It writes into what it is given, so each file gets its own. */
export const createNameCache = (): { props: { props: Record<string, string> } } => ({
  props: { props: Object.fromEntries(innerNames.map((name, index) => [`$${name}`, shortName(index)])) },
})
