/** Holds every answer that a test gets from a collector against the OpenAPI document. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { OpenApiDocument } from './document.ts'

type Described = Record<string, { content?: Record<string, { schema: object }> }>

/** Says what is wrong with an answer. */
export interface Checker {
  /** @returns a sentence, or null when the document has this answer */
  check(method: string, path: string, response: Response): Promise<string | null>
}

/** Makes a checker of a document. */
export function createChecker(document: OpenApiDocument): Checker {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema(document, 'document')
  const compiled = new Map<string, ValidateFunction>()
  const validator = (schema: object): ValidateFunction => {
    const text = JSON.stringify(schema).replaceAll('"#/', '"document#/')
    const known = compiled.get(text) ?? ajv.compile(JSON.parse(text) as object)
    compiled.set(text, known)
    return known
  }
  const patterns = Object.keys(document.paths).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }))
  const problem = validator({ $ref: '#/components/schemas/Problem' })

  return {
    async check(method, path, response) {
      const { status } = response
      const name = `${method} ${path} ${status}`
      if (method === 'OPTIONS') return null
      const found =
        patterns.find((each) => each.path === path) ?? patterns.find((each) => each.pattern.test(path))
      const operation =
        found && document.paths[found.path]?.[(method === 'HEAD' ? 'GET' : method).toLowerCase()]
      if (!operation) {
        if (![403, 404, 405, 503].includes(status)) return `${name}: the document has no such operation`
        return method === 'HEAD' || problem(await response.json()) ? null : `${name}: is no problem document`
      }
      const described = (operation['responses'] as Described)[String(status)]
      if (!described) return `${name}: the document has no such status`
      const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? ''
      if (method === 'HEAD') return null
      if (!described.content) return (await response.text()) === '' ? null : `${name}: has a body`
      const media = Object.entries(described.content).find(
        ([wanted]) =>
          wanted === type ||
          wanted === '*/*' ||
          (wanted.endsWith('/*') && type.split('/')[0] === wanted.split('/')[0]) ||
          (wanted === 'text/*' && type === 'application/x-ndjson'),
      )
      if (!media) return `${name}: is ${type}, not ${Object.keys(described.content).join(' or ')}`
      if (!type.endsWith('json') || type === 'application/x-ndjson') return null
      const validate = validator(media[1].schema)
      if (validate(await response.json())) return null
      return `${name}: ${ajv.errorsText(validate.errors?.slice(0, 3))}`
    },
  }
}
