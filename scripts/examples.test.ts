import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { explanationViolations } from './explained.ts'
import { moduleViolations } from './exampleModules.ts'
import { htmlViolations, jsonViolations, shellViolations, tableViolations } from './examples.ts'
import { type Fence, fencesOf, namesUnder } from './fences.ts'
import { attributes, tables } from './vocabulary.ts'

const block = (language: string, text: string): Fence[] =>
  fencesOf('a.md', `\`\`\`${language}\n${text}\n\`\`\``)
const told = (found: readonly { file: string; problem: string }[]): string[] =>
  found.map(({ file, problem }) => `${file} ${problem}`)

const sdk = (names: string): string => `import { ${names} } from '@earshot/sdk'\n`

describe('blocks', () => {
  it('are found with their lines', () => {
    const text = 'A\n\n```ts\nlet a\n\nlet b\n```\n\n~~~~json\n```\n{}\n~~~~\n```\nplain'
    expect(fencesOf('a.md', text)).toEqual([
      { file: 'a.md', line: 3, language: 'ts', text: 'let a\n\nlet b' },
      { file: 'a.md', line: 9, language: 'json', text: '```\n{}' },
      { file: 'a.md', line: 13, language: '', text: 'plain' },
    ])
  })
})

const provider = "import { EarshotProvider, Survey } from '@earshot/sdk/react'\n"

/** Each is a module of its own; all go through one run of the compiler. */
const good: readonly (readonly [what: string, text: string])[] = [
  ['a survey', `${sdk('nps')}export const survey = nps({ id: 'a', name: 'Acme' })`],
  [
    'a client',
    `${sdk('createEarshot')}const earshot = createEarshot({ key: 'pk_a', collector: 'https://a' })\nearshot.track('a')`,
  ],
  ['the global', "earshot.track('a')\nearshot('track', 'a')\nconsole.log(await earshot.explain('a'))"],
  ['the contract', "import { isSampled } from '@earshot/contract'\nconsole.log(isSampled('v', 's', 0.5))"],
  [
    'the schema',
    "import { validateSurvey } from '@earshot/contract/schema'\nconsole.log(validateSurvey({}))",
  ],
  // Were it run, there would be no such request.
  [
    'a collector',
    "import { createCollector } from '@earshot/collector'\nawait (await createCollector({ data: ':memory:' })).fetch(request)",
  ],
  [
    'surveys that a page draws itself',
    "import { createHeadless } from '@earshot/sdk/headless'\nexport const a = createHeadless({ key: 'pk_a', collector: 'https://a', onSurvey: (each) => each.displayed() })",
  ],
  ['a function for a page', "export const go = () => document.querySelector('a')?.click()"],
]

const bad: readonly (readonly [what: string, text: string, problem: string])[] = [
  [
    'an option that there is not',
    `${sdk('nps')}export const survey = nps({ id: 'a', name: 'Acme', trigers: [] })`,
    'a.md:3 TS2',
  ],
  ['a command that there is not', "\nearshot.shout('a')", "a.md:3 TS2339: Property 'shout'"],
  ['an import that there is not', sdk('npss'), 'a.md:2 TS2'],
  ['an inner file', "import { rules } from '@earshot/sdk/rules'\nconsole.log(rules)", 'a.md:2 TS2'],
  ['a name of another block', 'console.log(elsewhere)', 'a.md:2 TS2304'],
  [
    'a flawed survey',
    `${sdk('nps')}export const survey = nps({ id: 'a b', name: 'Acme' })`,
    'in survey, id is "a b"',
  ],
  [
    'one that is kept to itself',
    `${sdk('nps')}const mine = nps({ id: 'a', name: 'Acme', sampling: 2 })`,
    'in mine, sampling',
  ],
  [
    'a doubtful survey',
    `${sdk('nps')}export const survey = nps({ id: 'a', name: 'Acme', question: 'Hi {{trait.a}}' })`,
    'without words',
  ],
  [
    'a flawed list',
    `${sdk('nps')}const a = nps({ id: 'a', name: 'Acme' })\nexport const surveys = [a, a]`,
    'id of an earlier survey',
  ],
  [
    'a flawed survey of a client',
    `${sdk('createEarshot, nps')}createEarshot({ key: 'pk_a', collector: 'https://a', surveys: [nps({ id: 'a', name: 'A', tenure: -1 })] })`,
    'in createEarshot, 0.tenure',
  ],
  [
    'flawed settings',
    `${sdk('type SiteSettings')}export const settings: SiteSettings = { limits: { holdout: 2 } }`,
    'in settings, the settings',
  ],
  [
    'flawed settings of a client',
    `${sdk('createEarshot')}createEarshot({ key: 'pk_a', collector: 'https://a', settings: { limits: { quiet: -1 } } })`,
    'in createEarshot, the settings',
  ],
  [
    'a refused option',
    `${sdk('createEarshot')}createEarshot({ key: 'a', collector: 'https://a' })`,
    '"key" must be',
  ],
  [
    'surveys without what draws them',
    "import { createHeadless } from '@earshot/sdk/headless'\ncreateHeadless({ key: 'pk_a', collector: 'https://a' })",
    'a.md:3 TS2',
  ],
  ['what throws', `${sdk('nps')}nps({ id: '', name: 'Acme' })`, 'a.md:1 throws TypeError'],
]

describe('TypeScript', { timeout: 60_000 }, () => {
  it(`may have ${good.map(([what]) => what).join(', ')}`, () => {
    expect(told(moduleViolations(good.flatMap(([, text]) => block('ts', text))))).toEqual([])
  })
  it(`may not have ${bad.map(([what]) => what).join(', ')}`, () => {
    const fences = bad.flatMap(([, text], index) =>
      block('ts', text).map((each) => ({ ...each, file: `${index}-a.md` })),
    )
    const found = told(moduleViolations(fences))
    for (const [index, [what, , problem]] of bad.entries()) {
      const mine = found.filter((each) => each.startsWith(`${index}-`))
      expect(mine.join('\n'), what).toContain(problem)
    }
  })
})

describe('frameworks', { timeout: 60_000 }, () => {
  it('may have what renders on a server', () => {
    const app =
      "export const App = () => <EarshotProvider options={{ key: 'pk_a', collector: 'https://a' }}><Survey id=\"a\" /></EarshotProvider>"
    const component =
      '<script setup lang="ts">\nimport { Survey } from \'@earshot/sdk/vue\'\n</script>\n<template><Survey id="a" /></template>'
    expect(told(moduleViolations([...block('tsx', provider + app), ...block('vue', component)]))).toEqual([])
  })
  it('may not have what the compiler refuses, or what throws on a server', () => {
    const refused = `${provider}export const App = () => <EarshotProvider options={{ key: 'pk_a', collector: 'https://a' }}><Survey name="a" /></EarshotProvider>`
    const thrown = `${provider}export const App = () => <Survey id="a" />`
    const component =
      '<script setup lang="ts">\nimport { Surveys } from \'@earshot/sdk/vue\'\n</script>\n<template><Surveys /></template>'
    const fences = [...block('tsx', refused), ...block('tsx', thrown), ...block('vue', component)]
    const found = told(moduleViolations(fences.map((each, index) => ({ ...each, file: `${index}.md` }))))
    expect(found.toSorted()).toEqual([
      expect.stringContaining('0.md:3 TS2'),
      expect.stringContaining('1.md:1 throws Error: Earshot: there is no client'),
      expect.stringContaining("2.md:1 TS2724: '\"@earshot/sdk/vue\"' has no exported member named 'Surveys'"),
    ])
  })
})

describe('JSON', () => {
  const survey = {
    id: 'a',
    version: 1,
    locale: 'en',
    questions: [{ kind: 'text', id: 'q', title: 'Q', maxLength: 100 }],
    thanks: { title: 'Thanks' },
    triggers: [],
    recontact: { answered: 30, dismissed: 30, shown: 7 },
  }
  const check = (value: unknown): string[] =>
    told(jsonViolations(block('json', typeof value === 'string' ? value : JSON.stringify(value))))
  it.each([
    ['a survey', survey],
    ['surveys', [survey, { ...survey, id: 'b' }]],
    ['settings', { limits: { quiet: 7 }, privacy: { scrub: ['email'] } }],
    ['a rule', { not: { fact: 'device', op: 'equals', value: 'phone' } }],
    ['anything else', { key: 'pk_…', events: [] }],
  ])('may be %s', (_what, value) => {
    expect(check(value)).toEqual([])
  })
  it.each([
    ['no JSON', '{ a: 1 }', 'a.md:2 it is no JSON'],
    ['a flawed survey', { ...survey, triggers: [{ on: 'evnt', name: 'a' }] }, 'triggers.0.on'],
    ['a key that there is not', { ...survey, targetting: {} }, 'did you mean "targeting"'],
    ['two of one id', [survey, survey], '1.id'],
    ['flawed settings', { limits: { quiet: -1 } }, 'the settings is refused'],
    ['an unknown setting', { limits: { quite: 1 } }, 'has a key that there is not'],
    ['a flawed rule', { fact: 'device', op: 'is', value: 'phone' }, 'the rule is refused'],
  ])('may not be %s', (_what, value, problem) => {
    expect(check(value).join('\n')).toContain(problem)
  })
})

describe('the sample of an explanation', () => {
  const file = 'docs/explain.md'
  const text = readFileSync(file, 'utf8')
  const check = (changed: string): string[] => told(explanationViolations(fencesOf(file, changed)))
  it('is what explain() says', () => {
    expect(check(text)).toEqual([])
  })
  it('is missed when one value differs, or when there is none', () => {
    expect(check(text.replace('"days": 90 }', '"days": 91 }'))).toEqual([
      expect.stringContaining('has another sample'),
    ])
    expect(check('')).toEqual([expect.stringContaining('has no survey and no sample')])
  })
})

describe('HTML', () => {
  const tag = (more: string, inside = ''): string[] =>
    told(
      htmlViolations(
        block('html', `<p>\n<script async src="https://a/earshot.js"${more}></script>${inside}`),
      ),
    )
  it('may have what the tag reads', () => {
    expect(attributes()).toContain('data-key')
    expect(
      tag(
        attributes()
          .map((name) => ` ${name}="${name === 'data-key' ? 'pk_a' : 'required'}"`)
          .join(''),
      ),
    ).toEqual([])
    expect(tag(' data-key="pk_a"', "<button onclick=\"earshot('show', 'a')\">Feedback</button>")).toEqual([])
    expect(
      tag(
        ' data-key="pk_a"',
        "<script>addEventListener('earshot:answered', () => earshot.track('b'))</script>",
      ),
    ).toEqual([])
  })
  it.each([
    ['another attribute', ' data-key="pk_a" data-kee="a"', '', 'a.md:3 has the attribute data-kee'],
    ['no key', '', '', 'has no data-key'],
    ['another consent', ' data-key="pk_a" data-consent="true"', '', 'has data-consent="true"'],
    ['an unknown command', ' data-key="pk_a"', '\n<a onclick="earshot(\'shout\')">', 'a.md:4 calls "shout"'],
    ['an unknown method', ' data-key="pk_a"', '<script>earshot.shout()</script>', 'calls "shout"'],
    ['an unknown event', ' data-key="pk_a"', "<script>on('earshot:said')</script>", 'hears "earshot:said"'],
    ['a broken script', ' data-key="pk_a"', '<script>if (</script>', 'does not parse'],
  ])('may not have %s', (_what, more, inside, problem) => {
    const found = tag(more, inside)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(problem)
  })
})

describe('shell', () => {
  const help = '  earshot-collector serve [options]\n  --port N\n'
  const check = (text: string): string[] =>
    told(shellViolations(block('sh', text), help, ['/v1/surveys/{id}', '/v1/stats']))
  it('may say what the collector understands', () => {
    expect(
      check(
        'npx @earshot/collector serve --port 8787\nearshot-collector serve\npnpm collector serve --port=1 # go\npnpm collector --help',
      ),
    ).toEqual([])
    expect(
      check("curl -X PUT http://127.0.0.1:8788/v1/surveys/nps \\\n  'https://a.b/v1/stats?a=b'"),
    ).toEqual([])
  })
  it.each([
    ['another command', 'a\nnpx @earshot/collector server', 'a.md:3 says "server"'],
    ['another package', 'npx -y earshot-collector serve', 'has npx fetch a package that is not ours'],
    ['another option', 'pnpm collector serve --prot 1', 'gives --prot'],
    ['another route', 'curl http://127.0.0.1/v1/stat', 'asks for /v1/stat,'],
    ['a longer route', 'curl http://127.0.0.1/v1/stats/a', 'asks for /v1/stats/a'],
  ])('may not say %s', (_what, text, problem) => {
    expect(check(text).join('\n')).toContain(problem)
  })
})

describe('tables', () => {
  const text =
    '# A\n\n| `x` |\n\n## Names\n\n| `name` | |\n| --- | --- |\n| `a(b)` `trait.<name>` | `c` |\n\n### More\n\n| `d` |'
  const check = (heading: string, ...names: string[]): string[] =>
    told(tableViolations([{ path: 'a.md', text }], [{ file: 'a.md', heading, names }]))
  it('have all names and no others', () => {
    expect(namesUnder(text, 'Names')?.map(({ name }) => name)).toEqual(['a', 'trait.…'])
    expect(check('Names', 'a', 'trait.…')).toEqual([])
    expect(check('Names', 'a', 'trait.…', 'b')).toEqual(['a.md "Names" leaves out b'])
    expect(check('Names', 'trait.…')).toEqual(['a.md:9 "Names" has a, which there is not'])
    expect(check('Other', 'a')).toEqual(['a.md has no "Other"'])
  })
  it('are held against lists that are not empty', () => {
    for (const { heading, names } of tables()) expect(names.length, heading).toBeGreaterThan(2)
  })
})
