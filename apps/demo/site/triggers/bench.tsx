/** One tryout: its ways on one side, and what Earshot sees on the other. */
import type { ExplainedRule, Explanation } from '@earshot/sdk'
import type { JSX } from 'preact'
import type { Act, Tryout, Way } from '../../src/tryout.ts'
import { baseOf } from './perform.ts'
import { buttonText, handText, placeText, seenText, untilText, wantedText } from './words.ts'

export interface BenchProps {
  tryout: Tryout
  explanation: Explanation | null
  /** The latest events, newest first. */
  said: readonly string[]
  onAct(act: Act): void
}

export function Bench({ tryout, explanation, said, onAct }: BenchProps): JSX.Element {
  const { title, text, ways, scene } = tryout
  return (
    <>
      <p class="crumb">
        <a href="/triggers">All tryouts</a>
      </p>
      <h1 tabIndex={-1}>{title}</h1>
      <p class="lead">{text}</p>
      <div class="bench">
        <div class="ways">
          {ways.map((way, index) => (
            <WayCard key={way.title} {...{ tryout, way, index, onAct }} />
          ))}
          {scene === 'button' && <Scene scene={scene} />}
        </div>
        <section class="why" aria-label="What Earshot sees">
          <h2>What Earshot sees</h2>
          <p class="summary" role="status">
            {explanation?.summary ?? 'Earshot is starting.'}
          </p>
          <ol class="rules">
            {explanation?.rules.map((each) => (
              <RuleRow key={each.rule} {...each} />
            ))}
          </ol>
          <h3>Heard</h3>
          <p class="said">{said.length ? said.join(' · ') : 'Nothing yet.'}</p>
          <button type="button" class="link" onClick={() => onAct({ do: 'renew' })}>
            Begin as a new visitor
          </button>
        </section>
      </div>
      {scene && scene !== 'button' && <Scene scene={scene} />}
    </>
  )
}

interface WayProps {
  tryout: Tryout
  way: Way
  index: number
  onAct(act: Act): void
}

function WayCard({ tryout, way, index, onAct }: WayProps): JSX.Element {
  const { title, place, acts, shown, reason } = way
  const where = place && placeText(place)
  return (
    <section class={`way ${shown ? 'shows' : 'stays'}`}>
      <p class="verdict">
        <span aria-hidden="true">{shown ? '✓' : '✕'}</span> {shown ? 'Appears' : 'Stays away'}
        {reason && `: ${reason}`}
      </p>
      <h2>{title}</h2>
      {where && (
        <p class="soft">
          {where}{' '}
          {place.query && (
            <a href={baseOf(tryout) + place.query}>
              <bdi>{place.query}</bdi>
            </a>
          )}
        </p>
      )}
      <ol class="acts">
        {acts.map((act, step) => (
          // The same act may come twice, and has no name but its place.
          <li key={step}>
            {handText(act) ?? (
              <button type="button" data-act={`${index}.${step}`} onClick={() => onAct(act)}>
                {buttonText(act)}
              </button>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

/** What passes says it in a line; what fails says also what it wants, and for how long. */
function RuleRow(rule: ExplainedRule): JSX.Element {
  const { rule: name, pass, seen, wanted, reason } = rule
  const more = [wantedText(wanted), untilText(rule)].filter(Boolean).join(', ')
  return (
    <li class={pass ? 'pass' : 'fail'} data-rule={name}>
      <span class="sign" aria-hidden="true">
        {pass ? '✓' : '✕'}
      </span>
      <span class="name">
        <b>
          {name}
          <span class="unseen">{pass ? ' passes, sees ' : ' fails, sees '}</span>
        </b>
        <bdi class="sees">{seenText(seen)}</bdi>
      </span>
      {!pass && (more || reason) && (
        <span class="wants">
          {more && <bdi>{more}</bdi>}
          {reason && <em> {reason}</em>}
        </span>
      )}
    </li>
  )
}

function Scene({ scene }: { scene: NonNullable<Tryout['scene']> }): JSX.Element {
  if (scene === 'button')
    return (
      <p class="scene">
        <button type="button" class="main" id="scene-button">
          Apply
        </button>
      </p>
    )
  if (scene === 'offer')
    return (
      <>
        <div class="gap" aria-hidden="true" />
        <p class="scene" id="offer">
          Three pots for the price of two, until Sunday.
        </p>
      </>
    )
  return <div class="gap" aria-hidden="true" />
}
