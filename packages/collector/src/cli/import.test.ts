import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Survey } from '@earshot/contract'
import { expect, it } from 'vitest'
import {
  answer,
  createCollector,
  keys,
  moment,
  npsQuestion,
  npsSurvey,
  start,
  temporaryDirectory,
  uuid,
} from '../fixtures.ts'
import { freshPlace, type Finished } from './fixtures.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- what it holds is for the expectations to say
type Read = (path: string) => Promise<any>

/** A place for data, with the command line and reports on it. */
async function place(): Promise<{
  command(...args: string[]): Promise<Finished>
  look<Result>(use: (read: Read) => Promise<Result>): Promise<Result>
}> {
  const { place: kept, command } = await freshPlace()
  const open = (): ReturnType<typeof createCollector> => createCollector({ ...kept, ...keys })
  await (await open()).close()
  return {
    command,
    async look(use) {
      const collector = await open()
      try {
        return await use(async (path) => {
          const headers = { authorization: `Bearer ${keys.adminToken}` }
          const response = await collector.fetch(new Request(`http://x${path}`, { headers }))
          if (response.status !== 200) throw new Error(await response.text())
          const text = await response.text()
          return response.headers.get('content-type')?.startsWith('application/json')
            ? JSON.parse(text)
            : text
        })
      } finally {
        await collector.close()
      }
    },
  }
}

function file(name: string, content: string): string {
  const path = join(temporaryDirectory(), name)
  writeFileSync(path, content)
  return path
}

it('13,954 real interviews come through import, store and report with the score that was computed elsewhere', async () => {
  const { command, look } = await place()
  const path = fileURLToPath(new URL('../../../../apps/demo/data/nps_botanic.csv', import.meta.url))
  const args = [
    'import',
    path,
    '--from',
    'csv',
    '--survey',
    'botanic',
    '--metric',
    'nps',
    '--map',
    'score=nps,id=row',
    '--at',
    '2024-01-15',
  ]
  const first = await command(...args)
  expect(first.code, first.err).toBe(0)
  expect(first.out).toMatch(
    /13612 responses to import\.\n342 left out: without an answer\.\n27224 events stored, 0 were stored before/,
  )
  const report = await look((read) => read('/v1/reports/nps?survey=botanic'))
  expect(report.estimate.n).toBe(13_612)
  expect(report.estimate.value).toBeCloseTo(53.4161034381, 6)
  expect(report.estimate.interval[0]).toBeCloseTo(52.3101268577, 6)
  expect(report.estimate.interval[1]).toBeCloseTo(54.4985400538, 6)
  expect(report.result).toMatchObject({ detractors: 1194, passives: 3953, promoters: 8465 })
  const again = await command(...args)
  expect(again.out).toMatch(/0 events stored, 27224 were stored before/)
  expect(await look((read) => read('/v1/reports/nps?survey=botanic'))).toEqual(report)
}, 240_000)

it('an export that is imported elsewhere gives the same numbers, as CSV and as lines of JSON', async () => {
  const survey: Survey = {
    ...npsSurvey,
    questions: [
      npsQuestion,
      {
        kind: 'choice',
        id: 'cause',
        title: 'What?',
        options: [{ id: 'price', label: 'Price' }],
        other: 'Else',
        multiple: true,
      },
      { kind: 'yesno', id: 'solved', title: 'Solved?', yes: 'Yes', no: 'No' },
      { kind: 'text', id: 'why', title: 'Why?', maxLength: 200 },
    ],
    hidden: ['order'],
    variants: [
      { id: 'a', weight: 1 },
      { id: 'b', weight: 1 },
    ],
  }
  const source = await start()
  await source.put(survey)
  const events = Array.from({ length: 20 }, (_, index) => {
    const more = {
      response: uuid('response', index),
      visitor: `v${index % 15}`,
      person: index % 4 === 0 ? `person-${index % 8}` : null,
      variant: index % 2 ? 'a' : 'b',
      context: { channel: index % 3 ? 'web' : 'kiosk', locale: 'de', touchpoint: 'checkout' },
    }
    const at = (seconds: number): object => ({ ...more, at: moment(seconds - 86_400 * index) })
    const data = (question: string, value: unknown, other?: string): object => ({
      data: { question, value, revision: 0, ...(other && { other }) },
    })
    return [
      answer(10 * index, 0, {
        ...at(-600),
        type: 'display',
        data: { trigger: 'event', hidden: { order: '17' } },
      }),
      ...(index === 3
        ? [answer(10 * index + 5, 0, { ...at(-590), type: 'dismiss', data: { reason: 'escape' } })]
        : [
            answer(10 * index + 1, index % 11, { ...at(-590), ...data('score', index % 11) }),
            answer(10 * index + 2, 0, {
              ...at(-580),
              ...data(
                'cause',
                index % 2 ? ['price'] : ['price', 'other'],
                index % 2 ? undefined : 'the, "rest"\n=1+1',
              ),
            }),
            answer(10 * index + 3, 0, { ...at(-570), ...data('solved', index % 3 === 0) }),
            answer(10 * index + 4, 0, {
              ...at(-560),
              ...data('why', index % 2 ? '=SUM(A1); -so' : '价格太贵 "了"'),
            }),
            ...(index % 5 ? [answer(10 * index + 6, 0, { ...at(-550), type: 'complete', data: {} })] : []),
          ]),
    ]
  }).flat()
  const receipt = await source.send(events, { surveys: [] })
  expect(receipt.rejected).toEqual([])
  const paths = [
    'nps?',
    'nps?basis=all&',
    'response?',
    'nps?by=channel&minimum=1&',
    'nps?by=answer.solved&minimum=1&basis=all&',
    'response?by=question&',
    'themes?',
    'nps?interval=week&from=2026-10-01&to=2026-11-21&',
  ]
  const numbers = (read: Read): Promise<unknown[]> =>
    Promise.all(paths.map((each) => read(`/v1/reports/${each}survey=nps-q4`)))
  const wanted = await numbers(source.read)
  const definition = file('survey.json', JSON.stringify(survey))
  for (const format of ['ndjson', 'csv'] as const) {
    const exported = await (await source.admin(`/v1/export?format=${format}`)).text()
    const { command, look } = await place()
    const path = file(`export.${format}`, exported)
    const done = await command('import', path, '--from', format, '--definition', definition)
    expect(done.code, done.err).toBe(0)
    await look(async (read) => {
      expect(without(await numbers(read))).toEqual(without(wanted))
      // Lines of JSON have everything, so they come out as they went in.
      const lines = (text: string): string[] => text.trim().split('\n').toSorted()
      const back = await read('/v1/export?format=ndjson')
      if (format === 'ndjson') expect(lines(back)).toEqual(lines(exported))
      else expect(back).toContain('"=SUM(A1); -so"')
    })
  }

  /** Marks of what came late: an import comes late. */
  function without(reports: unknown[]): unknown {
    return JSON.parse(JSON.stringify(reports), (key, value: unknown) =>
      key === 'late' || key === 'isRevised' ? 0 : value,
    )
  }
}, 120_000)

it('what was said in a forum comes in as comments: found by words, with themes, under its channel, and in no score', async () => {
  const { command, look } = await place()
  const posts = Array.from({ length: 10 }, (_, index) => `Das Formular fehlt ${index},forum,2026-01-02`)
  const path = file('posts.csv', ['Words,Where,When', ...posts, ''].join('\n'))
  const map = 'comment=Words,channel=Where,at=When'
  const done = await command(
    'import',
    path,
    '--from',
    'csv',
    '--survey',
    'all',
    '--metric',
    'nps',
    '--map',
    map,
  )
  expect(done.code, done.err).toBe(0)
  await look(async (read) => {
    expect((await read('/v1/responses?q=formular&where=channel:forum')).responses).toHaveLength(10)
    const { themes } = await read('/v1/reports/themes?survey=all&question=comment')
    expect(themes).toContainEqual(expect.objectContaining({ theme: 'formular', count: 10 }))
    expect((await read('/v1/reports/nps?survey=all')).estimate).toMatchObject({ value: null, n: 0 })
  })
}, 60_000)

it('bad rows are named by their line, and nothing is stored; or they are left out, and nothing twice', async () => {
  const { command, look } = await place()
  const path = file(
    'scores.csv',
    'NPS;When;Comment\n9;2026-01-02 10:00;"zwei\nZeilen"\n11;2026-01-02;zu viel\n8;gestern;wann\n7;2026-01-03T10:00:00+02:00;gut\n7;2026-01-03T10:00:00+02:00;gut\n',
  )
  const args = [
    'import',
    path,
    '--from',
    'csv',
    '--survey',
    'old',
    '--metric',
    'nps',
    '--map',
    'score=NPS',
    '--map',
    'at=When',
  ]
  const refused = await command(...args)
  expect(refused.code).toBe(1)
  expect(refused.err).toMatch(
    /line 4: "score" is "11"; it must be a whole number from 0 to 10\nline 5: its time is "gestern".*\nNothing was stored/s,
  )
  expect(await look((read) => read('/v1/stats'))).toMatchObject({ events: 0 })
  expect((await command(...args, '--skip-bad', '--dry-run')).out).toMatch(
    /3 responses to import.*\nNothing was stored/s,
  )
  expect((await command(...args, '--skip-bad')).out).toMatch(/9 events stored/)
  expect((await command(...args, '--skip-bad')).out).toMatch(/0 events stored, 9 were/)
  const elsewhere = temporaryDirectory()
  const foreign = join(elsewhere, 'posthog.json')
  writeFileSync(foreign, '[{"event":"survey sent","timestamp":"2026-01-01T00:00:00Z"}]')
  const left = await command('import', foreign, '--from', 'delighted', '--survey', 'old', '--dry-run')
  expect([left.out, left.err]).toEqual([
    expect.stringContaining('1 left out: without an answer'),
    expect.stringContaining('All rows are left out. Look whether --from'),
  ])
  const report = await look((read) => read('/v1/reports/nps?survey=old'))
  expect([report.estimate.n, report.result.passives]).toEqual([3, 2])
  expect(await look((read) => read('/v1/responses?q=zeilen'))).toMatchObject({
    responses: [{ firstAt: '2026-01-02T10:00:00.000Z' }],
  })
  for (const [wrong, message] of [
    [['import', path, '--from', 'excel'], /--from is "excel"/],
    [['import', path], /needs --from; it must be csv/],
    [['import', path, '--from', 'csv'], /needs --survey/],
    [
      ['import', path, '--from', 'csv', '--survey', 'old', '--map', 'score=Punkte'],
      /the file has no column "Punkte", which is to be "score"; it has /,
    ],
    [
      ['import', path, '--from', 'csv', '--survey', 'old', '--map', 'score=NPS'],
      /lines 3, 4, 5, 6, 7: it has no time; name its column with --map at=COLUMN/,
    ],
    [['import', '/nowhere', '--from', 'csv'], /no file/],
    [['import', path, '--from', 'csv', '--survey', 'x', '--metric', 'nsp'], /--metric is "nsp"/],
    [
      ['import', path, '--from', 'csv', '--survey', 'x', '--metric', 'csat', '--points', '4'],
      /--points is "4"; it must be one of 2, 3, 5, 7, 10/,
    ],
  ] as const)
    expect((await command(...wrong)).err).toMatch(message)
  expect(readFileSync(path, 'utf8')).toContain('gestern')
}, 120_000)

it('life-cycle events come in by their columns and words, and count in the reports on customers', async () => {
  const { command, look } = await place()
  const rows = Array.from({ length: 20 }, (_, row) => `start,2026-09-01,c${row}`)
  const path = file('lives.csv', ['what,when,who', ...rows, 'gone,2026-11-05,c1', ''].join('\n'))
  const args = ['import', path, '--from', 'lifecycle', '--map', 'name=what,at=when,person=who']
  const words = ['--map', 'event.subscription_started=Start,event.subscription_ended=gone']
  const refused = await command(...args)
  expect(refused.code).toBe(1)
  expect(refused.err).toMatch(/lines 2, 3, 4, 5, 6 and 15 more: "start" is no life-cycle event/)
  const done = await command(...args, ...words)
  expect(done.code, done.err).toBe(0)
  expect(done.out).toMatch(/21 events to import\.\n21 events stored, 0 were stored before/)
  expect((await command(...args, '--event', 'bought')).err).toMatch(
    /--event is "bought"; it must be signed_up/,
  )
  await look(async (read) => {
    const { estimate } = await read('/v1/reports/churn?from=2026-11-01&to=2026-11-10')
    expect(estimate).toMatchObject({ n: 20, value: 5 })
  })
})
