/** Schemas of what the routes about sites, keys and tokens give. */
import { z } from 'zod'
import { scalarsSchema } from '@earshot/contract/schema'
import { roles, type Role } from '../../core/roles.ts'

const moment = z.iso.datetime()
const site = z.strictObject({ id: z.int(), name: z.string(), createdAt: moment })
const key = z.strictObject({
  key: z.string(),
  name: z.string(),
  origins: z.array(z.string()).nullable(),
  rate: z.int().nullable(),
  daily: z.int().nullable(),
  today: z.int().nullable(),
  createdAt: moment,
  usedAt: moment.nullable(),
  revokedAt: moment.nullable(),
})
const token = z.strictObject({
  id: z.string(),
  site: z.int().nullable(),
  name: z.string(),
  role: z.enum(roles as [Role, ...Role[]]),
  isLive: z.boolean(),
  createdAt: moment,
  usedAt: moment.nullable(),
  expiresAt: moment.nullable(),
  revokedAt: moment.nullable(),
})

const session = z.strictObject({
  role: z.enum(roles as [Role, ...Role[]]),
  name: z.string(),
  site: z.int().nullable(),
  /** Those that the token opens. */
  sites: z.array(z.strictObject({ id: z.int(), name: z.string() })),
  csrf: z.string(),
  expiresAt: moment,
})

/** By name, as they stand under `components.schemas`. */
export const accessSchemas: Readonly<
  Record<
    | 'SiteList'
    | 'MadeSite'
    | 'WriteKey'
    | 'KeyList'
    | 'Token'
    | 'TokenList'
    | 'MadeToken'
    | 'AuditPage'
    | 'SuspectList'
    | 'Session'
    | 'MaybeSession'
    | 'Policy'
    | 'Person'
    | 'Erasure',
    z.ZodType
  >
> = {
  SiteList: z.strictObject({ sites: z.array(site) }),
  MadeSite: z.strictObject({ site, key }),
  WriteKey: key,
  KeyList: z.strictObject({ keys: z.array(key) }),
  Token: token,
  TokenList: z.strictObject({ tokens: z.array(token) }),
  AuditPage: z.strictObject({
    entries: z.array(
      z.strictObject({
        at: moment,
        who: z.string(),
        site: z.int().nullable(),
        action: z.string(),
        about: z.string().nullable(),
        status: z.int(),
      }),
    ),
    next: z.string().nullable(),
  }),
  SuspectList: z.strictObject({
    suspects: z.array(
      z.strictObject({
        response: z.string(),
        survey: z.string(),
        reasons: z.array(z.enum(['burst', 'too-fast', 'trap'])),
        firstAt: moment,
        isCleared: z.boolean(),
      }),
    ),
  }),
  Policy: z.strictObject({
    scrub: z.array(z.enum(['email', 'card', 'iban', 'phone'])),
    patterns: z.array(z.strictObject({ name: z.string(), pattern: z.string() })),
    retentionDays: z.int().nullable(),
  }),
  Person: z.strictObject({
    visitors: z.array(
      z.strictObject({ visitor: z.string(), events: z.int(), firstAt: moment, lastAt: moment }),
    ),
    profile: z.strictObject({
      traits: scalarsSchema,
      group: z.string().nullable(),
      channels: z.array(z.string()),
      locales: z.array(z.string()),
    }),
    timeline: z.array(
      z.strictObject({
        at: moment,
        receivedAt: moment,
        type: z.string(),
        id: z.string(),
        visitor: z.string(),
        channel: z.string(),
        touchpoint: z.string().nullable(),
        stage: z.string().nullable(),
        url: z.string().nullable(),
        survey: z.string().nullable(),
        response: z.string().nullable(),
        question: z.string().nullable(),
        value: z.unknown(),
        band: z.string().nullable(),
        name: z.string().nullable(),
        data: scalarsSchema.nullable(),
      }),
    ),
    isComplete: z.boolean(),
  }),
  Erasure: z.strictObject({
    person: z.string(),
    at: moment,
    visitors: z.int(),
    events: z.int(),
    responses: z.int(),
    places: z.int(),
    cases: z.int(),
    notes: z.int(),
    keep: z.enum(['nothing', 'counts']),
    keptResponses: z.int(),
    keptEvents: z.int(),
    left: z.int(),
  }),
  Session: session,
  MaybeSession: z.union([session, z.strictObject({ session: z.null() })]),
  MadeToken: z.strictObject({ ...token.shape, token: z.string() }),
}
