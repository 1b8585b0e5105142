/** The playground as it is seen: one state as a form, as JSON, as a page, as code and as figures. */
import type { SiteSettings, Survey, Theme } from '@earshot/contract'
import type { JSX } from 'preact'
import { useCallback, useRef, useState } from 'preact/hooks'
import {
  entryOf,
  formable,
  rename,
  TextField,
  Form,
  JsonEditor,
  type DocumentName,
  type Flaw,
  type Verdict,
  type Told,
  Preview,
  Problems,
  Simulation,
  Tabs,
  type Sound,
  toText,
} from '@earshot/editor'
import { collectorUrl, writeKey } from '../addresses.ts'
import { CopyButton, Snippet } from './copy.tsx'
import { Gallery, stageText } from './gallery.tsx'
import { heardOf, Sent, type SentEvent } from './sent.tsx'
import { curlSnippet, npmSnippet, tagSnippet } from './snippet.ts'
import { begin, type State } from './state.ts'
import type { Store } from './store.ts'

interface PlaygroundProps {
  state: State
  verdict: Verdict
  /** What was accepted last. */
  sound: Sound
  /** What is wrong with the link that it came from. */
  wrong: string | null
  store: Store
}

export function Playground({ state, verdict, sound, wrong, store }: PlaygroundProps): JSX.Element {
  const [tab, setTab] = useState<'form' | 'json'>('form')
  const [goal, setGoal] = useState<{ document: DocumentName; line: number } | null>(null)
  const [events, setEvents] = useState<readonly SentEvent[]>([])
  const [said, setSaid] = useState('')
  const gallery = useRef<HTMLDetailsElement>(null)
  const onTold = useCallback((told: Told) => setEvents((list) => heardOf(list, told)), [])

  const entry = entryOf(state.template)
  const { flaws } = verdict
  const behind = flaws.some((each) => each.severity === 'error')
  const survey = formable(verdict.survey.value)

  const choose = (template: string): void => {
    store.change(begin(template, state), `template ${template}`)
    const { title } = entryOf(template)
    setSaid(`${title} is chosen. “Back” of the browser brings back what was before.`)
    // The gallery would stand between the choice and what came of it.
    if (gallery.current) {
      gallery.current.open = false
      gallery.current.querySelector('summary')?.focus()
    }
  }
  const startOver = (): void => {
    store.change(begin(state.template), 'start over')
    setEvents([])
    setSaid('Started over. “Back” of the browser brings back what was before.')
  }
  const editSurvey = (field: string, change: (survey: Survey) => void): void => {
    const draft = structuredClone(verdict.survey.value) as Survey
    change(draft)
    store.change({ ...state, survey: toText(draft) }, `survey ${field}`)
  }
  const editSettings = (field: string, change: (settings: SiteSettings) => void): void => {
    const draft = structuredClone(verdict.settings.value) as SiteSettings
    change(draft)
    store.change({ ...state, settings: toText(draft) }, `settings ${field}`)
  }
  const editName = (name: string): void =>
    store.change(
      { ...state, name, survey: toText(rename(verdict.survey.value, entry, state.name, name)) },
      'name',
    )
  const go = (flaw: Flaw): void => {
    setTab('json')
    setGoal({ document: flaw.document, line: flaw.line })
  }
  const goalOf = (document: DocumentName): { line: number } | null =>
    goal?.document === document ? goal : null

  return (
    <>
      {wrong && (
        <p class="notice" role="alert">
          {wrong}
        </p>
      )}
      <details class="templates" ref={gallery}>
        <summary>
          <h2>
            Template: {entry.title} <span class="stage">{stageText(entry.stage)}</span>
          </h2>
          <span class="soft">{entry.purpose}</span>
          <span class="change">Choose another</span>
        </summary>
        <Gallery chosen={state.template} onChoose={choose} />
      </details>
      <div class="actions bar">
        <CopyButton label="Copy the link" what="The link to this playground" text={() => store.link()} />
        <button type="button" onClick={startOver}>
          Start over
        </button>
        <p class="soft" role="status">
          {said}
        </p>
      </div>
      <div class="bench">
        <section aria-labelledby="survey-title" class="edit">
          <h2 id="survey-title">The survey</h2>
          <Tabs
            label="The survey as"
            value={tab}
            onValue={(next) => setTab(next)}
            tabs={[
              [
                'form',
                'Form',
                survey ? (
                  <Form
                    name={state.name}
                    survey={survey}
                    theme={themeOf(verdict.settings.value)}
                    flaws={flaws}
                    onName={editName}
                    onSurvey={editSurvey}
                    onSettings={editSettings}
                  />
                ) : (
                  <p class="notice">
                    The JSON is no survey that a form can show. Mend it in the JSON, where everything that you
                    typed still stands; then this form goes on.
                  </p>
                ),
              ],
              [
                'json',
                'JSON',
                <>
                  <JsonEditor
                    label="Survey"
                    hint="As PUT /v1/surveys takes it."
                    rows={26}
                    text={state.survey}
                    flaws={verdict.survey.flaws}
                    goal={goalOf('survey')}
                    onText={(text) => store.change({ ...state, survey: text }, 'survey text')}
                  />
                  <JsonEditor
                    label="Settings of the site"
                    hint="As PUT /v1/settings takes them: theme, limits, privacy."
                    rows={8}
                    text={state.settings}
                    flaws={verdict.settings.flaws}
                    goal={goalOf('settings')}
                    onText={(text) => store.change({ ...state, settings: text }, 'settings text')}
                  />
                </>,
              ],
            ]}
          />
          <Problems
            flaws={flaws}
            behind={behind}
            onGo={go}
            onReturn={() =>
              store.change(
                { ...state, survey: toText(sound.survey), settings: toText(sound.settings) },
                'return',
              )
            }
          />
          <p class="jump">
            <button type="button" onClick={() => jump('preview-title')}>
              See the preview
            </button>
          </p>
        </section>
        <section aria-labelledby="preview-title" class="look">
          <h2 id="preview-title" tabIndex={-1}>
            Preview
          </h2>
          <Preview
            sound={sound}
            view={state.view}
            behind={behind}
            onView={(view) => store.change({ ...state, view })}
            onTold={onTold}
            address="/playground/frame"
          />
        </section>
      </div>
      <section aria-labelledby="events-title">
        <h2 id="events-title">Events</h2>
        <Sent list={events} />
      </section>
      <section aria-labelledby="snippets-title">
        <h2 id="snippets-title">Put it on your site</h2>
        <Snippets state={state} sound={sound} behind={behind} />
      </section>
      <section aria-labelledby="simulation-title">
        <h2 id="simulation-title">Who would be asked?</h2>
        <Simulation sound={sound} />
      </section>
    </>
  )
}

/** A link would take the place of the playground in the address. The card is to be seen, wherever on its page it is. */
function jump(id: string): void {
  const heading = document.getElementById(id)
  heading?.focus({ preventScroll: true })
  heading?.scrollIntoView()
  document.querySelector('.screen')?.scrollIntoView({ block: 'nearest' })
}

/** The theme as far as a form can stand for it; null where the settings cannot be read. */
function themeOf(settings: unknown): Theme | null {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return null
  const { theme = {} } = settings as { theme?: unknown }
  return typeof theme === 'object' && theme !== null && !Array.isArray(theme) ? theme : null
}

interface SnippetsProps {
  state: State
  sound: Sound
  behind: boolean
}

function Snippets({ state, sound: { survey, settings }, behind }: SnippetsProps): JSX.Element {
  const [collector, setCollector] = useState(collectorUrl)
  const [key, setKey] = useState(writeKey)
  const site = { collector: collector.trim().replace(/\/+$/, ''), key: key.trim() }
  const entry = entryOf(state.template)
  return (
    <>
      {behind && <p class="notice">This is the last version that was sound.</p>}
      <div class="row">
        <TextField label="Address of the collector" value={collector} onText={setCollector} />
        <TextField label="Write key" value={key} onText={setKey} />
      </div>
      <div class="snippets">
        <Snippet
          title="Script tag"
          hint="On every page. It shows what the collector serves."
          text={tagSnippet(site)}
        />
        <Snippet
          title="Survey for the collector"
          hint={`In a shell, with the admin token in EARSHOT_ADMIN_TOKEN. Settings are put as a whole.${survey.purpose && survey.owner ? '' : ' The collector wants a purpose and an owner as well: say both in the JSON.'}`}
          text={curlSnippet(site.collector, survey, settings)}
        />
        <Snippet
          title="Code for an app"
          hint="With the package @earshot/sdk. The app brings the survey along; the collector takes its answers."
          text={npmSnippet(site, entry, state.name, survey, settings)}
        />
      </div>
    </>
  )
}
