/** Who would be asked: synthetic visitors, lived by the engine that runs in the browser. */
import type { VisitorsResult } from '@earshot/sdk/simulate'
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { NumberField } from './fields.tsx'
import type { SimulateAnswer, SimulateTask } from './simulateWorker.ts'
// oxlint-disable-next-line import/default -- Vite makes it.
import address from './simulateWorker.ts?worker&url'
import type { Sound } from './view.ts'

type Outcome = 'working' | { result: VisitorsResult; of: Sound } | { problem: string } | null

/** What Trusted Types have of a policy, where a browser knows them. */
interface Policies {
  createPolicy(name: string, rules: object): { createScriptURL(url: string): string }
}

/** A page that is strict takes the address of a worker by a policy alone; this one lets our own worker through. */
const policy = (globalThis as { trustedTypes?: Policies }).trustedTypes?.createPolicy('earshot-editor', {
  createScriptURL: (url: string) => (url === address ? url : ''),
})
const trusted = (url: string): string => policy?.createScriptURL(url) ?? url

const mostVisitors = 20_000
const mostDays = 730

interface SimulationProps {
  sound: Sound
  /** Told what was simulated, when it is done. */
  onDone?: ((of: Sound) => void) | undefined
}

export function Simulation({ sound, onDone }: SimulationProps): JSX.Element {
  const [visitors, setVisitors] = useState<number | undefined>(1000)
  const [days, setDays] = useState<number | undefined>(90)
  const [outcome, setOutcome] = useState<Outcome>(null)
  const worker = useRef<Worker | null>(null)
  const stop = (): void => {
    worker.current?.terminate()
    worker.current = null
  }
  useEffect(() => stop, [])

  const run = (): void => {
    stop()
    setOutcome('working')
    const own = new Worker(trusted(address), { type: 'module' })
    worker.current = own
    const end = (next: Outcome): void => {
      stop()
      setOutcome(next)
    }
    own.addEventListener('message', ({ data }: MessageEvent<SimulateAnswer>) => {
      end('result' in data ? { result: data.result, of: sound } : data)
      if ('result' in data) onDone?.(sound)
    })
    own.addEventListener('error', () =>
      end({ problem: 'The simulation could not be loaded. Reload the page.' }),
    )
    const task: SimulateTask = {
      ...sound,
      visitors: bounded(visitors, 1000, mostVisitors),
      days: bounded(days, 90, mostDays),
    }
    own.postMessage(task, [])
  }
  const isWorking = outcome === 'working'
  const isOlder = outcome !== null && outcome !== 'working' && 'of' in outcome && outcome.of !== sound
  return (
    <>
      <p class="lead">
        Synthetic visitors come and go, and the engine of the SDK decides who is asked. How they behave is an
        assumption: a visit and a half a week, four pages a visit; events that the survey waits for happen on
        every tenth page.
      </p>
      <div class="row run">
        <NumberField label="Visitors" value={visitors} min={1} max={mostVisitors} onNumber={setVisitors} />
        <NumberField label="Days" value={days} min={1} max={mostDays} onNumber={setDays} />
        <p>
          <button type="button" class="main" disabled={isWorking} onClick={run}>
            Simulate
          </button>
        </p>
      </div>
      <p role="status" class="soft">
        {isWorking && 'The visitors are on their way …'}
        {isOlder && 'The survey has changed since. Simulate again to see the difference.'}
        {outcome !== null &&
          outcome !== 'working' &&
          'result' in outcome &&
          !isOlder &&
          summary(outcome.result)}
      </p>
      {outcome !== null && outcome !== 'working' && 'problem' in outcome && (
        <p class="notice">{outcome.problem}</p>
      )}
      {outcome !== null && outcome !== 'working' && 'result' in outcome && <Result result={outcome.result} />}
    </>
  )
}

const bounded = (value: number | undefined, preset: number, most: number): number =>
  Math.min(most, Math.max(1, Math.round(value ?? preset)))

const figure = new Intl.NumberFormat('en')

function summary({ visitors, days, visits, surveys: [totals] }: VisitorsResult): string {
  const { people = 0, asked = 0 } = totals ?? {}
  return `${figure.format(visitors)} visitors in ${days} days came in ${figure.format(visits)} visits. ${figure.format(people)} of them were asked, ${figure.format(asked)} times in all.`
}

function Result({ result }: { result: VisitorsResult }): JSX.Element {
  const { asksPerPerson, visitors, mostIn30Days, surveys } = result
  const [totals] = surveys
  const largest = Math.max(...asksPerPerson, 1)
  return (
    <div class="result">
      <table class="bars">
        <caption>Asks per person</caption>
        <thead>
          <tr>
            <th scope="col">Asked</th>
            <th scope="col">People</th>
            <th scope="col">
              <span class="unseen">Share</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {asksPerPerson.map((people, times) => (
            <tr key={times}>
              <th scope="row">{timesText(times)}</th>
              <td>{figure.format(people)}</td>
              <td>
                <span class="bar" style={{ inlineSize: `${(people / largest) * 60}%` }} aria-hidden="true" />
                {((people / visitors) * 100).toFixed(1)} %
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div>
        <table>
          <caption>Why people were not asked</caption>
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col">Refusals</th>
              <th scope="col">Never asked</th>
            </tr>
          </thead>
          <tbody>
            {reasonsOf(totals).map(([reason, refused, never]) => (
              <tr key={reason}>
                <th scope="row">
                  <code>{reason}</code>
                </th>
                <td>{figure.format(refused)}</td>
                <td>{figure.format(never)}</td>
              </tr>
            ))}
            {reasonsOf(totals).length === 0 && (
              <tr>
                <td colSpan={3}>Everybody was asked, and nothing was refused.</td>
              </tr>
            )}
          </tbody>
        </table>
        <p class="hint">
          “Refusals” counts moments, “never asked” people, by their last reason.{' '}
          {mostIn30Days === 0
            ? 'Nobody was asked.'
            : `Nobody was asked more than ${timesText(mostIn30Days)} in 30 days.`}
        </p>
      </div>
    </div>
  )
}

const timesText = (times: number): string =>
  times === 0 ? 'never' : times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`

function reasonsOf(totals: VisitorsResult['surveys'][number] | undefined): [string, number, number][] {
  const { refusals = {}, neverAsked = {} } = totals ?? {}
  const names = [...new Set([...Object.keys(refusals), ...Object.keys(neverAsked)])]
  return names
    .map((name): [string, number, number] => [
      name,
      refusals[name as keyof typeof refusals] ?? 0,
      neverAsked[name as keyof typeof neverAsked] ?? 0,
    ])
    .sort((one, other) => other[2] - one[2] || other[1] - one[1])
}
