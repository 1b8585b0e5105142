/** Imports: old answers and life-cycle events come in by file, looked at line by line before anything is stored. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Fault } from '../api/fault.ts'
import { importShape } from '../api/importShapes.ts'
import { ask } from '../api/request.ts'
import { type SurveySummary, surveysShape } from '../api/shapes.ts'
import { useAsk, useLoad } from '../api/use.ts'
import { type Choice, guess, missing, noChoice, requestOf } from '../imports/choice.ts'
import { ChoiceForm } from '../imports/choiceForm.tsx'
import { type Chosen, FileForm } from '../imports/fileForm.tsx'
import { counted, type Noun, OutcomeFacts, Progress } from '../imports/outcomeView.tsx'
import { FileFlaw, readPart } from '../imports/parts.ts'
import { Receipt } from '../imports/receipt.tsx'
import { nothing, type Outcome, planFor, runParts } from '../imports/run.ts'
import { Page } from '../parts/page.tsx'
import { FaultNote, Ready } from '../parts/states.tsx'

/** Records by which the columns are found before everything is looked at. */
const fewRecords = 30
/** No survey has this id; what a new one would have is asked under it. */
const notYet = 'a-survey-to-be-made'

export function Imports(): JSX.Element {
  const surveys = useAsk('/v1/surveys', surveysShape)
  return (
    <Page
      title="Imports"
      lead="Old answers, and what became of customers, from a file. Every line is looked at before anything is stored."
    >
      <Ready asked={surveys}>{({ surveys: list }) => <Desk surveys={list} onStored={surveys.again} />}</Ready>
    </Page>
  )
}

interface DeskProps {
  surveys: readonly SurveySummary[]
  /** Told when something was stored: there may be one survey more. */
  onStored: () => void
}

function Desk({ surveys, onStored }: DeskProps): JSX.Element {
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [choice, setChoice] = useState<Choice>(noChoice)
  const [round, setRound] = useState(0)
  const probe = useProbe(chosen, choice)
  const choose = (next: Chosen | null): void => {
    setChosen(next)
    setRound((count) => count + 1)
    if (!next) return
    const { file, index } = next
    const [start, end] = [index.starts[0] ?? 0, index.ends[0] ?? 0]
    void file
      .slice(start, end)
      .text()
      .then((first) => setChoice({ ...noChoice, content: guess(index.columns, first) }))
  }
  return (
    <div class="stack imports">
      <FileForm chosen={chosen} onChosen={choose} />
      {chosen && (
        <>
          <ChoiceForm
            choice={choice}
            surveys={surveys}
            columns={probe?.columns ?? chosen.index.columns}
            found={probe?.taken ?? null}
            onChoice={(next) => {
              setChoice(next)
              setRound((count) => count + 1)
            }}
          />
          <Work key={round} chosen={chosen} choice={choice} onStored={onStored} />
        </>
      )}
    </div>
  )
}

/** What the collector finds by the usual names in the first records. */
function useProbe(
  chosen: Chosen | null,
  choice: Choice,
): { columns: readonly string[]; taken: Readonly<Record<string, string>> } | null {
  const { content, survey, metric, points } = choice
  const key = chosen && `${chosen.file.name} ${chosen.file.lastModified} ${chosen.file.size}`
  return useLoad(
    key === null || content === 'own' ? null : `import ${key} ${content} ${survey} ${metric} ${points}`,
    async (signal) => {
      if (!chosen) throw new Error('Nothing is asked without a file.')
      const { file, index } = chosen
      const few = Array.from({ length: Math.min(fewRecords, index.starts.length) }, (_, place) => place)
      // What cannot be read is said when every line is looked at.
      const { text } = await readPart(file, index, few).catch(() => ({ text: '{}' }))
      const plain = { ...noChoice, content, survey, newId: notYet, metric, points }
      const body = { ...requestOf(plain, index.kind), text, dryRun: true }
      return ask('/v1/import', importShape, { method: 'POST', body, signal })
    },
  ).value
}

/** What is under way, and what was said. */
interface State {
  /** What is being done; null: nothing. */
  busy: 'look' | 'store' | null
  looked: Outcome | null
  stored: Outcome | null
  /** When the storing ended. */
  endedAt: string | null
  fault: Fault | null
  flaw: string | null
}

const idle: State = { busy: null, looked: null, stored: null, endedAt: null, fault: null, flaw: null }

interface WorkProps extends Pick<DeskProps, 'onStored'> {
  chosen: Chosen
  choice: Choice
}

function Work({ chosen, choice, onStored }: WorkProps): JSX.Element {
  const [state, setState] = useState<State>(idle)
  const change = (next: Partial<State>): void => setState((before) => ({ ...before, ...next }))
  const stopper = useRef(new AbortController())
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => () => stopper.current.abort(), [])
  const { busy, looked, stored, endedAt, fault, flaw } = state
  useEffect(() => {
    if (busy !== null || looked === null) return
    heading.current?.focus({ preventScroll: true })
    heading.current?.scrollIntoView({ block: 'start' })
  }, [busy, looked])
  const noun: Noun = choice.content === 'lifecycle' ? 'event' : 'response'

  const run = async (what: 'look' | 'store', from: Outcome | null): Promise<void> => {
    const lack = missing(choice)
    if (busy !== null) return
    if (lack !== null) return change({ flaw: lack })
    stopper.current = new AbortController()
    const { signal } = stopper.current
    const { file, index } = chosen
    const name = what === 'look' ? 'looked' : 'stored'
    change({ busy: what, fault: null, flaw: null, ...(what === 'look' && { looked: null, stored: null }) })
    try {
      const plan = await planFor(file, index, choice.content)
      const request = requestOf(choice, index.kind)
      const onPart = (so: Outcome): void => change({ [name]: so })
      const begun = from ?? nothing(plan.parts.length)
      const isDry = what === 'look'
      const done = await runParts({ file, index, plan, request, isDry, signal, onPart }, begun)
      const isEnd = what === 'store' && done.fault === null
      if (what === 'store') onStored()
      change({
        busy: null,
        [name]: done.outcome,
        fault: done.fault,
        ...(isEnd && { endedAt: new Date().toISOString() }),
      })
    } catch (error) {
      if (signal.aborted) change({ busy: null })
      else
        change({
          busy: null,
          flaw:
            error instanceof FileFlaw ? error.message : 'The file cannot be read any more. Choose it again.',
        })
    }
  }
  const isLooked = looked !== null && looked.done === looked.parts
  const isStored = stored !== null && stored.done === stored.parts
  const moving = busy === 'look' ? looked : stored
  return (
    <section class="panel stack work" aria-label="Look and import">
      {flaw !== null && (
        <p class="flaw" role="alert">
          {flaw}
        </p>
      )}
      {fault && <FaultNote fault={fault} />}
      {busy !== null && (
        <>
          <Progress
            outcome={moving ?? nothing(1)}
            verb={busy === 'look' ? 'Looking at every line' : 'Importing'}
          />
          <div class="row">
            <button type="button" onClick={() => stopper.current.abort()}>
              Stop
            </button>
          </div>
        </>
      )}
      {busy === null && isLooked && !stored && (
        <>
          <h2 tabIndex={-1} ref={heading}>
            {looked.bad === 0
              ? `${counted(looked.taken, noun)} can be taken`
              : `${counted(looked.taken, noun)} can be taken, ${counted(looked.bad, 'line')} cannot`}
          </h2>
          <p class="soft">
            Nothing is stored yet. What was imported before is found again, and not stored twice.
          </p>
          <OutcomeFacts outcome={looked} noun={noun} />
        </>
      )}
      {busy === null && stored !== null && (
        <>
          <h2 tabIndex={-1} ref={heading}>
            {isStored ? 'The receipt' : `Stopped after ${counted(stored.rows, 'row')}`}
          </h2>
          {!isStored && (
            <p>What was stored stays. Going on begins where it stopped, and stores nothing twice.</p>
          )}
          <Receipt chosen={chosen} choice={choice} outcome={stored} endedAt={endedAt} noun={noun} />
        </>
      )}
      {busy === null && !isStored && (
        <div class="row">
          {isLooked && looked.taken > 0 && (
            <button type="button" class="main" onClick={() => void run('store', stored)}>
              {stored !== null
                ? 'Go on'
                : looked.bad > 0
                  ? `Leave the wrong lines out and import ${counted(looked.taken, noun)}`
                  : `Import ${counted(looked.taken, noun)}`}
            </button>
          )}
          {stored === null && (
            <button
              type="button"
              class={isLooked ? undefined : 'main'}
              onClick={() => void run('look', null)}
            >
              {looked === null ? 'Look at every line' : 'Look once more'}
            </button>
          )}
        </div>
      )}
    </section>
  )
}
