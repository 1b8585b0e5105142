/** Holds packages/contract/src/schema/checkers.ts, the zod schemas of the hot route as plain code, equal to the schemas; `--write` renews it. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { followUpIdentity, scalars } from '../packages/contract/src/schema/atoms.ts'
import { envelopeAlone } from '../packages/contract/src/schema/envelope.ts'
import { event } from '../packages/contract/src/schema/event.ts'
import { report } from './violation.ts'

const file = 'packages/contract/src/schema/checkers.ts'

/** The part of JSON Schema that zod makes of our schemas. Another keyword is an error, so that none is passed over. */
interface Node {
  type?: 'object' | 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'null'
  properties?: Record<string, Node>
  required?: string[]
  additionalProperties?: Node | false
  propertyNames?: Node
  maxProperties?: number
  items?: Node
  oneOf?: Node[]
  anyOf?: Node[]
  enum?: string[]
  const?: string
  pattern?: string
  not?: Node
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
}
const known = new Set(
  'type properties required additionalProperties propertyNames maxProperties items oneOf anyOf enum const pattern not minimum maximum minLength maxLength minItems maxItems'.split(
    ' ',
  ),
)

/** The schema as JSON, with what its refinements say and zod leaves out. */
function toJson(schema: z.ZodType): Node {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    reused: 'inline',
    override({ zodSchema, jsonSchema }) {
      // The pattern says the same.
      delete jsonSchema.format
      delete jsonSchema.id
      // What zod would strip is not as it is.
      if (jsonSchema.properties) jsonSchema.additionalProperties = false
      const of: unknown = zodSchema
      if (of === followUpIdentity) jsonSchema.pattern = String.raw`^\P{Cs}*$`
      if (of === scalars) {
        jsonSchema.maxProperties = 50
        const { propertyNames } = jsonSchema
        Object.assign(propertyNames as object, { not: { enum: ['__proto__', 'constructor', 'prototype'] } })
      }
    },
  })
  const definitions = json.$defs ?? {}
  const resolved = JSON.stringify(json, (key, value: unknown) => {
    if (key === '$defs' || key === '$schema') return undefined
    if (typeof value !== 'object' || value === null || !('$ref' in value)) return value
    return definitions[String(value.$ref).replace('#/$defs/', '')]
  })
  return JSON.parse(resolved) as Node
}

const functions: string[] = []
const names = new Map<string, string>()
const constants = new Map<string, string>()

/** The name of the function that checks a node; nodes that are alike share one. */
function checkerOf(node: Node, wanted: string): string {
  const text = JSON.stringify(node)
  const made = names.get(text)
  if (made !== undefined) return made
  names.set(text, wanted)
  functions.push(`function ${wanted}(fields: unknown): boolean {\n${bodyOf(node, wanted)}\n}`)
  return wanted
}

/** The name of a constant with this value. */
function constantOf(value: string, kind: string): string {
  const made = constants.get(value) ?? `${kind}${constants.size + 1}`
  constants.set(value, made)
  return made
}

const big = (name: string): string => `${name[0]?.toUpperCase()}${name.slice(1)}`

/** An expression that says whether `value` fits. */
function test(node: Node, value: string, name: string): string {
  for (const key of Object.keys(node)) if (!known.has(key)) throw new Error(`"${key}" is not known here`)
  const bounds = (least: number | undefined, most: number | undefined, of: string): string[] => [
    ...(least === undefined || (least === 0 && of.endsWith('length')) ? [] : [`${of} >= ${least}`]),
    ...(most === undefined || most === Number.MAX_SAFE_INTEGER ? [] : [`${of} <= ${most}`]),
  ]
  if (node.const !== undefined) return `${value} === ${JSON.stringify(node.const)}`
  if (node.enum)
    return `${constantOf(`new Set<unknown>(${JSON.stringify(node.enum)})`, 'names')}.has(${value})`
  if (node.anyOf) return `(${node.anyOf.map((each) => test(each, value, name)).join(' || ')})`
  const and = (...parts: string[]): string => parts.join(' && ')
  const number = `(${value} as number)`
  switch (node.type) {
    case undefined:
      return 'true'
    case 'null':
      return `${value} === null`
    case 'boolean':
      return `typeof ${value} === 'boolean'`
    case 'integer':
      return and(`Number.isSafeInteger(${value})`, ...bounds(node.minimum, node.maximum, number))
    case 'number':
      return and(`Number.isFinite(${value})`, ...bounds(node.minimum, node.maximum, number))
    case 'string':
      return and(
        `typeof ${value} === 'string'`,
        ...bounds(node.minLength, node.maxLength, `${value}.length`),
        ...(node.not ? [`!${test(node.not, value, name)}`] : []),
        ...(node.pattern === undefined
          ? []
          : [`${constantOf(`new RegExp(${JSON.stringify(node.pattern)}, 'u')`, 'pattern')}.test(${value})`]),
      )
    case 'array': {
      const item = node.items && test(node.items, 'each', name)
      return and(
        `Array.isArray(${value})`,
        ...bounds(node.minItems, node.maxItems, `${value}.length`),
        ...(item && item !== 'true' ? [`${value}.every((each) => ${item})`] : []),
      )
    }
    case 'object':
      return `${checkerOf(node, name)}(${value})`
  }
}

const isFields = 'if (!isFields(fields)) return false'

function bodyOf(node: Node, name: string): string {
  const { properties, required = [] } = node
  if (!properties) {
    const key = test(node.propertyNames ?? {}, 'key', name)
    const each = test(node.additionalProperties || {}, 'fields[key]', name)
    return `${isFields}\nfor (const key in fields) if (!(${key} && ${each})) return false\nreturn countOf(fields) <= ${node.maxProperties ?? Infinity}`
  }
  return closed(Object.entries(properties), required, (key, inner) => test(inner, key, `${name}${big(key)}`))
}

/** The body of a check of an object that has these fields and no other. */
function closed<Inner>(
  fields: readonly [string, Inner][],
  required: readonly string[],
  fits: (key: string, inner: Inner) => string,
): string {
  if (fields.length === 0) return 'return isFields(fields) && countOf(fields) === 0'
  const tests = fields.map(([key, inner]) =>
    required.includes(key) ? fits(key, inner) : `(${key} === undefined || (${fits(key, inner)}))`,
  )
  const optional = fields.filter(([key]) => !required.includes(key)).map(([key]) => ` + has(${key})`)
  return `${isFields}\nconst { ${fields.map(([key]) => key).join(', ')} } = fields\nreturn ${tests.join(' && ')} && countOf(fields) === ${required.length}${optional.join('')}`
}

/** The check of a union whose branches are told apart by \`type\`. Branches that differ in nothing but \`data\` share a function. */
function checkUnion(branches: readonly Node[]): void {
  const cases: string[] = []
  const shared = new Map<string, { node: Node; types: string[] }>()
  for (const node of branches) {
    const { type, data, ...rest } = node.properties ?? {}
    const text = JSON.stringify(rest)
    const entry = shared.get(text) ?? { node, types: [] }
    shared.set(text, entry)
    if (type?.const === undefined || !data) throw new Error('a branch without type or data')
    entry.types.push(type.const)
    cases.push(`case '${type.const}': return ${test(data, 'data', `${type.const}Data`)}`)
  }
  functions.push(
    `function dataFits(type: unknown, data: unknown): boolean {\nswitch (type) {\n${cases.join('\n')}\ndefault: return false\n}\n}`,
  )
  const calls = [...shared.values()].map(({ node, types }, index) => {
    const name = `event${index + 1}`
    const set = constantOf(`new Set<unknown>(${JSON.stringify(types)})`, 'names')
    const body = closed(Object.entries(node.properties ?? {}), node.required ?? [], (key, inner) =>
      key === 'type'
        ? `${set}.has(type)`
        : key === 'data'
          ? 'dataFits(type, data)'
          : test(inner, key, `event${big(key)}`),
    )
    functions.push(`function ${name}(fields: unknown): boolean {\n${body}\n}`)
    return `${name}(value)`
  })
  functions.push(`function event(value: unknown): boolean { return ${calls.join(' || ')} }`)
}

function generate(): string {
  checkUnion(toJson(event).oneOf ?? [])
  const envelope = checkerOf(toJson(envelopeAlone), 'envelope')
  const values = [...constants].map(([value, name]) => `const ${name} = ${value}`)
  return `/** The schemas of events and of their envelope as plain code, which is several times faster; made by scripts/checkers.ts. */
import type { FeedbackEvent } from '../event.ts'
import type { Envelope } from './envelope.ts'

interface Fields { [key: string]: unknown }

${values.join('\n')}

/** True for a JSON value that \`eventSchema\` takes, and gives back as it is. */
export function isExactEvent(value: unknown): value is FeedbackEvent { return event(value) }

/** True for a JSON value that \`envelopeSchema\` takes, and gives back as it is. */
export function isExactEnvelope(value: unknown): value is Envelope { return ${envelope}(value) }

function isFields(value: unknown): value is Fields { return typeof value === 'object' && value !== null && !Array.isArray(value) }

function countOf(value: Fields): number { let count = 0
for (const _ in value) count++
return count }

function has(value: unknown): number { return value === undefined ? 0 : 1 }

${functions.join('\n\n')}
`
}

function formatted(code: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'earshot-checkers-'))
  const path = join(directory, 'checkers.ts')
  try {
    writeFileSync(path, code)
    execFileSync(join('node_modules', '.bin', 'oxfmt'), ['-c', '.oxfmtrc.json', path])
    return readFileSync(path, 'utf8')
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const text = formatted(generate())
if (process.argv.includes('--write')) writeFileSync(file, text)
report(
  'checkers',
  existsSync(file) && readFileSync(file, 'utf8') === text
    ? []
    : [
        {
          file,
          problem: 'is not what the zod schemas say',
          mend: 'Run `node --conditions=@earshot/source scripts/checkers.ts --write` and look at the difference.',
        },
      ],
)
