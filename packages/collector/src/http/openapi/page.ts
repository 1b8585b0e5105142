/** The OpenAPI document as a page that needs no script: generated HTML, which a strict CSP lets through. */
import type { Json, OpenApiDocument } from './document.ts'

const escaped: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: unknown): string => String(text).replaceAll(/[&<>"]/g, (each) => escaped[each] ?? '')

/** The style of the page; the policy names its hash. */
export const pageStyle: string = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font:14px/1.4 ui-monospace,monospace}pre{overflow:auto;max-height:30rem;padding:1rem;border:1px solid #8886;border-radius:8px}
table{border-collapse:collapse}td,th{text-align:start;vertical-align:top;padding:.2rem 1rem .2rem 0}section{border-top:1px solid #8886;margin-top:2rem}
h2 code{font-size:1.1rem}.method{font-weight:700}`

/** Makes the page. */
export function createPage(document: OpenApiDocument): string {
  const info = document['info'] as Json
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]) => section(method, path, each)),
  )
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) =>
      `<details id="schema-${escape(name)}"><summary><code>${escape(name)}</code></summary><pre>${escape(JSON.stringify(schema, null, 2))}</pre></details>`,
  )
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(info['title'])}</title><style>${pageStyle}</style></head>
<body>
<main>
<h1>${escape(info['title'])} ${escape(info['version'])}</h1>
<p>${escape(info['description'])}</p>
<p><a href="/openapi.json">openapi.json</a></p>
${operations.join('\n')}
<section><h2>Schemas</h2>
${schemas.join('\n')}
</section>
</main>
</body>
</html>
`
}

function section(method: string, path: string, operation: Json): string {
  const parameters = (operation['parameters'] ?? []) as Json[]
  const responses = Object.entries(operation['responses'] as Record<string, Json>)
  const body = (operation['requestBody'] as Json | undefined)?.['content'] as Json | undefined
  const security = (operation['security'] as Json[]).flatMap((each) => Object.keys(each))
  const rows = (cells: string[][]): string =>
    cells.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')
  return `<section id="${escape(operation['operationId'])}">
<h2><code><span class="method">${escape(method.toUpperCase())}</span> ${escape(path)}</code></h2>
<p>${escape(operation['summary'])}.${security.length > 0 ? ` Token: ${security.map(escape).join(' or ')}.` : ''}</p>
${parameters.length > 0 ? `<h3>Parameters</h3><table>${rows(parameters.map((each) => [`<code>${escape(each['name'])}</code>`, escape(each['in']), each['required'] ? 'required' : '', escape(each['description'] ?? '')]))}</table>` : ''}
${body ? `<h3>Body</h3><p>${contentLinks(body)}</p>` : ''}
<h3>Answers</h3><table>${rows(responses.map(([status, each]) => [status, escape(each['description']), each['content'] ? contentLinks(each['content'] as Json) : '']))}</table>
</section>`
}

function contentLinks(content: Json): string {
  return Object.entries(content)
    .map(([type, each]) => {
      const ref = ((each as Json)['schema'] as Json)['$ref']
      const name = typeof ref === 'string' ? ref.slice(ref.lastIndexOf('/') + 1) : null
      return `<code>${escape(type)}</code>${name === null ? '' : ` <a href="#schema-${escape(name)}">${escape(name)}</a>`}`
    })
    .join(', ')
}
