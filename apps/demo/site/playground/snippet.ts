/** What a site pastes to have this survey: for the script tag with a collector, and for an app. */
import type { Question, Recontact, SiteSettings, Survey } from '@earshot/contract'
import type { SurveyOptions, TemplateOptions, TemplateWording } from '@earshot/sdk'
import { type Entry, entries } from '@earshot/editor'

/** Where the answers go. */
export interface Site {
  collector: string
  key: string
}

/** The tag of every page. */
export function tagSnippet({ collector, key }: Site): string {
  return `<script async src="${attribute(collector)}/earshot.js" data-key="${attribute(key)}"></script>`
}

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

/** The commands that put survey and settings on the collector. JSON stands in a quoted heredoc, which changes nothing in it. */
export function curlSnippet(collector: string, survey: Survey, settings: SiteSettings): string {
  const put = (path: string, body: unknown): string =>
    [
      `curl -X PUT -H "Authorization: Bearer $EARSHOT_ADMIN_TOKEN" -H 'Content-Type: application/json' \\`,
      `  --data-binary @- ${quoted(`${collector}${path}`)} <<'JSON'`,
      JSON.stringify(body, null, 2),
      'JSON',
    ].join('\n')
  const commands = [put(`/v1/surveys/${survey.id}`, survey)]
  if (Object.keys(settings).length > 0) commands.push(put('/v1/settings', settings))
  return commands.join('\n\n')
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** The code of an app: the function that the survey began with, and what is said otherwise. */
export function npmSnippet(
  { collector, key }: Site,
  entry: Entry,
  name: string,
  survey: Survey,
  settings: SiteSettings,
): string {
  const { code, uses } = surveyCode(entry, name, survey)
  const rows = [
    `  key: ${literal(key)},`,
    `  collector: ${literal(collector)},`,
    `  surveys: [${code}],`,
    ...(Object.keys(settings).length > 0 ? [`  settings: ${literal(settings, 1)},`] : []),
  ]
  const names = ['createEarshot', ...uses].toSorted()
  const tracks = trackRows(survey)
  return [
    `import { ${names.join(', ')} } from '@earshot/sdk'`,
    '',
    `${tracks.length > 0 ? 'const earshot = ' : ''}createEarshot({`,
    ...rows,
    '})',
    ...tracks,
  ].join('\n')
}

/** Events that the survey waits for do not come by themselves. */
function trackRows({ triggers, followUps = [] }: Survey): string[] {
  const names = [
    ...triggers.flatMap((each) =>
      each.on === 'event' ? [each.name] : each.on === 'sequence' ? each.steps.map((step) => step.name) : [],
    ),
    ...followUps.flatMap(({ after }) => (after.on === 'event' ? [after.name] : [])),
  ]
  return [...new Set(names)].map((each) => `earshot.track(${literal(each)})`)
}

type Options = SurveyOptions & TemplateOptions & { points?: number; look?: string }

function surveyCode(entry: Entry, name: string, survey: Survey): { code: string; uses: string[] } {
  for (const withWords of [true, false]) {
    const options = optionsOf(entry, name, survey, withWords)
    const made = attempt(() => entry.make(options))
    if (!made) continue
    const others = overrides(made, survey)
    // Where the questions are others anyway, their words need not be said twice.
    if (withWords && 'questions' in others) continue
    const call = `${entry.name}(${literal(options, Object.keys(others).length > 0 ? 2 : 1)})`
    if (Object.keys(others).length === 0) return { code: call, uses: [entry.name] }
    const fields = Object.entries(others).map(
      ([field, value]) => `      ${field}: ${value === undefined ? 'undefined' : literal(value, 3)},`,
    )
    return {
      code: `\n    {\n      ...${indent(call)},\n${fields.join('\n')}\n    },\n  `,
      uses: [entry.name],
    }
  }
  return { code: literal(survey, 1), uses: [] }
}

const indent = (text: string): string => text.replaceAll('\n', '\n  ')

function attempt<Value>(work: () => Value): Value | null {
  try {
    return work()
  } catch {
    return null
  }
}

/** Fields of a survey that its function takes as they are. */
function optionsOf(entry: Entry, name: string, survey: Survey, withWords: boolean): Options {
  const base = entry.make({ id: survey.id, name })
  const options: Record<string, unknown> = { id: survey.id, name }
  if (withWords)
    Object.assign(
      options,
      entry.words === 'standard' ? standardWords(entry, base, survey) : wording(base, survey),
    )
  for (const [field, value] of Object.entries(survey)) {
    if (field === 'id' || field === 'questions' || field === 'recontact') continue
    if (value !== undefined && !isEqual(value, base[field as keyof Survey])) options[field] = value
  }
  const days = (Object.keys(survey.recontact) as (keyof Recontact)[]).filter(
    (each) => survey.recontact[each] !== base.recontact[each],
  )
  if (days.length > 0)
    options['recontact'] = Object.fromEntries(days.map((each) => [each, survey.recontact[each]]))
  return options as unknown as Options
}

/** `question`, `labels` and `reasons`, and the number of answers where it may be chosen. */
function standardWords(entry: Entry, base: Survey, survey: Survey): object {
  const words: Record<string, unknown> = {}
  const mine = survey.questions.find((each) => each.id === 'score')
  let other = base
  if (mine?.kind !== 'scale') return words
  const takesPoints = entry === entries.find((each) => each.name === 'csat')
  if (takesPoints) {
    const plain = base.questions[0]
    const isOther = plain?.kind === 'scale' && (plain.max !== mine.max || plain.look !== mine.look)
    const points = { points: mine.max, look: mine.look ?? 'numbers' }
    const made = isOther ? attempt(() => entry.make({ id: base.id, name: 'x', ...points })) : null
    if (made) {
      Object.assign(words, points)
      other = made
    }
  }
  const usual = other.questions[0]
  if (usual?.kind !== 'scale') return words
  const baseScale = base.questions[0]
  if (mine.title !== baseScale?.title) words['question'] = mine.title
  if (mine.low !== usual.low || mine.high !== usual.high) words['labels'] = { low: mine.low, high: mine.high }
  const reasons: Record<string, string | null> = {}
  for (const { id, title } of other.questions.slice(1)) {
    const found = survey.questions.find((each) => each.id === id)
    if (found?.title !== title) reasons[id.replace('why-', '')] = found?.title ?? null
  }
  if (Object.keys(reasons).length > 0) words['reasons'] = reasons
  return words
}

const wordFields = ['title', 'low', 'high', 'yes', 'no', 'hint', 'other'] as const

/** Words by question id, where the template has a word in their place. */
function wording(base: Survey, survey: Survey): { wording?: Record<string, TemplateWording> } {
  const all: Record<string, TemplateWording> = {}
  for (const question of survey.questions) {
    const usual = base.questions.find((each) => each.id === question.id)
    if (!usual) continue
    const words: Record<string, unknown> = {}
    for (const field of wordFields) {
      const [now, before] = [question, usual].map(
        (each) => (each as Partial<Record<typeof field, string>>)[field],
      )
      if (now !== undefined && before !== undefined && now !== before) words[field] = now
    }
    const labels = otherLabels(usual, question)
    if (Object.keys(labels).length > 0) words['options'] = labels
    if (Object.keys(words).length > 0) all[question.id] = words
  }
  return Object.keys(all).length > 0 ? { wording: all } : {}
}

function otherLabels(usual: Question, question: Question): Record<string, string> {
  if (usual.kind !== 'choice' || question.kind !== 'choice') return {}
  return Object.fromEntries(
    question.options.flatMap(({ id, label }) => {
      const before = usual.options.find((each) => each.id === id)
      return before && before.label !== label ? [[id, label]] : []
    }),
  )
}

/** Fields in which the two differ, as they are in the second. */
function overrides(made: Survey, survey: Survey): Partial<Record<keyof Survey, unknown>> {
  const fields = [...new Set([...Object.keys(made), ...Object.keys(survey)])] as (keyof Survey)[]
  return Object.fromEntries(
    fields.flatMap((field) => (isEqual(made[field], survey[field]) ? [] : [[field, survey[field]]])),
  )
}

/** Alike as data: without regard to the order of keys, and to what is undefined. */
function isEqual(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return Object.is(one, other)
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const [a, b] = [one, other] as [Record<string, unknown>, Record<string, unknown>]
  if (Array.isArray(one) && one.length !== (other as unknown[]).length) return false
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isEqual(a[key], b[key]))
}

const width = 88

/** A value as it is written in TypeScript, at a depth of two spaces each. */
function literal(value: unknown, depth = 0): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const isList = Array.isArray(value)
  const inner = isList
    ? value.map((each) => literal(each, depth + 1))
    : Object.entries(value).flatMap(([key, each]) =>
        each === undefined ? [] : [`${keyOf(key)}: ${literal(each, depth + 1)}`],
      )
  const [open, close] = isList ? '[]' : '{}'
  if (inner.length === 0) return `${open}${close}`
  const line = isList ? `[${inner.join(', ')}]` : `{ ${inner.join(', ')} }`
  if (!line.includes('\n') && line.length + depth * 2 < width) return line
  const pad = '  '.repeat(depth + 1)
  return `${open}\n${inner.map((each) => `${pad}${each},\n`).join('')}${'  '.repeat(depth)}${close}`
}

/** `__proto__` would mean something else without brackets. */
const keyOf = (key: string): string =>
  key === '__proto__' ? `['__proto__']` : /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key)

function quote(text: string): string {
  const json = JSON.stringify(text)
  if (text.includes("'") && !text.includes('"')) return json
  return `'${json
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)}'`
}
