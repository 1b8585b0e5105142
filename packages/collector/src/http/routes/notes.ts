/** `/v1/notes`: what the staff notes on answers, and all notes of a period as a file, for the report of a week. */
import type { AnswerValue } from '@earshot/contract'
import { csvLine } from '../../core/csv.ts'
import type { Keyring } from '../../core/keyring.ts'
import { mayDrop, type Note, type NoteFilter } from '../../core/notes.ts'
import type { KeptResponse } from '../../core/project.ts'
import { formatMoment } from '../../core/time.ts'
import { readAdminBody } from '../adminBody.ts'
import { problem } from '../errors.ts'
import { noteRequestSchema } from '../noteSchema.ts'
import { checkQuery } from '../query.ts'
import { json, type Deps, type Route } from '../route.ts'

const path = '/v1/notes'
const defaultPage = 50
/** Notes per read of an export. */
const batchSize = 100

const types = { csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson' } as const

/** The routes of this file. */
export function noteRoutes(deps: Deps): Route[] {
  const { store, clock, random } = deps
  return [
    {
      method: 'GET',
      path,
      access: 'admin',
      need: 'responses',
      async handle(call) {
        const known = ['survey', 'response', 'from', 'to', 'timezone', 'limit', 'cursor'] as const
        const read = await checkQuery(call, store, known)
        if (!read.ok) return read.response
        const { limit = defaultPage, cursor, timezone: _, ...filter } = read.query
        const found = await store.notes(call.site.id, filter, { before: cursor, limit: limit + 1 })
        const notes = found.slice(0, limit)
        const last = found.length > limit ? notes.at(-1) : undefined
        const names = namesOf(await store.keyring())
        return json({ notes: notes.map((each) => show(each, names)), next: last ? String(last.row) : null })
      },
    },
    {
      method: 'POST',
      path,
      access: 'admin',
      need: 'responses',
      async handle(call) {
        const body = await readAdminBody(call, noteRequestSchema)
        if (!body.ok) return body.response
        const { text, theme = null, responses } = body.value
        const note: Note = {
          id: `note_${Buffer.from(random.bytes(9)).toString('hex')}`,
          at: clock.now(),
          who: call.token.id,
          theme,
          text,
          responses: [...new Set(responses.map((each) => each.toLowerCase()))],
        }
        call.concerns(note.id)
        const missing = await store.addNote(call.site.id, note)
        if (missing.length > 0)
          return problem(
            404,
            'unknown_response',
            `There is no answer with the id ${missing.join(', ')}. Name answers of GET /v1/responses.`,
          )
        return json(show(note, namesOf(await store.keyring())), 201)
      },
    },
    {
      method: 'DELETE',
      path: `${path}/{id}`,
      access: 'admin',
      need: 'responses',
      async handle({ site, token, params }) {
        const id = params['id'] ?? ''
        const note = await store.note(site.id, id)
        if (note && !mayDrop(token, note))
          return problem(403, 'not_your_note', 'Somebody else has written this note. An admin may delete it.')
        return (await store.dropNote(site.id, id))
          ? new Response(null, { status: 204 })
          : problem(404, 'unknown_note', 'There is no note with this id.')
      },
    },
    {
      method: 'GET',
      path: '/v1/notes/export',
      access: 'admin',
      need: 'export',
      async handle(call) {
        const checked = await checkQuery(call, store, ['format', 'survey', 'from', 'to', 'timezone'])
        if (!checked.ok) return checked.response
        const { format = 'csv', timezone: _, ...filter } = checked.query
        const names = namesOf(await store.keyring())
        const lines = exported(deps, call.site.id, filter, format, names)
        const day = new Date(clock.now()).toISOString().slice(0, 10)
        return new Response(streamOf(deps, lines), {
          headers: {
            'content-type': types[format],
            'content-disposition': `attachment; filename="earshot-notes-${day}.${format}"`,
          },
        })
      },
    },
  ]
}

/** Names of those who have or had a token, by its id. */
type Names = ReadonlyMap<string, string>

const namesOf = ({ tokens }: Keyring): Names => new Map(tokens.map(({ id, name }) => [id, name]))

function show({ id, at, who, theme, text, responses }: Note, names: Names): object {
  return { id, at: formatMoment(at), who, name: names.get(who) ?? null, theme, text, responses }
}

const header = [
  'note',
  'at',
  'by',
  'theme',
  'text',
  'response',
  'survey',
  'answeredAt',
  'touchpoint',
  'answers',
] as const

/** The notes of a filter, the newest first, each with the answers that it is about. */
async function* exported(
  { store }: Pick<Deps, 'store'>,
  site: number,
  filter: NoteFilter,
  format: keyof typeof types,
  names: Names,
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(header)
  for (let before: number | undefined; ;) {
    const notes = await store.notes(site, filter, { before, limit: batchSize })
    for (const note of notes) {
      const found = await Promise.all(note.responses.map((id) => store.response(site, id)))
      const about = found.filter((each) => each !== null)
      yield format === 'csv'
        ? rowsOf(note, about, names)
        : `${JSON.stringify({ ...show(note, names), answers: about })}\n`
    }
    before = notes.at(-1)?.row
    if (notes.length < batchSize) return
  }
}

/** A line for each answer of the note; one without where they are not kept any more. */
function rowsOf(note: Note, about: readonly KeptResponse[], names: Names): string {
  const { id, at, who, theme, text } = note
  const first = [id, formatMoment(at), names.get(who) ?? who, theme, text]
  if (about.length === 0) return csvLine([...first, null, null, null, null, null])
  return about
    .map((each) =>
      csvLine([...first, each.id, each.survey, each.lastAt, each.touchpoint, saidIn(each.answers)]),
    )
    .join('')
}

const saidIn = (answers: KeptResponse['answers']): string =>
  Object.entries(answers)
    .map(([question, { value }]) => `${question}: ${written(value)}`)
    .join(' · ')

const written = (value: AnswerValue): string => (Array.isArray(value) ? value.join('|') : String(value))

/** Nothing is read ahead of the client. */
function streamOf(
  { streams }: Pick<Deps, 'streams'>,
  lines: AsyncGenerator<string>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let ended = (): void => undefined
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        ended = streams.begin(() => controller.error(new Error('the collector is shutting down')))
      },
      async pull(controller) {
        try {
          const { value, done } = await lines.next()
          if (!done) {
            controller.enqueue(encoder.encode(value))
            return
          }
          controller.close()
        } catch (error) {
          ended()
          throw error
        }
        ended()
      },
      cancel: () => ended(),
    },
    { highWaterMark: 0 },
  )
}
