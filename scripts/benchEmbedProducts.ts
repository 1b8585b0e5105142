/** The products of the embed benchmark: how each one is put on a page, shows its question, is answered, opened and closed, all by its own documented interface. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { build, type Rollup } from 'vite'
import { isPlain } from '../packages/contract/src/index.ts'
import { nps } from '../packages/sdk/src/index.ts'
import { stub } from '../packages/sdk/src/loader/stub.ts'
import { floorFiles } from './benchEmbedFloor.ts'
import { versionOf } from './benchEmbedPeers.ts'
import type { Answer, Respond } from './benchEmbedServer.ts'

/** An element: the host of its shadow root (or any ancestor), and a selector below it. */
export type Place = readonly [host: string, inner: string]

/** What a respondent does: clicks on something, or writes into it; then waits for something that appears. */
export interface Act {
  at: Place
  write?: string
  until: Place
  /** Whether the paint after it is measured; of each product one is. */
  timed?: true
}

export interface Product {
  id: string
  label: string
  /** What was measured, with versions. */
  what: string
  /** Put at the end of the host page's `<head>`. */
  head: string
  /** The product's files and service. */
  respond: Respond
  /** The question; the survey is shown when this is visible. */
  question: Place
  acts: readonly Act[]
  /** Whether the answer arrived at the service. */
  arrived: (requests: readonly string[]) => boolean
  /** JavaScript that opens and closes, and what is gone when it is closed. */
  open: string
  close: string
  gone: Place
  /** Measured for comparison, in a form that nobody installs: no promise is held against it. */
  aside?: true
  /** Earshot in another way than by its tag: its script time is held to the same promise. */
  ours?: true
}

const javascript = 'text/javascript; charset=utf-8'
const question = 'How likely is it that you would recommend Acme to a friend or colleague?'
const reason = 'What do you value most?'
const comment = 'Everything was there in two days.'

/** Serves files by their paths, and everything else by `service`. */
function withFiles(files: Readonly<Record<string, string>>, service: Respond): Respond {
  const read = Object.fromEntries(
    Object.entries(files).map(([path, file]) => {
      if (!existsSync(file)) throw new Error(`${file} is not there. Run pnpm install and pnpm build first.`)
      const type = file.endsWith('.css') ? 'text/css; charset=utf-8' : javascript
      return [path, { type, body: readFileSync(file) }]
    }),
  )
  return (path, method, body) => read[path] ?? service(path, method, body)
}

const json = (value: unknown): { type: string; body: string } => ({
  type: 'application/json',
  body: JSON.stringify(value),
})

/** Of the files that are measured. */
const { version: sdkVersion } = JSON.parse(readFileSync('packages/sdk/package.json', 'utf8')) as {
  version: string
}
const survey = nps({ id: 'nps', name: 'Acme', triggers: [{ on: 'event', name: 'ready' }] })

/** The collector, as far as one visit asks it. */
const collector: Respond = (path, _method, body) => {
  if (path === '/v1/config') return json({ version: 1, surveys: [survey], plain: [survey.id] })
  if (path !== '/v1/feedback') return null
  const { events } = JSON.parse(body) as { events: { id: string }[] }
  return json({ accepted: events.map(({ id }) => id), duplicates: [], rejected: [] })
}
const card = '[data-earshot]'
/** Sites that call early have it, and so has the benchmark. */
const earlyCall = `<script>${stub};earshot('track','ready')</script>`

/** What is the same of Earshot, however it comes. */
const shown: Pick<Product, 'question' | 'acts' | 'arrived' | 'open' | 'close' | 'gone'> = {
  question: [card, 'input[value="9"]'],
  acts: [
    { timed: true, at: [card, 'input[value="9"]'], until: [card, 'textarea'] },
    { at: [card, 'textarea'], write: comment, until: [card, '.send'] },
    { at: [card, '.send'], until: [card, 'h2.to'] },
  ],
  arrived: (requests) =>
    requests.some((body) => body.includes('"type":"answer"') && body.includes('"value":9')) &&
    requests.some((body) => body.includes('"type":"complete"')),
  open: `earshot.show('nps', { force: true })`,
  close: 'earshot.dismiss()',
  gone: [card, '.card'],
}

function earshot(): Product {
  if (!isPlain(survey)) throw new Error('The survey of the benchmark is not plain.')
  const built = 'packages/sdk/dist/browser'
  const files = globSync('*.js', { cwd: built }).map((name) => [
    `/sdk/${sdkVersion}/${name}`,
    `${built}/${name}`,
  ])
  return {
    ...shown,
    id: 'earshot',
    label: 'Earshot',
    what: `Earshot ${sdkVersion}, script tag`,
    head: `${earlyCall}<script async src="/earshot.js" data-key="pk_bench"></script>`,
    respond: withFiles({ '/earshot.js': `${built}/earshot.js`, ...Object.fromEntries(files) }, collector),
  }
}

/** The survey comes with the page, as the others' do, and nothing is fetched but the files. */
async function earshotInApp(): Promise<Product> {
  const { head, files } = await bundled('scripts/benchEmbedApp.ts')
  return {
    ...shown,
    id: 'earshot-app',
    label: 'Earshot, in an app',
    what: `Earshot ${sdkVersion} from npm, bundled by Vite, its survey in the page`,
    head,
    respond: (path, method, body) => files(path) ?? collector(path, method, body),
    ours: true,
  }
}

function floor(): Product {
  const host = '[data-floor]'
  const score = 'input[value="9"]'
  return {
    id: 'floor',
    label: 'the floor',
    what: 'the floor: the least that shows a survey that is served, claimed and kept, written by hand, with Earshot’s card and nothing behind it; for comparison only',
    head: `${earlyCall}<script async src="/floor.js" data-key="pk_bench"></script>`,
    respond: (path, method, body) => {
      const file = Object.entries(floorFiles).find(([name]) => path === `/${name}`)
      return file ? { type: javascript, body: file[1] } : collector(path, method, body)
    },
    question: [host, score],
    acts: [{ timed: true, at: [host, score], until: [host, `${score}:checked`] }],
    arrived: () => true,
    open: 'earshot.open()',
    close: 'earshot.close()',
    gone: [host, '.card'],
    aside: true,
  }
}

function posthog(): Product {
  const token = 'phc_bench'
  const version = versionOf('posthog-js')
  const served = {
    id: 'nps',
    name: 'NPS',
    type: 'popover',
    start_date: '2026-01-01T00:00:00Z',
    end_date: null,
    questions: [
      {
        id: 'score',
        type: 'rating',
        question,
        display: 'number',
        scale: 10,
        lowerBoundLabel: 'Not at all likely',
        upperBoundLabel: 'Extremely likely',
        // As with the others, the click is the answer.
        skipSubmitButton: true,
      },
      { id: 'reason', type: 'open', question: reason },
    ],
    appearance: { displayThankYouMessage: true, thankYouMessageHeader: 'Thank you' },
    conditions: null,
    schedule: 'once',
  }
  // Everything but surveys is off: no analytics, replay, flags or sensors.
  const config = {
    surveys: true,
    supportedCompression: [],
    autocapture_opt_out: true,
    sessionRecording: false,
    heatmaps: false,
    capturePerformance: false,
    captureDeadClicks: false,
    autocaptureExceptions: false,
    hasFeatureFlags: false,
    siteApps: [],
  }
  const options = {
    api_host: '@origin',
    autocapture: false,
    capture_pageview: false,
    capture_pageleave: false,
    capture_dead_clicks: false,
    capture_performance: false,
    capture_heatmaps: false,
    capture_exceptions: false,
    rageclick: false,
    disable_session_recording: true,
    disable_compression: true,
    advanced_disable_feature_flags: true,
    // Otherwise it takes a headless browser for a bot, and sends nothing.
    opt_out_useragent_filter: true,
  }
  const remote = `(window._POSTHOG_REMOTE_CONFIG=window._POSTHOG_REMOTE_CONFIG||{})[${JSON.stringify(token)}]={config:${JSON.stringify(config)},siteApps:[]}`
  const service: Respond = (path) => {
    if (path === `/array/${token}/config.js`) return { type: javascript, body: remote }
    if (path === `/array/${token}/config`) return json(config)
    if (path === '/api/surveys/') return json({ surveys: [served] })
    if (path === '/flags/') return json({ featureFlags: {}, flags: {} })
    return /^\/(e|i\/v0\/e)\/?$/.test(path) ? json({ status: 'Ok' }) : null
  }
  const host = '[class*="PostHogSurvey-"]'
  return {
    id: 'posthog',
    label: 'PostHog',
    what: `posthog-js ${version}, array.js and surveys.js, all but surveys switched off`,
    head:
      `<script>window.posthog=[];posthog.__SV=1;posthog._i=[[${JSON.stringify(token)},` +
      `${JSON.stringify(options).replace('"@origin"', 'location.origin')}]]</script>` +
      '<script async src="/static/array.js"></script>',
    respond: withFiles(
      {
        '/static/array.js': 'node_modules/posthog-js/dist/array.js',
        [`/static/${version}/surveys.js`]: 'node_modules/posthog-js/dist/surveys.js',
      },
      service,
    ),
    question: [host, '[aria-label="Rate 9"]'],
    acts: [
      { timed: true, at: [host, '[aria-label="Rate 9"]'], until: [host, 'textarea'] },
      { at: [host, 'textarea'], write: comment, until: [host, '.form-submit:not([disabled])'] },
      { at: [host, '.form-submit'], until: [host, '.thank-you-message'] },
    ],
    arrived: (requests) =>
      requests.some((body) => body.includes('survey sent') && /"\$survey_response_score":"?9/.test(body)),
    open: `posthog.displaySurvey('nps', { displayType: 'popover', ignoreConditions: true, ignoreDelay: true })`,
    // There is no call that closes: its close button is what there is.
    close: `document.querySelector('${host}').shadowRoot.querySelector('.form-cancel').click()`,
    gone: [host, '.ph-survey'],
  }
}

function surveyJs(): Product {
  const model = {
    title: 'Acme',
    elements: [
      {
        type: 'rating',
        name: 'score',
        title: question,
        rateMin: 0,
        rateMax: 10,
        displayMode: 'buttons',
        minRateDescription: 'Not at all likely',
        maxRateDescription: 'Extremely likely',
      },
      { type: 'comment', name: 'reason', title: reason },
    ],
  }
  // The reference is the way to the model of the popup, which has the calls that show and hide it.
  const start =
    `const model=new Survey.Model(${JSON.stringify(model)});` +
    `model.onComplete.add(sender=>fetch('/answers',{method:'POST',body:JSON.stringify(sender.data)}));` +
    `const place=document.createElement('div');place.id='survey';document.body.append(place);` +
    `SurveyUI.renderPopupSurvey(model,place,{isExpanded:true,allowClose:true,closeOnCompleteTimeout:-1,` +
    `ref:view=>{if(view)window.popup=view.popup}})`
  const host = '#survey'
  return {
    id: 'surveyjs',
    label: 'SurveyJS',
    what: `survey-core ${versionOf('survey-core')} and survey-js-ui ${versionOf('survey-js-ui')}, minified scripts and style sheet, as a popup`,
    head:
      '<link rel="stylesheet" href="/survey-core.fontless.min.css">' +
      '<script defer src="/survey.core.min.js"></script><script defer src="/survey-js-ui.min.js"></script>' +
      '<script defer src="/start.js"></script>',
    respond: withFiles(
      {
        '/survey-core.fontless.min.css': 'node_modules/survey-core/survey-core.fontless.min.css',
        '/survey.core.min.js': 'node_modules/survey-core/survey.core.min.js',
        '/survey-js-ui.min.js': 'node_modules/survey-js-ui/survey-js-ui.min.js',
      },
      (path) =>
        path === '/start.js' ? { type: javascript, body: start } : path === '/answers' ? json({}) : null,
    ),
    // At this width its popup shows the question and not yet the scores, which have to be scrolled to.
    question: [host, '.sd-question__title'],
    acts: [
      {
        timed: true,
        at: [host, '[data-text="9"]'],
        until: [host, '.sd-rating__item--selected [data-text="9"]'],
      },
      { at: [host, 'textarea'], write: comment, until: [host, '.sd-navigation__complete-btn'] },
      { at: [host, '.sd-navigation__complete-btn'], until: [host, '.sd-completedpage'] },
    ],
    arrived: (requests) => requests.some((body) => body.includes('"score":9')),
    open: 'popup.show()',
    close: 'popup.hide()',
    gone: [host, '.sd-root-modern'],
  }
}

/** A page's own script, bundled as an app would. */
async function bundled(entry: string): Promise<{ head: string; files: (path: string) => Answer | null }> {
  const { output } = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      rolldownOptions: { input: entry },
    },
  })) as Rollup.RollupOutput
  const chunks = output.filter((file) => file.type === 'chunk')
  return {
    head: `<script type="module" src="/${chunks.find(({ isEntry }) => isEntry)!.fileName}"></script>`,
    files: (path) => {
      const chunk = chunks.find(({ fileName }) => path === `/${fileName}`)
      return chunk ? { type: javascript, body: chunk.code } : null
    },
  }
}

/** Both ways to have it, each bundled as an app would. */
async function sentry(
  id: string,
  label: string,
  entry: string,
  how: string,
  calls: Pick<Product, 'open' | 'close' | 'aside'>,
): Promise<Product> {
  const { head, files } = await bundled(entry)
  const host = '#sentry-feedback'
  return {
    id,
    label,
    what: `@sentry/browser ${versionOf('@sentry/browser')}, bundled by Vite, ${how}`,
    head,
    respond: (path) => (path === '/api/1/envelope/' ? json({ id: '0' }) : files(path)),
    question: [host, 'textarea'],
    acts: [
      { at: [host, 'textarea'], write: comment, until: [host, '.btn--primary'] },
      // It has no score: sending is the first click that its script answers.
      { timed: true, at: [host, '.btn--primary'], until: [host, '.success__content'] },
    ],
    arrived: (requests) => requests.some((each) => each.includes(comment)),
    ...calls,
    gone: [host, 'dialog[open]'],
  }
}

const inSentry = (selector: string): string =>
  `document.querySelector('#sentry-feedback').shadowRoot.querySelector('${selector}').click()`

/** All of them, Earshot first. */
export async function products(): Promise<Product[]> {
  return [
    earshot(),
    posthog(),
    surveyJs(),
    await sentry('sentry', 'Sentry', 'scripts/benchEmbedSentry.ts', 'as its documentation installs it', {
      open: inSentry('.widget__actor'),
      close: inSentry('.btn-group .btn--default'),
    }),
    await sentry(
      'sentry-form',
      'Sentry, form alone',
      'scripts/benchEmbedSentryForm.ts',
      'its dialog without the default integrations, button, name, e-mail and screenshot; for comparison only',
      {
        aside: true,
        open: 'form.then((form) => { form.appendToDom(); form.open() })',
        close: 'form.then((form) => form.close())',
      },
    ),
    await earshotInApp(),
    floor(),
  ]
}
