/** Writes a survey: from a template or from what is served, seen live, simulated, compared, and then published. */
import type { Survey } from '@earshot/contract'
import {
  entries,
  entryOf,
  firstView,
  Form,
  formable,
  idOf,
  JsonEditor,
  judge,
  Preview,
  Problems,
  put,
  Simulation,
  type Sound,
  Tabs,
  toText,
} from '@earshot/editor'
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Fault } from '../api/fault.ts'
import { ask } from '../api/request.ts'
import { anyShape } from '../api/adminShapes.ts'
import { surveyHistoryShape } from '../api/shapes.ts'
import { forget, useAsk } from '../api/use.ts'
import { differences } from '../numbers/differences.ts'
import { SelectField, TextField } from '../parts/fields.tsx'
import { Link } from '../parts/link.tsx'
import { Page } from '../parts/page.tsx'
import { FaultNote, Ready } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { go, hrefOf, usePlace } from '../shell/place.ts'
import type { PageProps } from '../shell/routes.tsx'
import '@earshot/editor/editor.css'
import '../styles/editor.css'

export function Editor({ id }: PageProps): JSX.Element {
  const history = useAsk(id === null ? null : `/v1/surveys/${encodeURIComponent(id)}`, surveyHistoryShape)
  const settings = useAsk('/v1/settings', anyShape)
  const [template, setTemplate] = useState('nps')
  return (
    <Page
      title={id === null ? 'New survey' : `Edit ${id}`}
      lead="It is seen at once, simulated, and published as a version of its own. Answers to older versions stay with them."
    >
      <div class="studio">
        {id === null && (
          <div class="filters">
            <SelectField
              label="Begin with"
              value={template}
              options={entries.map((each) => [each.name, `${each.title}: ${each.purpose}`] as const)}
              onValue={setTemplate}
            />
          </div>
        )}
        <Ready asked={settings}>
          {(known) =>
            id === null ? (
              <Studio key={template} begun={fromTemplate(template)} served={null} settings={known} />
            ) : (
              <Ready asked={history}>
                {({ survey, versions }) => (
                  <Studio begun={nextOf(survey, versions)} served={survey} settings={known} />
                )}
              </Ready>
            )
          }
        </Ready>
      </div>
    </Page>
  )
}

function fromTemplate(name: string): Survey {
  const entry = entryOf(name)
  return entry.make({ id: idOf(entry.name), name: 'our company' })
}

/** The next version, above all that are there. */
function nextOf(survey: Survey, versions: readonly { survey: Survey }[]): Survey {
  const highest = Math.max(...versions.map((each) => each.survey.version))
  return {
    ...survey,
    version: highest + 1,
  }
}

interface StudioProps {
  begun: Survey
  /** What stands now, to compare with; null for a new one. */
  served: Survey | null
  settings: unknown
}

function Studio({ begun, served, settings }: StudioProps): JSX.Element {
  const { query } = usePlace()
  const [text, setText] = useState(() => toText(begun))
  const [tab, setTab] = useState<'form' | 'json'>('form')
  const [goal, setGoal] = useState<{ line: number } | null>(null)
  const [view, setView] = useState(firstView)
  const [simulated, setSimulated] = useState('')
  const [fault, setFault] = useState<Fault | null>(null)
  const [isBusy, setBusy] = useState(false)
  const settingsText = useMemo(() => toText(settings), [settings])
  const verdict = useMemo(() => judge({ survey: text, settings: settingsText }), [text, settingsText])
  const sound = useRef<Sound>({ survey: begun, settings: {} })
  const { survey: judged } = verdict
  const flaws = judged.flaws
  const behind = flaws.some((each) => each.severity === 'error')
  const sent = useMemo((): Sound => {
    const { survey: written, settings: known } = verdict
    if (written.sound && written.flaws.every((each) => each.severity !== 'error'))
      sound.current = { survey: written.sound, settings: known.sound ?? {} }
    return sound.current
  }, [verdict])
  const survey = formable(judged.value)
  const edit = (_field: string, change: (draft: Survey) => void): void => {
    const draft = structuredClone(judged.value) as Survey
    change(draft)
    setText(toText(draft))
  }
  const purpose = survey?.purpose?.trim() ?? ''
  const owner = survey?.owner?.trim() ?? ''
  const missing = [
    behind && 'mend the problems',
    purpose === '' && 'say what the answers are for',
    owner === '' && 'say who acts on them',
    simulated !== text && 'simulate who would be asked',
  ].filter((each) => each !== false)
  // What nobody has come to yet is no mistake; whoever wants to publish is shown what is missing.
  const [touched, setTouched] = useState<ReadonlySet<'purpose' | 'owner'>>(new Set())
  const [attempt, setAttempt] = useState(0)
  const bench = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (attempt > 0) bench.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [attempt])
  const flawOf = (field: 'purpose' | 'owner', said: string, flaw: string): string | undefined =>
    said === '' && (attempt > 0 || touched.has(field)) ? flaw : undefined
  const leave = (field: 'purpose' | 'owner'): void => setTouched(new Set([...touched, field]))
  const changes = served ? differences(served, sent.survey) : []

  const publish = (): void => {
    if (isBusy) return
    if (missing.length > 0) {
      setAttempt(attempt + 1)
      return
    }
    setBusy(true)
    setFault(null)
    const { survey: whole } = sent
    void ask(`/v1/surveys/${encodeURIComponent(whole.id)}`, anyShape, { method: 'PUT', body: whole }).then(
      (reply) => {
        setBusy(false)
        if (!reply.ok) {
          setFault(reply.fault)
          return
        }
        forget()
        go(hrefOf({ page: 'surveys', id: whole.id, query: { view: 'questions' } }, query))
      },
    )
  }

  return (
    <div class="stack">
      <div class="bench" ref={bench}>
        <section class="panel stack" aria-label="The survey">
          <h2>The survey</h2>
          {survey && (
            <div class="row">
              <TextField
                label="What the answers are for"
                value={survey.purpose ?? ''}
                isRequired
                hint="A sentence for colleagues."
                flaw={flawOf('purpose', purpose, 'Say what the answers are for.')}
                onLeave={() => leave('purpose')}
                onText={(said) => edit('purpose', (draft) => put(draft, 'purpose', said || undefined))}
              />
              <TextField
                label="Who acts on them"
                value={survey.owner ?? ''}
                isRequired
                hint="A team, for example support."
                flaw={flawOf('owner', owner, 'Say who acts on them.')}
                onLeave={() => leave('owner')}
                onText={(said) => edit('owner', (draft) => put(draft, 'owner', said || undefined))}
              />
            </div>
          )}
          <Tabs
            label="The survey as"
            value={tab}
            onValue={(next) => setTab(next === 'json' ? 'json' : 'form')}
            tabs={[
              [
                'form',
                'Form',
                survey ? (
                  <Form name={null} survey={survey} theme={undefined} flaws={flaws} onSurvey={edit} />
                ) : (
                  <p class="note">
                    The JSON is no survey that a form can show. Mend it in the JSON, then this form goes on.
                  </p>
                ),
              ],
              [
                'json',
                'JSON',
                <JsonEditor
                  key="json"
                  label="Survey"
                  hint="As PUT /v1/surveys takes it."
                  rows={26}
                  text={text}
                  flaws={flaws}
                  goal={goal}
                  onText={setText}
                />,
              ],
            ]}
          />
          <Problems
            flaws={flaws}
            behind={behind}
            onGo={(flaw) => {
              setTab('json')
              setGoal({ line: flaw.line })
            }}
            onReturn={() => setText(toText(sound.current.survey))}
          />
        </section>
        <section class="panel" aria-label="Preview">
          <h2>Preview</h2>
          <Preview
            sound={sent}
            view={view}
            behind={behind}
            onView={setView}
            onTold={() => undefined}
            address="/dashboard/preview.html"
          />
        </section>
      </div>
      <section class="panel" aria-label="Who would be asked?">
        <h2>Who would be asked?</h2>
        <Simulation sound={sent} onDone={() => setSimulated(text)} />
      </section>
      {served && (
        <section class="panel" aria-label="What changes">
          <h2>What changes</h2>
          {changes.length === 0 ? (
            <p class="soft">Nothing yet, but the version.</p>
          ) : (
            <Table
              caption={`Version ${served.version} and what is written here`}
              columns={[
                { title: 'Where', cell: (each) => <code>{each.path}</code> },
                { title: 'Now', cell: (each) => each.before ?? <span class="soft">not there</span> },
                { title: 'Then', cell: (each) => each.after ?? <span class="soft">not there</span> },
              ]}
              rows={changes}
              keyOf={(each) => each.path}
            />
          )}
        </section>
      )}
      <section class="panel stack" aria-label="Publish">
        <h2>Publish</h2>
        {fault && <FaultNote fault={fault} />}
        <p role="status">
          {missing.length > 0
            ? attempt > 0
              ? `Before it can be published: ${missing.join('; ')}.`
              : 'It can be published once it is sound, says what it is for and who acts on it, and was simulated.'
            : `Pages get version ${sent.survey.version} of “${sent.survey.id}” within five minutes.`}
        </p>
        <div class="end">
          <button type="button" class="main" aria-disabled={isBusy} onClick={publish}>
            {isBusy ? 'Publishing …' : 'Publish'}
          </button>
          <Link page="surveys">Leave without publishing</Link>
        </div>
      </section>
    </div>
  )
}
