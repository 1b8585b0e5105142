/** Reads rows of life-cycle events: a table with a name, a time and who it was, and what belongs to it. */
import { lifecycle, lifecycleNames, type LifecycleName, type Scalar } from '@earshot/contract'
import { derivedId, visitorOf, type Sha256 } from '../derivedId.ts'
import { foldText } from '../search.ts'
import { formatMoment, type Millis } from '../time.ts'
import { createFinder, flatten, unnamed, usualNames, type Alike, type Target } from './fields.ts'
import type { SourceRecord } from './foreign.ts'
import type { ImportedLife, RowResult } from './row.ts'
import { noYes, readMoment, readYes, textOf } from './value.ts'

/** How records become life-cycle events. */
export interface LifeMapping {
  /**
   * By what is looked for, the column that has it: `id`, `name`, `at`, `person`, `visitor`, or a property. `event.signed_up`
   * and the like say which word of the file stands for an event.
   */
  map: Readonly<Record<string, string>>
  /** What all rows tell, for files that do not name it. */
  event: LifecycleName | null
  /** For files that tell no time. */
  at: Millis | null
  /** By line: how many rows alike, without an id, came before it in other parts of the file. */
  alike?: Readonly<Record<number, number>> | undefined
}

/** Properties, and how each is read. */
const kinds = {
  amount: 'number',
  margin: 'number',
  referred: 'yes',
  enquiry: 'text',
  solvable: 'yes',
  handledBy: 'text',
} as const
type Property = keyof typeof kinds

const enquiry: readonly Property[] = ['enquiry', 'solvable']
/** What belongs to which event; what a table has beside it is of other rows. */
const propertiesOf: Readonly<Partial<Record<LifecycleName, readonly Property[]>>> = {
  [lifecycle.subscriptionStarted]: ['amount'],
  [lifecycle.subscriptionChanged]: ['amount'],
  [lifecycle.purchased]: ['referred', 'amount', 'margin'],
  [lifecycle.enquiryOpened]: enquiry,
  [lifecycle.enquiryContacted]: enquiry,
  [lifecycle.enquiryAnswered]: enquiry,
  [lifecycle.enquiryResolved]: enquiry,
  [lifecycle.enquiryReopened]: enquiry,
  [lifecycle.conversationEnded]: ['handledBy'],
}

const usual: Readonly<Record<string, readonly string[]>> = {
  id: ['id', 'event id', 'event_id', 'uuid', 'message_id', 'messageid'],
  name: ['name', 'event', 'event name', 'event_name', 'type'],
  at: [...usualNames.at, 'time', 'occurred_at', 'occurred at'],
  person: [...usualNames.person, 'customer_id', 'customer id'],
  visitor: ['visitor', 'anonymous_id', 'anonymousid'],
  amount: ['amount', 'mrr'],
  margin: ['margin'],
  referred: ['referred'],
  enquiry: ['enquiry', 'ticket', 'ticket_id', 'ticket id', 'conversation'],
  solvable: ['solvable'],
  handledBy: ['handledby', 'handled_by', 'handled by'],
}
const handlers: readonly string[] = ['bot', 'handover', 'person']

/** What is looked for in a record. */
export function lifeTargets(map: Readonly<Record<string, string>>): Target[] {
  return Object.entries(usual).map(([target, names]): Target => {
    const own = map[target]
    return [target, own === undefined ? [...names, `props.${target}`] : [own]]
  })
}

/** The fields of a record of such a file, what is in `properties` without that name. */
export const layLifeOpen = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  flatten(fields, ['properties'])

/** The records of a file as life-cycle events. */
export function readLives(records: readonly SourceRecord[], mapping: LifeMapping): RowResult[] {
  const targets = new Map(lifeTargets(mapping.map))
  const words = new Map<string, LifecycleName>()
  for (const each of lifecycleNames) {
    words.set(foldText(each), each)
    words.set(foldText(each.replaceAll('_', ' ')), each)
    const own = mapping.map[`event.${each}`]
    if (own !== undefined) words.set(foldText(own), each)
  }
  const alike: Alike = { seen: new Map(), before: mapping.alike ?? {} }
  return records.map(({ line, fields: nested }) => {
    const fields = layLifeOpen(nested)
    const find = createFinder(fields)
    const fieldOf = (target: string): unknown => {
      const name = find(targets.get(target) ?? [])
      return name === undefined ? undefined : fields[name]
    }
    const read = readLife(fieldOf, mapping, words)
    if ('flaw' in read) return { line, flaw: read.flaw }
    const id = fieldOf('id')
    return {
      life: { line, key: id === undefined ? `import/${unnamed(fields, line, alike)}` : textOf(id), ...read },
    }
  })
}

type Read = Omit<ImportedLife, 'line' | 'key'> | { flaw: string }

function readLife(
  fieldOf: (target: string) => unknown,
  { event, at: usualAt }: LifeMapping,
  words: ReadonlyMap<string, LifecycleName>,
): Read {
  const short = (raw: unknown): string => textOf(raw).slice(0, 50)
  const given = fieldOf('name')
  const name = event ?? (given === undefined ? undefined : words.get(foldText(textOf(given))))
  if (name === undefined)
    return {
      flaw:
        given === undefined
          ? 'it names no event; name its column with --map name=COLUMN, or say with --event what all rows tell'
          : `"${short(given)}" is no life-cycle event; say which one it stands for, such as --map "event.signed_up=${short(given)}"`,
    }
  const moment = fieldOf('at')
  const at = moment === undefined ? usualAt : readMoment(moment)
  if (at === null)
    return {
      flaw:
        moment === undefined
          ? 'it has no time; name its column with --map at=COLUMN, or give one time for all with --at'
          : `its time is "${short(moment)}", which cannot be read`,
    }
  const person = fieldOf('person')
  const visitor = fieldOf('visitor')
  if (person === undefined && visitor === undefined)
    return { flaw: 'it does not say who it was; name the column with --map person=COLUMN' }
  const props: Record<string, Scalar> = {}
  for (const property of propertiesOf[name] ?? []) {
    const raw = fieldOf(property)
    if (raw === undefined) continue
    const read = readProperty(property, raw)
    if (typeof read === 'object') return read
    props[property] = read
  }
  if (propertiesOf[name] === enquiry && props.enquiry === undefined)
    return {
      flaw: `it has no id of its enquiry, which ${name} needs; name its column with --map enquiry=COLUMN`,
    }
  return {
    name,
    at,
    person: person === undefined ? null : textOf(person),
    ...(visitor !== undefined && { visitor: textOf(visitor) }),
    props,
  }
}

function readProperty(property: Property, raw: unknown): string | number | boolean | { flaw: string } {
  const text = textOf(raw).trim()
  const kind = kinds[property]
  if (kind === 'yes') return readYes(raw) ?? { flaw: noYes(property, raw) }
  if (kind === 'number')
    return /^-?\d+(?:\.\d+)?$/.test(text)
      ? Number(text)
      : { flaw: `"${property}" is "${text.slice(0, 50)}"; it must be a number with a point, such as 49.90` }
  if (property === 'handledBy' && !handlers.includes(text))
    return { flaw: `"handledBy" is "${text.slice(0, 50)}"; it must be ${handlers.join(', ')}` }
  return text
}

/** A life-cycle event as it is stored. The same id and moment are the same event, by whichever way it comes. */
export interface Told extends Omit<ImportedLife, 'line' | 'at' | 'name'> {
  name: string
  at: string
  /** Where it stands among those that came with it. */
  seq: number
  /** By which way it came. */
  way: 'server' | 'import'
}

/** What a life-cycle event is stored as. */
export interface LifeEvent {
  id: string
  type: 'track'
  at: string
  visitor: string
  person: string | null
  session: string
  seq: number
  context: { channel: string }
  data: { name: string; props: Record<string, Scalar> }
}

/**
 * The event for something that is told of a customer.
 *
 * @param moment that of `at`
 */
export function lifeEvent(told: Told, moment: Millis, sha256: Sha256): LifeEvent {
  const { key, name, at, person, visitor, props, seq, way } = told
  return {
    id: derivedId(moment, `lifecycle/${key}`, sha256),
    type: 'track',
    at,
    visitor: visitor ?? visitorOf(person ?? '', sha256),
    person,
    session: way,
    seq,
    context: { channel: way },
    data: { name, props },
  }
}

/** The event of a row. */
export function eventOfLife({ line, at, ...life }: ImportedLife, sha256: Sha256): LifeEvent {
  return lifeEvent({ ...life, at: formatMoment(at), seq: line, way: 'import' }, at, sha256)
}
