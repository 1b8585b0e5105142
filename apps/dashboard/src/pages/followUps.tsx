/** Follow-ups outside of the page: the plan as forms or as JSON, tried out on what happened, and put into force. */
import { JsonEditor, readText, Tabs, toText } from '@earshot/editor'
import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Fault } from '../api/fault.ts'
import { planShape, type Trial, trialShape, webhooksShape } from '../api/outboundShapes.ts'
import { ask, askTagged, type Tagged } from '../api/request.ts'
import { type Staff, staffShape } from '../api/caseShapes.ts'
import { type SurveySummary, surveysShape } from '../api/shapes.ts'
import { useAsk, useLoad } from '../api/use.ts'
import { Link } from '../parts/link.tsx'
import { Page } from '../parts/page.tsx'
import { Empty, FaultNote, Ready } from '../parts/states.tsx'
import { zoneOf } from '../period/period.ts'
import { actionKinds, type Target } from '../plan/actions.tsx'
import { Force } from '../plan/force.tsx'
import { HoursForm } from '../plan/hoursForm.tsx'
import { differencesOf, formablePlan, freeId, type Plan, type PlanRule } from '../plan/plan.ts'
import { PlanProblems } from '../plan/planProblems.tsx'
import { RuleForm } from '../plan/ruleForm.tsx'
import { Theirs } from '../plan/theirs.tsx'
import { TrialDesk } from '../plan/trialDesk.tsx'
import { usePlace } from '../shell/place.ts'
import { useMay } from '../shell/session.ts'
import '@earshot/editor/editor.css'
import '../styles/editor.css'

const path = '/v1/follow-ups'

export function FollowUps(): JSX.Element {
  const mayConfigure = useMay('configure')
  const plan = useLoad(path, (signal) => askTagged(path, planShape, { signal }))
  const surveys = useAsk('/v1/surveys', surveysShape)
  const staff = useAsk('/v1/staff', staffShape).value
  const webhooks = useAsk(mayConfigure ? '/v1/webhooks' : null, webhooksShape)
  return (
    <Page
      title="Follow-ups"
      lead="What is done when something was said or happened. Tried on the past first."
      tools={
        mayConfigure && (
          <Link page="deliveries" class="button">
            What went out
          </Link>
        )
      }
    >
      <div class="studio">
        <Ready asked={plan}>
          {(stands) => (
            <Ready asked={surveys}>
              {({ surveys: list }) =>
                mayConfigure ? (
                  <Ready asked={webhooks}>
                    {({ webhooks: targets }) => (
                      <Desk stands={stands} surveys={list} webhooks={targets} staff={staff} />
                    )}
                  </Ready>
                ) : (
                  <Desk stands={stands} surveys={list} webhooks={null} staff={staff} />
                )
              }
            </Ready>
          )}
        </Ready>
      </div>
    </Page>
  )
}

interface DeskProps {
  /** The plan that is in force. */
  stands: Tagged<unknown>
  surveys: readonly SurveySummary[]
  /** Null where who is signed in may not see them, nor put the plan. */
  webhooks: readonly Target[] | null
  /** Who may be named in a rule; null while it is not known. */
  staff: Staff | null
}

/** One thing that the collector finds wrong, by its place in the plan. */
interface Problem {
  path: string
  message: string
}

function Desk({ stands, surveys, webhooks, staff }: DeskProps): JSX.Element {
  const { query } = usePlace()
  const [{ text: kept, tag }, setBase] = useState(() => ({ text: toText(stands.value), tag: stands.tag }))
  const [text, setText] = useState(kept)
  const [seen, setSeen] = useState(tag)
  /** What somebody else has put into force meanwhile. */
  const [theirs, setTheirs] = useState<Tagged<unknown> | null>(null)
  const [tab, setTab] = useState<'form' | 'json'>('form')
  const [goal, setGoal] = useState<{ line: number } | null>(null)
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const [fault, setFault] = useState<Fault | null>(null)
  const [said, setSaid] = useState('')
  const [trial, setTrial] = useState<{ of: string; found: Trial } | null>(null)
  const [busy, setBusy] = useState<'trial' | 'save' | null>(null)
  const [opened, setOpened] = useState<number | null>(null)
  const forms = useRef<HTMLDivElement>(null)

  const read = readText(text)
  const plan = read.error ? null : formablePlan(read.value)
  const write = (next: string): void => {
    setText(next)
    setSaid('')
  }
  /** Changes the plan; what was wrong there is not known to be wrong any more. */
  const edit = (place: string, next: Plan): void => {
    setProblems(problems.filter((each) => !`${each.path}.`.startsWith(place)))
    setFault(null)
    write(toText(next))
  }
  const flaws = [
    ...(read.error ? [{ path: '', line: read.error.line, message: read.error.message }] : []),
    ...problems.map((each) => ({ ...each, line: read.lineOf(each.path) })),
  ]
  const flawAt =
    (root: string) =>
    (inner: string): string | undefined =>
      problems.find(({ path: at }) => at === root + inner || at.startsWith(`${root}${inner}.`))?.message

  /** Takes note of what came of a request; of what is wrong by its field. */
  const note = (refused: Fault | null): void => {
    const found = (refused?.errors ?? []).map((each) => ({
      ...each,
      path: each.path.replace(/^plan\.?/, ''),
    }))
    setProblems(found)
    setFault(refused && found.length > 0 ? null : refused)
  }
  const simulate = (days: number): void => {
    if (busy || read.error) return
    setBusy('trial')
    const body = { plan: read.value, days, zone: zoneOf(query) }
    void ask(`${path}/simulate`, trialShape, { method: 'POST', body }).then((reply) => {
      setBusy(null)
      note(reply.ok ? null : reply.fault)
      setTrial(reply.ok ? { of: text, found: reply.value } : null)
    })
  }
  /** Begins with a plan that is in force. */
  const take = (found: Tagged<unknown>): void => {
    const next = toText(found.value)
    setBase({ text: next, tag: found.tag })
    setTheirs(null)
    note(null)
    write(next)
  }
  // What was known is shown at once, and then what is asked for again; what is written meanwhile stays.
  if (stands.tag !== seen) {
    setSeen(stands.tag)
    if (text === kept) take(stands)
  }
  /** Puts it in the place of a plan, and of no other. */
  const save = (instead: string | null): void => {
    if (busy || read.error || text === kept) return
    setBusy('save')
    const headers: Record<string, string> = instead === null ? {} : { 'if-match': instead }
    void askTagged(path, planShape, { method: 'PUT', body: read.value, headers }).then(async (reply) => {
      const isLate = !reply.ok && reply.fault.code === 'plan_changed'
      const found = isLate ? await askTagged(path, planShape) : null
      setBusy(null)
      setTheirs(found?.ok ? found.value : null)
      note(reply.ok ? null : found?.ok ? null : reply.fault)
      if (!reply.ok) return
      setBase({ text, tag: reply.value.tag })
      setSaid('The plan is in force. What is under way is judged by it from now on.')
    })
  }
  const add = (): void => {
    if (!plan) return
    const first: PlanRule = {
      id: freeId(plan),
      after: { on: 'answer', survey: surveys[0]?.id ?? '' },
      delay: 1,
      expires: 14,
      do: actionKinds[0]?.make(webhooks ?? [], []) ?? {},
    }
    setOpened(plan.rules.length)
    edit('none.', { ...plan, rules: [...plan.rules, first] })
  }

  return (
    <div class="stack">
      <section class="panel stack" aria-label="The plan">
        <h2>The plan</h2>
        <Tabs
          label="The plan as"
          value={tab}
          onValue={(next) => setTab(next === 'json' ? 'json' : 'form')}
          tabs={[
            [
              'form',
              'Form',
              plan ? (
                <div class="form plan" ref={forms}>
                  {plan.rules.length === 0 && (
                    <Empty title="There is no rule yet">
                      A rule says what follows what: two weeks after a bad score, ask again; when a ticket is
                      solved, ask how hard it was; when nobody answers, remind once. Add the first one.
                    </Empty>
                  )}
                  {plan.rules.map((rule, index) => {
                    const root = `rules.${index}.`
                    const put = (rules: PlanRule[]): void => edit(root, { ...plan, rules })
                    return (
                      <RuleForm
                        key={index}
                        rule={rule}
                        surveys={surveys}
                        webhooks={webhooks}
                        staff={staff}
                        isOpen={opened === index || (opened === null && rule.id === query.get('rule'))}
                        flawOf={flawAt(root)}
                        hasFlaw={problems.some((each) => `${each.path}.`.startsWith(root))}
                        onRule={(next) => put(plan.rules.map((each, at) => (at === index ? next : each)))}
                        onRemove={() => {
                          setOpened(null)
                          put(plan.rules.filter((_, at) => at !== index))
                          forms.current?.querySelector<HTMLElement>('.add')?.focus()
                        }}
                      />
                    )
                  })}
                  <div class="end">
                    <button type="button" class="add" onClick={add}>
                      Add a rule
                    </button>
                  </div>
                  <HoursForm
                    plan={plan}
                    flawOf={flawAt('')}
                    onPlan={(next) => {
                      for (const place of ['quiet', 'zone', 'limits'] as const)
                        if (next[place] !== plan[place]) edit(`${place}.`, next)
                    }}
                  />
                </div>
              ) : (
                <p class="note">
                  The JSON is no plan that a form can show. Mend it in the JSON, then this form goes on.
                </p>
              ),
            ],
            [
              'json',
              'JSON',
              <JsonEditor
                key="json"
                label="Plan"
                hint="As PUT /v1/follow-ups takes it."
                rows={24}
                text={text}
                flaws={flaws.map((each) => ({ ...each, document: 'survey', severity: 'error' }))}
                goal={goal}
                onText={(next) => {
                  setProblems([])
                  setFault(null)
                  write(next)
                }}
              />,
            ],
          ]}
        />
        <PlanProblems
          problems={flaws}
          onGo={(line) => {
            setTab('json')
            setGoal({ line })
          }}
        />
        {fault && <FaultNote fault={fault} />}
      </section>
      <TrialDesk
        trial={trial && trial.found}
        isOld={trial !== null && trial.of !== text}
        isBusy={busy === 'trial'}
        isReady={busy === null && read.error === null}
        onTry={simulate}
      />
      <Force
        isAllowed={webhooks !== null}
        isInForce={text === kept}
        isBusy={busy !== null || read.error !== null}
        said={said}
        onSave={() => save(tag)}
        onBack={() => {
          setTheirs(null)
          note(null)
          write(kept)
        }}
      >
        {theirs && (
          <Theirs
            differences={read.error ? [] : differencesOf(read.value, theirs.value)}
            isBusy={busy !== null || read.error !== null}
            onTheirs={() => take(theirs)}
            onMine={() => save(theirs.tag)}
          />
        )}
      </Force>
    </div>
  )
}
