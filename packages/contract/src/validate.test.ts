import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { FollowUpCause } from './followUp.ts'
import { surveySchema, validateSurvey, validateSurveys } from './schema.ts'
import { plainSurvey, richSurvey } from './survey.fixtures.ts'

const numRuns = Number(process.env['EARSHOT_RUNS'] ?? 500)
vi.setConfig({ testTimeout: 60_000 + 100 * numRuns })

/** A copy of the rich survey with something put at a dotted path; `undefined` takes it away. */
function withAt(path: string, value: unknown): unknown {
  const survey: unknown = richSurvey()
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  let inside = survey as Record<string, unknown>
  for (const key of keys) inside = inside[key] as Record<string, unknown>
  if (value === undefined) delete inside[last]
  else inside[last] = value
  return survey
}

const hasErrors = (value: unknown): boolean => validateSurvey(value).some((each) => each.severity === 'error')

describe('validateSurvey', () => {
  it('finds nothing wrong with sound surveys', () => {
    expect(validateSurvey(richSurvey())).toEqual([])
    expect(validateSurvey(plainSurvey())).toEqual([])
  })

  const test = { fact: 'trait.plan', op: 'equals', value: 'pro' }
  const many = (count: number): unknown[] => Array.from({ length: count }, () => test)
  /** What is put where; the path of the flaw, or `=` when it is the same; what is suggested; a part of the message. */
  it.each<[string, unknown, string, string | undefined, string]>([
    // Shape.
    ['version', '3', '=', undefined, 'allowed is a number'],
    ['version', 0, '=', undefined, 'at least 1'],
    ['id', 'has space', '=', undefined, 'A–Z'],
    ['locale', undefined, '=', undefined, 'is missing'],
    ['questions', [], '=', undefined, 'not empty'],
    ['questions.1.kind', 'scal', '=', 'scale', 'did you mean "scale"?'],
    ['questions.1.metric', 'npps', '=', 'nps', 'npps'],
    ['questions.1.look', 'star', '=', 'stars', 'star'],
    ['questions.1.title', 'x'.repeat(501), '=', undefined, 'has 501 characters'],
    ['questions.1.title', '', '=', undefined, 'not empty'],
    ['questions.1.title', ' \n\t', '=', undefined, 'not empty or blank'],
    ['thanks.title', '\u00a0', '=', undefined, 'not empty or blank'],
    ['recontact.most', 51, '=', undefined, 'at most 50: a browser remembers its latest 50 showings'],
    ['recontact.most', 0, '=', undefined, 'at least 1'],
    ['recontact.answered', NaN, '=', undefined, 'a number'],
    ['recontact.answered', Infinity, '=', undefined, 'a number'],
    ['variants.0.weight', Infinity, '=', undefined, 'a number'],
    ['questions.5', null, '=', undefined, 'an object'],
    ['questions.3.maxLength', 5001, '=', undefined, 'at most 5000'],
    ['questions.3.input', 'e-mail', '=', 'email', 'e-mail'],
    ['questions.6.href', 'javascript:alert(1)', '=', undefined, 'begin with https://'],
    ['questions.6.href', '//evil.example', '=', undefined, 'begin with https://'],
    ['questions.6.href', 'java\nscript:alert(1)', '=', undefined, 'begin with https://'],
    ['triggers.0.on', 'events', '=', 'event', 'events'],
    ['triggers.2.delay', 86_401, '=', undefined, 'at most 86400'],
    ['triggers.4.percent', 0, '=', undefined, 'at least 1'],
    ['triggers.7.selector', '#'.repeat(301), '=', undefined, 'at most 300'],
    ['triggers.0.url.0.match', 'globe', '=', 'glob', 'globe'],
    ['followUps.0.after.on', 'awnser', '=', 'answer', 'awnser'],
    ['followUps.0.expires', 0, '=', undefined, 'more than 0'],
    ['sampling', 0, '=', undefined, 'more than 0'],
    ['sampling', 1.01, '=', undefined, 'at most 1'],
    ['recontact.answered', 3651, '=', undefined, 'at most 3650'],
    ['variants.0.weight', 0, '=', undefined, 'more than 0'],
    ['variants.1.layout', 'top-edn', '=', 'top-end', 'top-edn'],
    ['variants.1.wording.a b', { title: 'x' }, '=', undefined, 'no id'],
    ['layout', 'middle', '=', undefined, 'bottom-end'],
    ['into', '#feedback', '=', undefined, 'not put into the page'],
    ['layout', 'inline', 'into', undefined, 'no place in the page'],
    ['variants.0.layout', 'inline', 'into', undefined, 'no place in the page'],
    ['triggers.7.selector', '  ', '=', undefined, 'not empty or blank'],
    // Rules: in the branch that was meant.
    ['targeting', 'everybody', '=', undefined, 'a rule'],
    ['targeting', { al: [test] }, '=', 'all', 'makes no rule'],
    ['targeting', {}, '=', undefined, 'is empty'],
    ['targeting', { all: test }, 'targeting.all', undefined, 'a list'],
    ['targeting.all.0.op', 'equal', '=', 'equals', 'equal'],
    ['targeting.all.0.op', undefined, '=', undefined, 'is missing'],
    ['targeting.all.1.not.any.0.op', 'globb', '=', 'glob', 'globb'],
    ['targeting.all.0.value', {}, '=', undefined, 'a text of at most'],
    ['targeting.all.0.value.1', {}, '=', undefined, 'a text of at most'],
    ['questions.2.when.any.0.bands.0', 'detracter', '=', 'detractor', 'detracter'],
    ['questions.2.when.any.0.bands.0', 'satisfied', '=', undefined, '"detractor", "passive" or "promoter"'],
    ['questions.2.when.any.0.question', undefined, '=', undefined, 'is missing'],
    ['targeting', deep(11), deepPath(10), undefined, 'too deep'],
    ['targeting', { all: many(201) }, 'targeting.all', undefined, '200'],
    ['targeting', { any: [{ all: many(150) }, { all: many(51) }] }, 'targeting', undefined, '200 tests'],
    // Ids that stand twice.
    ['questions.2.id', 'score', '=', undefined, 'an earlier question'],
    ['questions.2.options.1.id', 'price', '=', undefined, 'an earlier option'],
    ['questions.2.options.1.id', 'other', '=', undefined, 'choice with a text field'],
    ['variants.1.id', 'a', '=', undefined, 'an earlier variant'],
    ['followUps.1.id', 'again', '=', undefined, 'an earlier follow-up'],
    ['hidden.1', 'order', '=', undefined, 'stands there before'],
    ['questions.3.id', 'end', '=', undefined, 'is taken'],
    // References.
    ['questions.2.when.any.0.question', 'scor', '=', 'score', 'no question "scor"'],
    ['questions.2.when.any.0.question', 'mood', '=', undefined, 'not answered before'],
    ['questions.2.when.any.0.question', 'why', '=', undefined, 'not answered before'],
    ['questions.3.when.not.fact', 'answer.wy', '=', 'answer.why', 'no question "wy"'],
    ['questions.3.when.not.fact', 'answer.hello', '=', undefined, 'a statement'],
    [
      'questions.3.when',
      { question: 'why', bands: ['promoter'] },
      'questions.3.when.question',
      undefined,
      'no scale',
    ],
    [
      'questions.3.when',
      { fact: 'band.why', op: 'equals', value: 'x' },
      'questions.3.when.fact',
      undefined,
      'no scale',
    ],
    ['questions.1.next.0.to', 'reviw', '=', 'review', 'no such question'],
    ['questions.1.next.0.to', 'hello', '=', undefined, 'hello → score → hello'],
    ['questions.1.next.0.to', 'score', '=', undefined, 'score → score'],
    ['questions.5.next.0.to', 'why', '=', undefined, 'why → more → mood → contact → why'],
    ['variants.1.wording.scrore', { title: 'x' }, '=', 'score', 'no such question'],
    ['targeting.all.6.fact', 'hidden.ordr', '=', 'hidden.order', '"hidden" of the survey'],
    ['followUps.0.after.when.question', 'scores', '=', 'score', 'no question "scores"'],
    // Facts.
    ['targeting.all.0.fact', 'traits.plan', '=', 'trait.plan', 'a fact that there is not'],
    ['targeting.all.0.fact', 'dvice', '=', 'device', 'a fact that there is not'],
    ['targeting.all.0.fact', 'page.pth', '=', 'page.path', 'a fact that there is not'],
    ['targeting.all.0.fact', 'trait.', '=', undefined, 'a fact that there is not'],
    ['targeting.all.0.fact', 'answer.score', '=', undefined, 'no answers yet'],
    [
      'targeting',
      { question: 'score', bands: ['promoter'] },
      'targeting.question',
      undefined,
      'no answers yet',
    ],
    ['triggers.0.where.fact', 'answer.score', '=', undefined, 'no answers yet'],
    // Values.
    ['targeting.all.0.value', 'phone', '=', undefined, 'a list of at least one value for "in"'],
    ['targeting.all.0.value', [], '=', undefined, 'a list of at least one value for "in"'],
    ['targeting.all.0.value.1', 'dekstop', '=', 'desktop', 'dekstop'],
    ['targeting.all.0.op', 'equals', 'targeting.all.0.value', undefined, 'is a list, which is for "in"'],
    ['targeting.all.1.not.any.0.value', 5, '=', undefined, 'a text for "glob"'],
    ['targeting.all.1.not.any.1.value', '(a', '=', undefined, 'a group is not closed'],
    ['targeting.all.2.value', '9', '=', undefined, 'which the fact never is'],
    ['targeting.all.2.value', true, '=', undefined, 'a number or a text for "atLeast"'],
    [
      'targeting.all.2',
      { fact: 'time.weekday', op: 'in', value: [1, 8] },
      'targeting.all.2.value.1',
      undefined,
      '1 to 7',
    ],
    ['targeting.all.2.zone', 'Europe/Berlim', '=', 'Europe/Berlin', 'time zone'],
    ['targeting.all.2.zone', '+01:00', '=', undefined, 'time zone'],
    ['targeting.all.3.value', '2026-02-30', '=', undefined, 'a day such as'],
    ['targeting.all.3.value', '2100-02-29', '=', undefined, 'a day such as'],
    ['targeting.all.3.value', '2026-13-01', '=', undefined, 'a day such as'],
    ['targeting.all.3.value', '2026-01-00', '=', undefined, 'a day such as'],
    ['targeting.all.3.value', '2026-12-31', '=', undefined, ''],
    ['targeting.all.3.value', '2000-02-29', '=', undefined, ''],
    ['targeting.all.3.value', '2028-02-29', '=', undefined, ''],
    ['targeting.all.3.value', '1.1.2027', '=', undefined, 'a day such as'],
    ['targeting.all.4.value', 'yes', '=', undefined, 'never is'],
    ['targeting.all.5.value', 'yes', '=', undefined, 'true, false or nothing'],
    ['questions.3.when.not.op', 'equals', '=', 'contains', 'a list of choices'],
    ['questions.3.when.not.value', 'prise', '=', 'price', 'prise'],
    [
      'questions.1.next.1',
      { when: { fact: 'answer.score', op: 'equals', value: 11 }, to: 'end' },
      'questions.1.next.1.when.value',
      undefined,
      '0 to 10',
    ],
    [
      'triggers.0',
      { on: 'sequence', steps: [{ name: 'a', times: 1000 }, { name: 'b' }], within: 60 },
      'triggers.0.steps',
      undefined,
      'needs 1001 events, more than a browser remembers',
    ],
    ['triggers.0', { on: 'sequence', steps: [{ name: 'a', times: 1000 }], within: 60 }, '=', undefined, ''],
    ['triggers.2.url.0.value', '[', '=', undefined, 'no pattern'],
    ['questions.3.pattern', '(?=x)', '=', undefined, 'no lookaround'],
    // Ways that lead nowhere.
    ['questions.2.next', [{ to: 'contact' }], '=', undefined, ''],
    ['questions.4.next', [{ to: 'end' }], '=', undefined, ''],
    ['questions.5.next', [{ to: 'end' }], '=', undefined, ''],
    ['questions.1.next', [{ to: 'review' }], 'questions.2.id', undefined, 'never reached'],
    ['questions.2.when.any.0.bands', [], '=', undefined, 'can never hold'],
    ['questions.6.when', { any: [] }, 'questions.6.when.any', undefined, 'can never hold'],
    // Scales.
    ['questions.1.max', 9, '=', undefined, 'nps is 0 to 10'],
    ['questions.1.metric', 'enps', '', undefined, ''],
    ['questions.1.metric', 'ces2', 'questions.1.min', undefined, 'ces2 is 1 to 7'],
    ['questions.1.metric', 'ces1', 'questions.1.max', undefined, 'ces1 is 1 to 5'],
    ['questions.1.metric', 'csat', 'questions.1.max', undefined, '11 points'],
    ['questions.4.max', 1, '=', undefined, 'above "min"'],
    ['questions.4.positive.0', 4, '=', undefined, 'on the scale 1–3'],
    ['questions.4.negative.0', 3, '=', undefined, 'positive as well'],
    ['questions.4.look', 'thumbs', '=', undefined, 'a scale of 3 points'],
    ['questions.1.look', 'faces', '=', undefined, 'a scale of 11 points'],
    // Bounds.
    ['questions.3.minLength', 501, '=', undefined, 'at most "maxLength", 500'],
    ['questions.2.least', 4, '=', undefined, 'at most 3, the number of choices'],
    ['questions.2.most', 0, '=', undefined, 'nothing can be chosen'],
    ['questions.2.positive.1', 'cheap', '=', undefined, 'none of its choices'],
    ['followUps.0.reminders.every', 8, 'followUps.0.reminders', undefined, 'given up after 14'],
    // Words.
    ['questions.2.title', 'Hi {{trat.name|you}}', '=', 'trait.name', 'a fact that there is not'],
    ['questions.1.title', '{{answer.why|it}}', '=', undefined, 'not answered before'],
    ['variants.1.wording.why.title', '{{answer.mood|it}}', '=', undefined, 'not answered before'],
    // Other languages.
    ['translations.pt_BR', {}, '=', 'pt-BR', 'no language tag'],
    ['translations.de--AT', {}, '=', undefined, 'no language tag'],
    ['translations.de-a', {}, '=', undefined, 'no language tag'],
    ['translations.und', {}, '=', undefined, 'no language tag'],
    ['variants.1.translations.und-Latn', {}, '=', undefined, 'no language tag'],
    [
      'translations',
      Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`de-x-a${index}`, {}])),
      '=',
      undefined,
      'allowed is an object of at most 50 languages',
    ],
    ['translations.DE', {}, '=', undefined, 'the same language as "de"'],
    ['translations.de', 'Hallo', '=', undefined, 'an object'],
    ['translations.de.questions.scor', { title: 'x' }, '=', 'score', 'no such question'],
    ['translations.de.questions.score.title', '', '=', undefined, 'not empty'],
    ['translations.de.questions.score.title', 5, '=', undefined, 'a text'],
    ['translations.de.questions.why.options.prise', 'x', '=', 'price', 'no such choice'],
    ['translations.de.questions.mood.options', { a: 'x' }, '=.a', undefined, 'only for a choice'],
    ['translations.de.questions.why.title', '{{answer.mood|es}}', '=', undefined, 'not answered before'],
    ['translations.de.thanks.text', 'x'.repeat(501), '=', undefined, 'has 501 characters'],
    ['variants.1.translations.de.whi', { title: 'x' }, '=', 'why', 'no such question'],
    ['variants.1.translations.pt_PT', {}, '=', 'pt-PT', 'no language tag'],
    ['variants.1.translations.de.why.title', '{{answer.mood|es}}', '=', undefined, 'not answered before'],
  ])('%s: %j', (at, value, path, nearest, words) => {
    const broken = withAt(at, value)
    const wanted = path.replace('=', at)
    const errors = validateSurvey(broken).filter((each) => each.severity === 'error')
    // Lines without words say that what was changed is sound.
    if (words === '') {
      expect(errors).toEqual([])
      return
    }
    const flaw = errors.find((each) => each.path === wanted && each.message.includes(words))
    expect(flaw, JSON.stringify(errors, null, 1)).toBeDefined()
    expect(flaw?.nearest).toBe(nearest)
    expect(flaw?.message.startsWith(wanted)).toBe(true)
    expect(surveySchema.safeParse(broken).success).toBe(false)
  })

  it.each<[string, unknown, string, string | undefined, string]>([
    ['targetting', {}, '=', undefined, 'ignored'],
    ['questions.1.titel', 'x', '=', undefined, 'ignored'],
    ['questions.2.options.0.lable', 'x', '=', undefined, 'ignored'],
    ['questions.2.when.any.0.band', ['x'], '=', undefined, 'ignored'],
    ['targeting.all.0.vlaue', 1, '=', undefined, 'ignored'],
    ['triggers.0.nht', 1, '=', undefined, 'ignored'],
    ['variants.1.wording.score.hi', 'x', '=', undefined, 'ignored'],
    ['recontact.dismised', 1, '=', undefined, 'ignored'],
    ['targeting.all.0.fact', 'event.x', '=', undefined, 'only while that event'],
    ['triggers.0.where.fact', 'trait.x', '=', undefined, 'may not be known'],
    ['targeting.all.4.zone', 'Europe/Berlin', '=', undefined, 'changes nothing'],
    ['questions.2.title', 'Hi {{trait.name}}', '=', undefined, 'without words'],
    ['questions.2.title', 'Hi {{trait.name', '=', undefined, 'shown as it stands'],
    ['questions.1.positive', [8, 9, 10], '=', undefined, 'Net Promoter'],
    ['questions.1.positive', [9, 9], '=', undefined, 'Net Promoter'],
    ['targeting.all.2.value', 24, '=', undefined, 'which no value of the fact passes'],
    ['questions.4.positive', [1], '', undefined, ''],
    ['questions.3.hint', undefined, '=', undefined, 'nobody is told'],
    ['questions.3.most', 4, '=', undefined, 'changes nothing'],
    ['questions.2.multiple', false, 'questions.2.least', undefined, 'only one'],
    ['questions.1.known', 'score', '=', undefined, 'past the first question'],
    ['questions.4.known', 'trait.mood', '=', 'mood', 'without "trait."'],
    ['questions.0.required', true, '=', undefined, 'changes nothing'],
    ['questions.1.next', [{ to: 'why' }, { to: 'end' }], 'questions.1.next.1', undefined, 'never taken'],
    ['triggers.0.url.0.value', 'shop/*', '=', undefined, 'begins with /'],
    ['variants.1.wording.why.low', 'x', '=', undefined, 'no scale'],
    ['followUps.1.expires', 12, '=', undefined, 'may never appear'],
    ['followUps.0.cancel.0.key', 'ticket', '=', undefined, 'no case to compare'],
    ['locale', 'en_GB', '=', 'en-GB', 'no language tag'],
    ['locale', 'de', 'translations.de', undefined, 'changes nothing'],
    ['translations.de.questions.why.low', 'x', '=', undefined, 'has no "low"'],
    ['translations.de.questions.why.placeholder', 'x', '=', undefined, 'ignored'],
    ['translations.de.questions.mood.title', undefined, 'translations.de', undefined, 'questions.mood.title'],
    [
      'translations.de.questions.why.options.speed',
      undefined,
      'translations.de',
      undefined,
      'questions.why.options.speed',
    ],
    ['translations.de.thanks.text', undefined, 'translations.de', undefined, 'has no words for thanks.text'],
    ['variants.1.translations', undefined, 'translations.de', undefined, 'variants.b.why.title'],
    ['variants.1.translations.de.mood', { title: 'x' }, '=.title', undefined, 'has no "title"'],
    // More than can be read are counted.
    ['translations.fr', {}, '=', undefined, 'questions.score.high and 16 more'],
    // A language that only an arm has.
    ['variants.1.translations.fr', {}, '=', undefined, 'has no words for'],
    // Standard texts come in the languages of the card, and in no others.
    ['translations.da', {}, '=', undefined, 'questions.score.high and 21 more'],
  ])('warns: %s: %j', (at, value, path, nearest, words) => {
    const odd = withAt(at, value)
    if (words === '') return
    const flaw = validateSurvey(odd).find((each) => each.path === path.replace('=', at))
    expect(flaw).toMatchObject({ severity: 'warning' })
    expect(flaw?.message).toContain(words)
    if (nearest !== undefined) expect(flaw?.nearest).toBe(nearest)
    expect(surveySchema.safeParse(odd).success).toBe(true)
  })

  it.each<[string, number, number]>([
    ['above', 22, 23],
    ['atLeast', 23, 24],
    ['below', 1, 0],
    ['atMost', 0, -1],
  ])('warns of a comparison that no hour passes: %s %i does, %i does not', (op, passes, fails) => {
    const flaws = (value: number): unknown[] =>
      validateSurvey(withAt('targeting.all.2', { fact: 'time.hour', op, value }))
    expect(flaws(passes)).toEqual([])
    expect(flaws(fails)).toMatchObject([{ severity: 'warning', path: 'targeting.all.2.value' }])
  })

  it.each([
    ['targetting', 'targeting'],
    ['trigers', 'triggers'],
    ['questons', 'questions'],
    ['followups', 'followUps'],
  ])('knows what was meant by %s', (wrong, right) => {
    const { [right as 'triggers']: moved, ...rest } = richSurvey()
    const flaws = validateSurvey({ ...rest, [wrong]: moved })
    expect(flaws.find((each) => each.path === wrong)).toMatchObject({ nearest: right, severity: 'warning' })
  })
  it('finds nothing wrong where a standard text is left out', () => {
    const survey = richSurvey()
    delete survey.translations!['de']!.thanks!.title
    expect(validateSurvey(survey)).toEqual([])
    expect(validateSurvey({ ...survey, locale: 'fr' })).toMatchObject([{ path: 'translations.de' }])
  })
  describe('of a survey that is a part of the page', () => {
    const exit = [{ on: 'exit' }]
    const arm = (fields: object): unknown => ({ id: 'a', weight: 1, ...fields })
    const flaws = (fields: object): unknown =>
      validateSurvey({ ...plainSurvey(), triggers: [], ...fields }).map(({ path }) => path)
    it.each<[string, object]>([
      ['it appears', { layout: 'inline', triggers: exit }],
      ['only an arm appears', { layout: 'inline', variants: [arm({ triggers: exit })] }],
      ['only an arm is inline', { triggers: exit, variants: [arm({}), arm({ id: 'b', layout: 'inline' })] }],
      ['there are no arms in the list', { layout: 'inline', triggers: exit, variants: [] }],
    ])('misses the place where %s', (_, fields) => {
      expect(flaws(fields)).toEqual(['into'])
      expect(flaws({ ...fields, into: '#feedback' })).toEqual([])
    })
    it.each<[string, object]>([
      ['it waits for show()', { layout: 'inline' }],
      ['all arms are elsewhere', { layout: 'inline', triggers: exit, variants: [arm({ layout: 'modal' })] }],
      [
        'the inline arm waits for show()',
        { triggers: exit, variants: [arm({ layout: 'inline', triggers: [] })] },
      ],
    ])('needs no place where %s', (_, fields) => expect(flaws(fields)).toEqual([]))
    it('finds a place that no arm has', () =>
      expect(flaws({ layout: 'inline', into: '#a', variants: [arm({ layout: 'modal' })] })).toEqual(['into']))
    it('says nothing of the place where the layout is misspelt', () => {
      expect(flaws({ layout: 'inlin', into: '#a' })).toEqual(['layout'])
      expect(flaws({ into: '#a', variants: [arm({ layout: 'inlin' })] })).toEqual(['variants.0.layout'])
    })
  })
  it('takes no language twice, whatever its name', () => {
    const survey = richSurvey()
    const words = survey.translations!['de']!
    survey.translations = { he: words, iw: words }
    expect(validateSurvey(survey).filter((each) => each.severity === 'error')).toMatchObject([
      { path: 'translations.iw' },
    ])
    expect(surveySchema.safeParse(survey).success).toBe(false)
  })
  it('looks for words that are missing only for those who write the survey, and not with each that is sent', () => {
    const parts = (count: number): string[] => Array.from({ length: count }, (_, index) => `x-a${index}`)
    const survey = richSurvey()
    survey.translations = {}
    survey.variants = parts(10).map((id, arm) => ({
      id,
      weight: 1,
      wording: { why: { title: id } },
      translations: Object.fromEntries(parts(50).map((part) => [`d${'abcdefghij'[arm]}-${part}`, {}])),
    }))
    const made = vi.spyOn(Intl, 'Locale')
    expect(surveySchema.safeParse(survey).success).toBe(true)
    // Each tag is read once, and the original language.
    expect(made.mock.calls.length).toBeLessThan(520)
    made.mockRestore()
    expect(validateSurvey(survey)).toHaveLength(500)
  })
  it('warns of silence that feeds itself', () => {
    const survey = richSurvey()
    survey.followUps = [{ id: 'x', after: { on: 'silence' }, delay: 7, expires: 7 }]
    expect(validateSurvey(survey)).toEqual([])
    delete survey.recontact.most
    expect(validateSurvey(survey)).toMatchObject([{ path: 'followUps.0.after', severity: 'warning' }])
  })
  it('warns of a good end that is the bad one', () => {
    const survey = plainSurvey()
    Object.assign(survey.questions[0]!, { metric: 'ces1', positive: [4, 5], negative: [1, 2] })
    expect(validateSurvey(survey)).toMatchObject([{ path: 'questions.0.positive', severity: 'warning' }])
  })
  it('wants a question that can be answered', () => {
    const survey = { ...plainSurvey(), questions: [{ kind: 'statement', id: 'a', title: 'A' }] }
    expect(validateSurvey(survey)).toMatchObject([{ path: 'questions', severity: 'error' }])
    expect(surveySchema.safeParse(survey).success).toBe(false)
  })
  it('takes a condition on a question that nobody is asked for one that never holds', () => {
    const survey = plainSurvey()
    const score = survey.questions[0]!
    survey.questions = [
      { ...score, next: [{ to: 'c' }] },
      { kind: 'yesno', id: 'b', title: 'B', yes: 'Y', no: 'N' },
      { kind: 'yesno', id: 'c', title: 'C', yes: 'Y', no: 'N' },
      {
        kind: 'text',
        id: 'd',
        title: 'D',
        maxLength: 9,
        when: { fact: 'answer.b', op: 'equals', value: true },
      },
      {
        kind: 'text',
        id: 'e',
        title: 'E',
        maxLength: 9,
        when: { not: { fact: 'answer.b', op: 'equals', value: true } },
      },
      {
        kind: 'text',
        id: 'f',
        title: 'F',
        maxLength: 9,
        when: { fact: 'answer.b', op: 'known', value: false },
      },
      {
        kind: 'text',
        id: 'g',
        title: 'G',
        maxLength: 9,
        when: {
          any: [
            { fact: 'answer.d', op: 'known' },
            { question: 'score', bands: ['neutral'] },
          ],
        },
      },
    ]
    const paths = validateSurvey(survey).map(({ path }) => path)
    expect(paths).toEqual(['questions.1.id', 'questions.3.when', 'questions.4.when'])
  })
  it('says everything at once, also beside what cannot be read', () => {
    const survey = withAt('questions.1.kind', 'scal') as { version: unknown; questions: { when?: unknown }[] }
    survey.version = 'x'
    survey.questions[3]!.when = { fact: 'answer.wy', op: 'known' }
    const flaws = validateSurvey(survey)
    expect(flaws.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['version', 'questions.1.kind', 'questions.3.when.fact']),
    )
    // The question itself is there, so what refers to it is not reported as well.
    expect(flaws.some(({ path }) => path === 'questions.2.when.any.0.question')).toBe(false)
  })
  it.each([undefined, null, 5, 'x', [], () => 1, Symbol('x'), new Map(), Object.create(null)])(
    'survives %s',
    (value) => expect(hasErrors(value)).toBe(true),
  )
  it('does not come to the end of the stack', () => {
    let rule: unknown = { fact: 'trait.x', op: 'known' }
    let junk: unknown = {}
    for (let depth = 0; depth < 50_000; depth++) {
      rule = { not: rule }
      junk = { junk }
    }
    expect(hasErrors({ ...richSurvey(), targeting: rule })).toBe(true)
    expect(hasErrors({ ...richSurvey(), junk })).toBe(false)
    expect(surveySchema.safeParse({ ...richSurvey(), targeting: rule }).success).toBe(false)
  })
})

function deep(depth: number): unknown {
  let rule: unknown = { fact: 'trait.x', op: 'known' }
  for (let each = 1; each < depth; each++) rule = { not: rule }
  return rule
}
function deepPath(levels: number): string {
  return `targeting${'.not'.repeat(levels - 1)}`
}

describe('validateSurveys', () => {
  it('reports with the number of the survey before the path', () => {
    expect(validateSurveys([plainSurvey(), richSurvey()])).toEqual([])
    expect(validateSurveys([plainSurvey(), { ...richSurvey(), version: 0 }])).toMatchObject([
      { path: '1.version', message: expect.stringContaining('1.version') },
    ])
    expect(validateSurveys({})).toMatchObject([{ path: '' }])
    expect(validateSurveys([null])).toMatchObject([{ path: '0' }])
  })
  it('finds ids that stand twice', () => {
    expect(validateSurveys([plainSurvey(), plainSurvey()])).toMatchObject([{ path: '1.id', found: '"csat"' }])
  })
  it('finds follow-ups of surveys that there are not', () => {
    const [plain, rich] = [plainSurvey(), richSurvey()]
    plain.id = 'csat-2'
    expect(validateSurveys([plain, rich])).toMatchObject([
      { path: '1.followUps.2.after.survey', found: '"csat"', nearest: 'csat-2' },
    ])
  })
  it('looks at the questions of the survey that is the cause', () => {
    const [plain, rich] = [plainSurvey(), richSurvey()]
    const after = (question: string): FollowUpCause => ({
      on: 'answer',
      survey: 'csat',
      when: { question, bands: ['dissatisfied'] },
    })
    rich.followUps = [{ id: 'x', after: after('score'), delay: 7, expires: 7 }]
    expect(validateSurveys([plain, rich])).toEqual([])
    rich.followUps = [{ id: 'x', after: after('scores'), delay: 7, expires: 7 }]
    expect(validateSurvey(rich)).toEqual([])
    expect(validateSurveys([plain, rich])).toMatchObject([
      { path: '1.followUps.0.after.when.question', nearest: 'score' },
    ])
  })
})

describe('surveySchema', () => {
  it('gives what is there and drops what there is not', () => {
    expect(surveySchema.parse(richSurvey())).toEqual(richSurvey())
    expect(surveySchema.parse({ ...plainSurvey(), junk: 1 })).toEqual(plainSurvey())
  })

  /** Every place in a value. */
  const placesIn = (value: unknown): { owner: Record<string, unknown>; key: string }[] =>
    typeof value === 'object' && value !== null
      ? Object.keys(value).flatMap((key) => {
          const owner = value as Record<string, unknown>
          return [{ owner, key }, ...placesIn(owner[key])]
        })
      : []
  const junk = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      1,
      -1,
      2,
      5,
      7,
      11,
      0.5,
      1e9,
      '',
      'a',
      'end',
      'score',
      'why',
      'other',
    ),
    fc.constantFrom<unknown>(
      'promoter',
      'neutral',
      'answer.score',
      'band.why',
      'event.x',
      'nps',
      'csat',
      '{{trait.x}}',
      '[',
    ),
    fc.constantFrom<unknown>(
      [],
      {},
      { to: 'end' },
      [{ to: 'mood' }],
      ['a'],
      [1, 2],
      { not: {} },
      { any: [] },
      { all: [] },
    ),
    fc.anything(),
  )
  const change = fc.record({
    place: fc.nat(),
    how: fc.constantFrom('delete', 'junk', 'junk', 'copy', 'rename', 'repeat', 'swap'),
    other: fc.nat(),
    value: junk,
  })

  it('accepts exactly the surveys in which validation finds no error', () => {
    let accepted = 0
    let runs = 0
    fc.assert(
      fc.property(fc.boolean(), fc.array(change, { minLength: 1, maxLength: 3 }), (isRich, changes) => {
        const survey: unknown = isRich ? richSurvey() : plainSurvey()
        for (const { place, how, other, value } of changes) {
          const places = placesIn(survey)
          const { owner, key } = places[place % places.length] ?? { owner: {}, key: '' }
          // The same key elsewhere: what stands there has the right type, and the wrong meaning.
          const alike = places.filter((each) => each.key === key)
          const source = alike[other % alike.length]
          if (how === 'delete') delete owner[key]
          // A copy: the next change may go into it, and the next run begins with it.
          else if (how === 'junk') owner[key] = structuredClone(value)
          else if (how === 'rename') {
            owner[`${key}x`] = owner[key]
            delete owner[key]
          } else if (how === 'repeat' && Array.isArray(owner)) owner.push(owner[Number(key)])
          else if (how === 'swap' && source)
            [owner[key], source.owner[source.key]] = [source.owner[source.key], owner[key]]
          else if (source) owner[key] = structuredClone(source.owner[source.key])
        }
        const result = surveySchema.safeParse(survey)
        expect(result.success).toBe(!hasErrors(survey))
        runs++
        if (result.success) accepted++
      }),
      { numRuns },
    )
    // Changes that break nothing are a good part of them, or the property would say little.
    expect(accepted / runs).toBeGreaterThan(0.05)
    expect(accepted / runs).toBeLessThan(0.95)
  })
})
