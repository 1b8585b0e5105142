import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { SiteSettings, Survey } from '@earshot/contract'
import { surveySchema } from '@earshot/contract/schema'
import * as sdk from '@earshot/sdk'
import { entries, entryOf, idOf, judge, putReason, readText, rename } from '@earshot/editor'
import axe from 'axe-core'
import fc from 'fast-check'
import { type Browser, type BrowserContextOptions, chromium, type Frame, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type Demo, startDemo } from '../server/demo.ts'
import { npmSnippet } from '../site/playground/snippet.ts'
import { begin, pack, type State, unpack } from '../site/playground/state.ts'
import { card, score } from './respondent.ts'

const run = promisify(execFile)

/** What axe finds in a frame. */
async function violationsOf(where: Frame): Promise<string[]> {
  await where.evaluate(axe.source)
  return where.evaluate(async () => {
    const check = (window as unknown as { axe: typeof axe }).axe.run
    return (await check(document, { resultTypes: ['violations'] })).violations.map(
      ({ id, nodes }) => `${id}: ${nodes[0]?.html}`,
    )
  })
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
const site = { collector: 'https://feedback.example.com', key: 'pk_test' }

/** What a site can do with each template: nothing, other words, other questions, less, more. */
const edits: Readonly<Record<string, (survey: Survey) => void>> = {
  untouched: () => {},
  words: (survey) => {
    for (const question of survey.questions) question.title = 'It\'s “why”, isn\'t it? \\ "${x}"\u2028'
    survey.thanks = { title: 'Merci' }
    survey.locale = 'fr'
  },
  reasons: (survey) => {
    const [first] = survey.questions
    if (first?.kind !== 'scale') return
    for (const band of ['detractor', 'dissatisfied', 'hard'] as const)
      if (survey.questions.some((each) => each.id === `why-${band}`)) putReason(survey, first, band, '')
  },
  structure: (survey) => {
    survey.questions.push({ kind: 'statement', id: 'note', title: 'A last word', text: "It's done" })
  },
  less: (survey) => {
    delete survey.targeting
    delete survey.purpose
    delete survey.tenure
  },
  more: (survey) => {
    survey.sampling = 0.25
    survey.recontact.answered = 365
    survey.triggers = [{ on: 'event', name: "it's", where: { fact: 'event.total', op: 'above', value: 50 } }]
    survey.layout = 'modal'
    survey.version = 3
    survey.translations = { de: { thanks: { title: 'Danke' } } }
  },
}

const edited = entries.flatMap((entry) =>
  Object.entries(edits).map(([edit, change]) => {
    const survey = structuredClone(entry.make({ id: idOf(entry.name), name: 'Acme' }))
    change(survey)
    return { title: `${entry.name}, ${edit}`, entry, edit, survey: surveySchema.parse(survey) }
  }),
)
const settings: SiteSettings = { theme: { accent: '#0f766e', radius: 4 } }

describe('the code for an app', () => {
  it('is TypeScript that compiles, whatever was edited', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'earshot-snippets-'))
    try {
      for (const { title, entry, survey } of edited)
        await writeFile(
          join(directory, `${title.replace(', ', '-')}.ts`),
          npmSnippet(site, entry, 'Acme', survey, settings),
        )
      const config = {
        extends: join(root, 'tsconfig.base.json'),
        compilerOptions: {
          noEmit: true,
          composite: false,
          isolatedDeclarations: false,
          declaration: false,
          declarationMap: false,
          rewriteRelativeImportExtensions: false,
          exactOptionalPropertyTypes: true,
          lib: ['es2023', 'dom', 'dom.iterable'],
          paths: { '@earshot/sdk': [join(root, 'packages/sdk/dist/index.d.ts')] },
        },
        include: ['*.ts'],
      }
      await writeFile(join(directory, 'package.json'), '{ "type": "module" }')
      await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(config))
      const compiled = await run(join(root, 'node_modules/.bin/tsc'), ['-p', directory]).catch(
        (error: { stdout: string }) => error,
      )
      expect(compiled.stdout).toBe('')
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })

  it.each(Object.keys(edits))('makes the survey that was edited: %s', (edit) => {
    for (const { entry, survey } of edited.filter((each) => each.edit === edit)) {
      const { surveys, settings: given } = evaluate(npmSnippet(site, entry, 'Acme', survey, settings))
      expect([entry.name, JSON.parse(JSON.stringify(surveys))]).toEqual([entry.name, [survey]])
      expect(given).toEqual(settings)
    }
  })

  it('says no more than what was changed', () => {
    const survey = sdk.nps({ id: 'nps', name: 'Acme', question: 'Well?' })
    expect(npmSnippet(site, entryOf('nps'), 'Acme', survey, {})).toBe(
      `import { createEarshot, nps } from '@earshot/sdk'

createEarshot({
  key: 'pk_test',
  collector: 'https://feedback.example.com',
  surveys: [nps({ id: 'nps', name: 'Acme', question: 'Well?' })],
})`,
    )
  })
})

/** Runs a snippet with the real builders, and gives what it would start Earshot with. */
function evaluate(code: string): { surveys: Survey[]; settings: SiteSettings } {
  let started: unknown
  const values = { ...(sdk as Record<string, unknown>) }
  values['createEarshot'] = (options: unknown): object => {
    started = options
    return { track: () => {} }
  }
  // oxlint-disable-next-line typescript/no-implied-eval
  const body = new Function(...Object.keys(values), code.replace(/^import .*\n/, '')) as (
    ...all: unknown[]
  ) => void
  body(...Object.values(values))
  return started as { surveys: Survey[]; settings: SiteSettings }
}

describe('the text of a survey', () => {
  it('is JSON exactly when the browser says so', () => {
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', '\\', '\n', '0', 'x', '\u0001'))
      .map(([text, at, put]) => {
        const index = at % (text.length + 1)
        return text.slice(0, index) + put + text.slice(index + (put === '' ? 1 : 0))
      })
    fc.assert(
      fc.property(broken, (text) => {
        let isJson = true
        try {
          JSON.parse(text)
        } catch {
          isJson = false
        }
        expect(readText(text).error === null).toBe(isJson)
      }),
      { numRuns: 2000 },
    )
  })
  it('tells the line of a path, and of what is around it', () => {
    const { lineOf } = readText('{\n "a": [\n  1,\n  { "b": 2 }\n ]\n}')
    expect([lineOf('a'), lineOf('a.0'), lineOf('a.1.b'), lineOf('a.1.c'), lineOf('x')]).toEqual([
      2, 3, 4, 4, 1,
    ])
  })
  it.each([
    ['{\n "a": 1,\n}', 3, 'Take the comma before the closing bracket away'],
    ['{\n "a" 1\n}', 2, 'Expected ":" after "a", found 1.'],
    ['{\n "a": "x\n}', 2, 'no closing quote'],
    ["{\n 'a': 1\n}", 2, 'double quotes'],
    ['{\n "a": 1', 2, 'found the end of the text'],
  ])('says where it stops being JSON: %j', (text, line, message) => {
    const { error } = readText(text)
    expect(error?.line).toBe(line)
    expect(error?.message).toContain(message)
  })
})

describe('the judgement', () => {
  const state = begin('nps')
  it('accepts every template as it comes', () => {
    for (const { name } of entries) expect([name, judge(begin(name)).flaws]).toEqual([name, []])
  })
  it('tells all errors of both documents at once', () => {
    const survey = state.survey
      .replace('"metric": "nps"', '"metric": "npz"')
      .replace('"version": 1', '"version": 0')
    const { flaws, survey: judged } = judge({
      survey,
      settings: '{ "theme": { "radius": 99, "accent": "#ff0" } }',
    })
    expect(judged.sound).toBeNull()
    const found = flaws.map(({ document, path, severity }) => `${document} ${path} ${severity}`)
    expect(found.toSorted()).toEqual([
      'settings theme.accent warning',
      'settings theme.radius error',
      'survey questions.0.metric error',
      'survey version error',
    ])
    expect(flaws.find((each) => each.path === 'questions.0.metric')?.message).toContain('did you mean "nps"?')
    expect(flaws.find((each) => each.path === 'theme.accent')?.message).toContain('is used')
  })
})

describe('another name of the company', () => {
  it('goes into the texts of the template, and into no other', () => {
    const entry = entryOf('relationshipNps')
    const survey = structuredClone(entry.make({ id: 'x', name: 'Acme' }))
    survey.thanks = { title: 'Acme thanks you' }
    survey.questions.unshift({ kind: 'statement', id: 'hello', title: 'Hello from Acme' })
    const renamed = rename(survey, entry, 'Acme', 'Globex') as Survey
    expect(renamed.questions[0]?.title).toBe('Hello from Acme')
    expect(renamed.questions[1]?.title).toContain('recommend Globex to')
    expect(renamed.thanks.title).toBe('Acme thanks you')
  })
})

describe('a link', () => {
  it('gives back what was packed, also what is no JSON', async () => {
    const state: State = {
      ...begin('csat'),
      survey: '{ "typed": "half',
      view: { scheme: 'dark', width: '320', language: 'he', rtl: true, offline: true },
    }
    expect(await unpack(await pack(state))).toEqual(state)
  })
  it('is refused when it is damaged, of another kind, or holds more than any survey', async () => {
    const packed = await pack(begin('csat'))
    await expect(unpack(packed.slice(0, -20))).rejects.toThrow()
    await expect(unpack(await pack({} as State))).rejects.toThrow('no playground')
    const bomb = await pack({ ...begin('csat'), survey: ' '.repeat(5_000_000) })
    expect(bomb.length).toBeLessThan(20_000)
    await expect(unpack(bomb)).rejects.toThrow('too much')
  })
})

describe('on the page', () => {
  let demo: Demo
  let browser: Browser
  beforeAll(async () => {
    demo = await startDemo({ demoPort: 0, collectorPort: 0, log: (line) => console.error(line) })
    browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
  })
  afterAll(async () => {
    await browser.close()
    await demo.close()
  })

  async function open(address = '/playground', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
      ...options,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => faults.push(String(error)))
    await page.goto(address.startsWith('/') ? demo.demoUrl + address : address)
    await card(await preview(page)).waitFor()
    return page
  }
  const faults: string[] = []
  const preview = async (page: Page): Promise<Frame> => {
    const frame = await (await page.locator('iframe').elementHandle())?.contentFrame()
    if (!frame) throw new Error('There is no preview.')
    return frame
  }
  /** A frame off the screen is not drawn, and what is not drawn cannot be pressed. */
  const toCard = async (page: Page): Promise<Frame> => {
    await page.locator('.screen').evaluate((element) => element.scrollIntoView({ block: 'end' }))
    return preview(page)
  }
  const choose = async (page: Page, title: string): Promise<void> => {
    await page.getByText('Choose another').click()
    await page.getByRole('button', { name: title }).click()
  }
  const title = async (page: Page, text: string | RegExp): Promise<void> =>
    card(await preview(page))
      .getByText(text)
      .first()
      .waitFor()
  const json = (page: Page) => page.locator('.editor textarea').first()
  const events = (page: Page) => page.locator('.events > li')

  it('a template is found by purpose and stage, chosen, and seen', async () => {
    const page = await open()
    await page.getByText('Choose another').click()
    await page.getByLabel('Find a template').fill('doorstep')
    await expect.poll(() => page.locator('.gallery button').count()).toBe(1)
    await page.getByLabel('Find a template').fill('')
    await page.getByLabel('Stage of the journey').selectOption('purchase')
    await expect.poll(() => page.locator('.gallery button').count()).toBe(2)
    await page.getByLabel('Stage of the journey').selectOption('')
    expect(await page.locator('.gallery button').count()).toBe(entries.length)
    await page.getByRole('button', { name: 'Product-market fit' }).click()
    await title(page, 'How would you feel if you could no longer use Acme?')
    expect(await page.getByRole('heading', { name: /Template: Product-market fit/ }).count()).toBe(1)
    await page.context().close()
  })

  it.each(entries.map((each) => [each.name]))(
    '%s appears in the preview without a violation of axe, and its first answer is shown as an event',
    async (name) => {
      const page = await open(`/playground${await pack(begin(name))}`)
      const [question] = entryOf(name).make({ id: 'x', name: 'Acme' }).questions
      await title(page, question?.title ?? '')
      const frame = await toCard(page)
      expect(await violationsOf(frame)).toEqual([])
      // Those that stand on one page send what is chosen; elsewhere Enter goes on.
      await card(frame).locator('input').first().focus()
      await page.keyboard.press('Space')
      await page.keyboard.press('Enter')
      const told = events(page).filter({ hasText: `${question?.id}: ` })
      await told.locator('summary').first().click()
      expect(JSON.parse(await told.locator('pre').first().innerText())).toMatchObject({
        type: 'answer',
        survey: idOf(name),
        data: { question: question?.id },
      })
      await page.context().close()
    },
  )

  it('an edit in the form shows in the preview and in the JSON, and keeps the focus', async () => {
    const page = await open()
    const field = page.getByLabel('Question').first()
    await field.fill('')
    await field.pressSequentially('Would you tell a friend?')
    await title(page, 'Would you tell a friend?')
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.getByLabel('Reason, asked of detractors').fill('Oh no, why?')
    await page.getByLabel('Company or product').fill('Globex')
    await page.getByRole('tab', { name: 'JSON' }).click()
    const survey = JSON.parse(await json(page).inputValue()) as Survey
    expect(survey.questions[0]?.title).toBe('Would you tell a friend?')
    expect(survey.questions[1]?.title).toBe('Oh no, why?')
    await page.context().close()
  })

  it('every part of the form reaches the survey and the settings', async () => {
    const page = await open(`/playground${await pack(begin('nps'))}`)
    const survey = async (): Promise<Survey> => JSON.parse(await json(page).inputValue()) as Survey
    await page.getByLabel('At the lowest answer').fill('Never')
    await page.getByLabel('At the highest answer').fill('Always')
    await page.getByLabel('Reason, asked of passives').fill('')
    await page.getByLabel('Language of the texts').selectOption('de')
    await page.getByLabel('Thanks', { exact: true }).fill('Danke')
    await page.getByLabel('Below the thanks').fill('')
    await page.getByText('When it appears').click()
    await page.getByRole('button', { name: 'Add a trigger' }).click()
    await page.getByLabel('When', { exact: true }).selectOption('scroll')
    await page.getByLabel('Percent of the page').fill('80')
    await page.getByText('How often, and where').click()
    await page.getByLabel('An answer').fill('180')
    await page.getByLabel('Share of visitors, in percent').fill('12.5')
    await page.getByLabel('Place').selectOption('top-start')
    await page.getByText('Looks').click()
    await page.getByLabel('Accent colour').fill('#7a1fa2')
    await page.getByLabel('Scheme').selectOption('dark')
    await page.getByLabel('Density').selectOption('roomy')
    await page.getByLabel('Radius of the corners').fill('3')
    expect(await survey()).toMatchObject({
      locale: 'de',
      thanks: { title: 'Danke' },
      triggers: [{ on: 'scroll', percent: 80 }],
      sampling: 0.125,
      layout: 'top-start',
      recontact: { answered: 180, dismissed: 30, shown: 7 },
    })
    const { questions, thanks } = await survey()
    expect(questions[0]).toMatchObject({ low: 'Never', high: 'Always' })
    expect(questions.map((each) => each.id)).toEqual(['score', 'why-detractor', 'why-promoter'])
    expect(thanks).toEqual({ title: 'Danke' })
    const typed = await page.locator('.editor textarea').nth(1).inputValue()
    expect(JSON.parse(typed)).toEqual({
      theme: { accent: '#7a1fa2', scheme: 'dark', density: 'roomy', radius: 3 },
    })
    // The card is dark by its theme, whatever the visitor's system has.
    const frame = await preview(page)
    await expect.poll(() => card(frame).evaluate((each) => getComputedStyle(each).colorScheme)).toBe('dark')
    await page.context().close()
  })

  it('says which choices count as good, also of one that went away', async () => {
    const page = await open(`/playground${await pack(begin('successEffortEmotion'))}`)
    const positive = async (): Promise<unknown> => {
      const [question] = (JSON.parse(await json(page).inputValue()) as Survey).questions
      return question?.kind === 'choice' ? question.positive : 'no choice'
    }
    const good = page.getByRole('group', { name: 'Count as good' }).first()
    const checked = (): Promise<boolean[]> =>
      good.getByRole('checkbox').evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).checked))
    const before = await positive()
    for (const box of await good.getByRole('checkbox', { checked: true }).all()) await box.uncheck()
    expect([before, await positive()]).toEqual([['yes'], undefined])
    // In the order of the choices, whatever was clicked first.
    await good.getByLabel('Partly').check()
    await good.getByLabel('Yes').check()
    expect(await positive()).toEqual(['yes', 'partly'])
    await page.getByRole('tab', { name: 'JSON' }).click()
    await json(page).fill((await json(page).inputValue()).replace('"id": "yes"', '"id": "done"'))
    await page.getByRole('tab', { name: 'Form' }).click()
    await good.getByText('is "yes", which is none of its choices').waitFor()
    expect(await checked()).toEqual([false, true, false, true])
    await good.getByLabel('yes', { exact: true }).click()
    await good.getByText('is "yes"').waitFor({ state: 'detached' })
    expect([await positive(), await checked()]).toEqual([['partly'], [false, true, false]])
    await page.context().close()
  })

  it('an error in the JSON is told with its path, the preview stays, and the mend shows', async () => {
    const page = await open(`/playground${await pack(begin('nps'))}`)
    await page.getByRole('tab', { name: 'JSON' }).click()
    const sound = await json(page).inputValue()
    const broken = sound.replace('"triggers"', '"trigers"').replace('"min": 0', '"min": "0"')
    await json(page).fill(broken)
    const problems = page.locator('.problems')
    await problems.getByText('questions.0.min').waitFor()
    const text = await problems.innerText()
    expect(text).toContain('triggers is missing')
    expect(text).toContain('did you mean "triggers"?')
    expect(await page.locator('.notice').getByText('last version that was sound').count()).toBe(2)
    await title(page, 'How likely is it that you would recommend Acme')
    // The place is one click away.
    await problems.getByRole('listitem').filter({ hasText: 'questions.0.min' }).getByRole('button').click()
    const chosen = (): Promise<string> =>
      json(page).evaluate((area: HTMLTextAreaElement) =>
        area.value.slice(area.selectionStart, area.selectionEnd),
      )
    await expect.poll(chosen).toContain('"min": "0"')
    // What is no JSON at all is kept as well, through a reload.
    await json(page).fill(`${broken},`)
    await problems.getByText('This is not JSON').waitFor()
    await page.getByRole('tab', { name: 'Form' }).click()
    await page.getByText('The JSON is no survey that a form can show').waitFor()
    const kept = async (): Promise<string> => (await unpack(new URL(page.url()).hash)).survey
    await expect.poll(kept).toBe(`${broken},`)
    await page.reload()
    await page.getByRole('tab', { name: 'JSON' }).click()
    expect(await json(page).inputValue()).toBe(`${broken},`)
    await json(page).fill(sound.replace('would recommend', 'would gladly recommend'))
    await title(page, /gladly recommend/)
    expect(await page.getByText('The survey is accepted.').count()).toBe(1)
    await page.context().close()
  })

  it('goes back to the last version that was sound', async () => {
    const page = await open()
    await page.getByLabel('Question').first().fill('')
    await page.getByRole('button', { name: 'Return to the last sound version' }).click()
    expect(await page.getByLabel('Question').first().inputValue()).toContain('recommend Acme')
    await page.context().close()
  })

  it('light, dark, width, direction and language take effect', async () => {
    const page = await open()
    const frame = await preview(page)
    const scheme = (): Promise<string> => card(frame).evaluate((each) => getComputedStyle(each).colorScheme)
    const width = (): Promise<number> => frame.evaluate(() => innerWidth)
    const background = (): Promise<string> =>
      frame.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    expect(await scheme()).toBe('light')
    const light = await background()
    await page.getByRole('radio', { name: 'Dark' }).check()
    await expect.poll(scheme).toBe('dark')
    expect(await background()).not.toBe(light)
    expect(await width()).toBeGreaterThan(500)
    for (const each of [320, 390]) {
      await page.getByRole('radio', { name: `${each}` }).check()
      await expect.poll(width).toBe(each)
    }
    // On a phone the card lies along the bottom.
    const box = (): Promise<number> => card(frame).evaluate((each) => each.getBoundingClientRect().width)
    await expect.poll(box).toBe(390)
    await page.getByLabel('Visitor’s language').selectOption('de')
    await title(page, /Wie wahrscheinlich ist es/)
    await page.getByLabel('Right to left').check()
    await expect.poll(() => frame.evaluate(() => document.documentElement.dir)).toBe('rtl')
    await expect.poll(() => card(frame).getAttribute('dir')).toBe('rtl')
    expect(await page.getByLabel('Visitor’s language').inputValue()).toBe('ar')
    await page.getByLabel('Visitor’s language').selectOption('ja')
    await expect.poll(() => frame.locator('[data-earshot]').getAttribute('lang')).toBe('ja')
    await expect.poll(() => frame.evaluate(() => document.documentElement.dir)).toBe('ltr')
    // Own words are in no other language, and the page says so.
    await page.getByLabel('Question').first().fill('My own words')
    await title(page, 'My own words')
    expect(await page.getByText('have no translation').innerText()).toContain('questions.score.title')
    await page.context().close()
  })

  it('an answer in the preview is shown as the event that would be sent, at once or after the line is back', async () => {
    const page = await open(`/playground${await pack(begin('nps'))}`)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.getByRole('radio', { name: '390' }).check()
    const frame = await toCard(page)
    await score(frame, 9).click()
    await page.locator('.events > .sent').filter({ hasText: 'score: 9' }).waitFor()
    await events(page).filter({ hasText: 'score: 9' }).locator('summary').click()
    const event = JSON.parse(
      await events(page).filter({ hasText: 'score: 9' }).locator('pre').innerText(),
    ) as object
    expect(event).toMatchObject({
      type: 'answer',
      survey: 'nps',
      surveyVersion: 1,
      data: { question: 'score', value: 9, revision: 0 },
    })
    await page.getByLabel('Offline').check()
    await frame.locator('html[data-line=cut]').waitFor()
    await card(frame).getByRole('textbox').fill('Quiet tools')
    await card(frame).getByRole('button', { name: 'Send' }).click()
    await card(frame).getByRole('heading', { name: 'Thank you' }).waitFor()
    await page.locator('.events > .waits').first().waitFor()
    expect(await page.getByText('Quiet tools').count()).toBe(0)
    await page.getByLabel('Offline').uncheck()
    await events(page).filter({ hasText: 'why-promoter: "Quiet tools"' }).waitFor()
    await expect.poll(() => page.locator('.events > .waits').count()).toBe(0)
    // Nothing left the page, and nothing is kept of it.
    expect(asked.filter((each) => !each.startsWith(`${demo.demoUrl}/`))).toEqual([])
    expect(await page.evaluate(async () => (await indexedDB.databases()).map((each) => each.name))).toEqual(
      [],
    )
    await page.context().close()
  })

  it('snippets are copied, say so, and do what they say', async () => {
    const page = await open(`/playground${await pack(begin('csat'))}`)
    await page.getByLabel('Question').first().fill('Do you like O’Hara’s tools?')
    await page.getByText('Looks').click()
    await page.getByLabel('Radius of the corners').fill('2')
    await page.getByText("question: 'Do you like O’Hara’s tools?'").waitFor()
    const copied = async (name: string): Promise<string> => {
      await page.getByRole('button', { name: `Copy ${name}` }).click()
      await page.getByRole('button', { name: `Copied ${name}` }).waitFor()
      return page.evaluate(() => navigator.clipboard.readText())
    }
    expect(await copied('Script tag')).toBe(
      `<script async src="${demo.collectorUrl}/earshot.js" data-key="${demo.writeKey}"></script>`,
    )
    expect(await copied('Code for an app')).toContain("question: 'Do you like O’Hara’s tools?'")
    const command = await copied('Survey for the collector')
    await run('bash', ['-ec', command], { env: { ...process.env, EARSHOT_ADMIN_TOKEN: demo.adminToken } })
    const read = async (path: string): Promise<unknown> => (await fetch(demo.collectorUrl + path)).json()
    const served = (await read(`/v1/config?key=${demo.writeKey}`)) as {
      surveys: Survey[]
      settings: SiteSettings
    }
    expect(served.surveys.find((each) => each.id === 'csat')?.questions[0]?.title).toBe(
      'Do you like O’Hara’s tools?',
    )
    expect(served.settings).toEqual({ theme: { radius: 2 } })
    await page.context().close()
  })

  it('a link gives back what it was copied from; back and forward go step by step; one can start over', async () => {
    const page = await open()
    await choose(page, 'Customer satisfaction')
    await title(page, 'Overall, how satisfied are you with Acme?')
    const address = page.url()
    const question = page.getByLabel('Question').first()
    await question.fill('One')
    await question.fill('One and two')
    await page.getByRole('radio', { name: '320' }).check()
    await page.getByRole('button', { name: 'Copy the link' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    const other = await open(link)
    await title(other, 'One and two')
    expect(await other.getByRole('radio', { name: '320' }).isChecked()).toBe(true)
    expect(await other.evaluate(() => location.href)).toBe(link)
    await other.context().close()

    await page.waitForURL(link)
    expect(address).not.toBe(link)
    // Typing in one field is one step.
    await page.goBack()
    await title(page, 'Overall, how satisfied are you with Acme?')
    await page.goBack()
    await title(page, 'How likely is it that you would recommend Acme')
    await page.goForward()
    await page.goForward()
    await title(page, 'One and two')
    await page.getByRole('button', { name: 'Start over' }).click()
    await title(page, 'Overall, how satisfied are you with Acme?')
    expect(await page.getByRole('radio', { name: 'Desktop' }).isChecked()).toBe(true)
    // A place on the page takes nothing away, and the skip link puts none into the address.
    await question.fill('Still here')
    await page.evaluate(() => {
      location.hash = 'elsewhere'
    })
    await title(page, 'Still here')
    expect(await page.getByRole('alert').count()).toBe(0)
    await page.locator('.skip').focus()
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
    await title(page, 'Still here')
    await page.context().close()
  })

  it('a damaged link is told, and begins anew', async () => {
    const page = await open('/playground#s=damaged')
    expect(await page.getByRole('alert').innerText()).toContain('The link is damaged')
    await page.context().close()
    const other = await open('/playground#elsewhere')
    expect(await other.getByRole('alert').count()).toBe(0)
    await other.context().close()
  })

  it('simulates without freezing the page, and shows asks per person and reasons', async () => {
    const page = await open(`/playground${await pack(begin('relationshipNps'))}`)
    await page.getByLabel('Visitors', { exact: true }).fill('300')
    await page.getByRole('button', { name: 'Simulate' }).click()
    await page.getByText('300 visitors in 90 days').waitFor()
    const people = await page.locator('.bars tbody td:nth-child(2)').allInnerTexts()
    expect(people.reduce((sum, each) => sum + Number(each.replaceAll(',', '')), 0)).toBe(300)
    expect(await page.locator('table').nth(1).locator('tbody th').allInnerTexts()).toContain('too-new')
    await page.getByLabel('Question').first().fill('Other')
    await page.getByText('The survey has changed since').waitFor()
    await page.context().close()
  })

  it('is worked by keyboard alone', async () => {
    const page = await open()
    const isFocused = (selector: string): Promise<boolean> =>
      page.evaluate((each) => document.activeElement?.matches(each) === true, selector)
    const tabTo = async (selector: string): Promise<void> => {
      for (let step = 0; step < 60 && !(await isFocused(selector)); step++) await page.keyboard.press('Tab')
      expect([selector, await isFocused(selector)]).toEqual([selector, true])
    }
    await tabTo('.templates > summary')
    await page.keyboard.press('Enter')
    await tabTo('[data-template="pageHelpful"]')
    await page.keyboard.press('Enter')
    expect(await isFocused('.templates > summary')).toBe(true)
    await title(page, 'Was this page helpful?')
    await tabTo('[role="tab"]')
    await page.keyboard.press('ArrowRight')
    expect(await page.getByRole('tab', { name: 'JSON' }).getAttribute('aria-selected')).toBe('true')
    await tabTo('.editor textarea')
    // The editor is no trap.
    await page.keyboard.press('Tab')
    expect(await isFocused('.editor textarea')).toBe(true)
    await page.keyboard.press('Tab')
    expect(await isFocused('.editor textarea')).toBe(false)
    await page.context().close()
  })

  it.each([
    ['light', 1280, 'form'],
    ['dark', 1280, 'form'],
    ['light', 320, 'form'],
    ['dark', 320, 'json'],
  ] as const)(
    'has no axe violation and no sideways scrolling: %s, %i px, %s',
    async (colorScheme, width, tab) => {
      const state = begin('relationshipNps')
      // With problems and everything open there is most to look at.
      const survey =
        tab === 'json' ? state.survey.replace('"metric": "nps"', '"metric": "npz"') : state.survey
      const page = await open(`/playground${await pack({ ...state, survey })}`, {
        viewport: { width, height: 800 },
        colorScheme,
      })
      if (tab === 'json') await page.getByRole('tab', { name: 'JSON' }).click()
      await page.getByLabel('Visitors', { exact: true }).fill('50')
      await page.getByRole('button', { name: 'Simulate' }).click()
      await page.locator('.bars').waitFor()
      // A frame that is drawn smaller cannot be pressed by this browser's driver.
      if (width > 1000) {
        await score(await toCard(page), 3).click()
        await events(page).filter({ hasText: 'score: 3' }).waitFor()
      }
      await page.evaluate(() => {
        for (const each of document.querySelectorAll('details')) each.open = true
      })
      for (const where of [page.mainFrame(), await preview(page)]) {
        expect(await violationsOf(where)).toEqual([])
      }
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0)
      await page.context().close()
    },
  )

  it('broke nothing on the way', () => {
    expect(faults).toEqual([])
  })
})
