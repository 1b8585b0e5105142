/** Chooses which answers or customers are counted. The conditions stand in the address, so that a link shows what its sender saw. */
import type { JSX } from 'preact'
import { useId, useMemo, useRef, useState } from 'preact/hooks'
import { reportPath } from '../api/reports.ts'
import { reportShape } from '../api/shapes.ts'
import { useAsk } from '../api/use.ts'
import { valueText } from '../numbers/format.ts'
import { SelectField, TextField } from '../parts/fields.tsx'
import type { Period } from '../period/period.ts'
import { setQuery, usePlace } from '../shell/place.ts'
import { type Choice, conditionOf, conditionTitle, knownValues, meaningOf, withCondition } from './where.ts'

/** The conditions of the address; the same list until it changes. */
export function useWhere(): readonly string[] {
  const { query } = usePlace()
  return useMemo(() => query.getAll('where').filter((each) => conditionOf(each) !== null), [query])
}

interface FilterProps {
  choices: readonly Choice[]
  /** What is counted, in words: "answers". */
  of: string
  period: Period
  /** Whose answers have values to choose from; null: values are written. */
  survey: string | null
}

export function WhereFilter({ choices, of, period, survey }: FilterProps): JSX.Element {
  const where = useWhere()
  const opener = useRef<HTMLElement>(null)
  const [isOpen, setOpen] = useState(false)
  const meaning = meaningOf(where)
  const set = (next: readonly string[]): void => setQuery({ where: next, one: null, other: null })
  return (
    <section class="where" aria-label={`Which ${of} are counted`}>
      {where.length > 0 && (
        <>
          <p>Only {of} where</p>
          <ul class="tags">
            {where.map((each) => {
              const condition = conditionOf(each)
              const title = condition ? conditionTitle(condition, choices) : each
              return (
                <li key={each} class="tag strong">
                  <span>{title}</span>
                  <button
                    type="button"
                    class="take"
                    aria-label={`Take away: ${title}`}
                    onClick={() => {
                      set(where.filter((other) => other !== each))
                      opener.current?.focus()
                    }}
                  >
                    ×
                  </button>
                </li>
              )
            })}
          </ul>
          {meaning && <p class="soft">{meaning}</p>}
        </>
      )}
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary ref={opener}>{where.length === 0 ? `Count only some ${of}` : 'One more condition'}</summary>
        {isOpen && (
          <Adder
            choices={choices}
            period={period}
            survey={survey}
            onAdd={(name, value) => {
              set(withCondition(where, { name, value }))
              setOpen(false)
              opener.current?.focus()
            }}
          />
        )}
      </details>
    </section>
  )
}

interface AdderProps extends Omit<FilterProps, 'of'> {
  onAdd: (name: string, value: string | null) => void
}

function Adder({ choices, period, survey, onAdd }: AdderProps): JSX.Element {
  const [kind, setKind] = useState(choices[0]?.[0] ?? '')
  const [trait, setTrait] = useState('')
  const [flaw, setFlaw] = useState<string | undefined>(undefined)
  const name = kind === 'trait.' ? `trait.${trait.trim()}` : kind
  const isNamed = name !== 'trait.'
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault()
        const value = new FormData(event.currentTarget).get('value')
        if (isNamed) onAdd(name, typeof value === 'string' && value.trim() !== '' ? value.trim() : null)
        else setFlaw('Give the name of the trait first.')
      }}
    >
      <SelectField
        label="Only where"
        value={kind}
        options={choices}
        onValue={(next) => {
          setKind(next)
          setFlaw(undefined)
        }}
      />
      {kind === 'trait.' && (
        <TextField
          label="Name of the trait"
          hint="As the page gives it, for example plan."
          value={trait}
          flaw={flaw}
          onText={(text) => {
            setTrait(text)
            setFlaw(undefined)
          }}
        />
      )}
      <Values key={name} name={name} isNamed={isNamed} period={period} survey={survey} />
      <button type="submit" class="main">
        Count only these
      </button>
    </form>
  )
}

interface ValuesProps {
  name: string
  isNamed: boolean
  period: Period
  survey: string | null
}

/** The values there are, to choose from; any other can be written. */
function Values({ name, isNamed, period, survey }: ValuesProps): JSX.Element {
  const id = useId()
  const known = knownValues(name)
  const report = useAsk(
    survey !== null && isNamed && known === null
      ? reportPath({ metric: 'response', survey, by: name }, period)
      : null,
    reportShape,
  )
  const values = known ?? report.value?.segments?.rows.flatMap(({ value }) => value ?? []) ?? []
  return (
    <div class="field">
      <label for={id}>is</label>
      <input
        id={id}
        name="value"
        list={`${id}-list`}
        autocomplete="off"
        spellcheck={false}
        aria-describedby={`${id}-hint`}
      />
      <datalist id={`${id}-list`}>
        {values.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <p class="hint" id={`${id}-hint`}>
        {values.length === 0
          ? `Empty: ${valueText(null)}.`
          : `${values.slice(0, 3).join(', ')}${values.length > 3 ? ' …' : ''}; empty: ${valueText(null)}.`}
      </p>
    </div>
  )
}
