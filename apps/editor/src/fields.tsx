/** Fields with their labels, hints and errors. */
import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Flaw } from './judge.ts'

let last = 0
/** Preact's own ids begin anew whenever the whole page is drawn anew, and would come twice. */
export function useOwnId(): string {
  return useState(() => `field-${++last}`)[0]
}

interface FieldProps {
  label: string
  hint?: string | undefined
  /** What is wrong with it. */
  flaws?: readonly Flaw[] | undefined
  lang?: string | undefined
}

/** What is wrong at a path. */
export const flawsAt = (flaws: readonly Flaw[], path: string): Flaw[] =>
  flaws.filter((each) => each.path === path)

interface FrameProps extends FieldProps {
  id: string
  children: ComponentChildren
}

function Field({ id, label, hint, flaws = [], children }: FrameProps): JSX.Element {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      <Notes {...{ id, hint, flaws }} />
    </div>
  )
}

/** What is said below a field: its hint, and what is wrong with it. */
function Notes({ id, hint, flaws = [] }: Pick<FrameProps, 'id' | 'hint' | 'flaws'>): JSX.Element {
  return (
    <>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {flaws.length > 0 && (
        <p class="flaw" id={`${id}-flaw`}>
          {flaws.map((each) => each.message).join(' ')}
        </p>
      )}
    </>
  )
}

/** What every kind of field says of itself. */
interface Described {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean | undefined
  lang: string | undefined
}

function described(id: string, { hint, flaws = [], lang }: FieldProps): Described {
  const by = [hint && `${id}-hint`, flaws.length > 0 && `${id}-flaw`].filter(Boolean).join(' ')
  return {
    id,
    'aria-describedby': by || undefined,
    'aria-invalid': flaws.some((each) => each.severity === 'error') || undefined,
    lang,
  }
}

interface TextProps extends FieldProps {
  value: unknown
  onText(text: string): void
  /** As many lines as it needs. */
  long?: boolean | undefined
  placeholder?: string | undefined
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

export function TextField(props: TextProps): JSX.Element {
  const { value, onText, long, placeholder } = props
  const id = useOwnId()
  const shared = { ...described(id, props), value: textOf(value), placeholder }
  return (
    <Field id={id} {...props}>
      {long ? (
        <textarea {...shared} rows={1} onInput={(event) => onText(event.currentTarget.value)} />
      ) : (
        <input
          {...shared}
          type="text"
          autocomplete="off"
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

interface NumberProps extends FieldProps {
  value: unknown
  onNumber(value: number | undefined): void
  min?: number
  max?: number
  step?: number
  placeholder?: string
}

export function NumberField(props: NumberProps): JSX.Element {
  const { value, onNumber, min = 0, max, step = 1, placeholder } = props
  const id = useOwnId()
  return (
    <Field id={id} {...props}>
      <input
        {...described(id, props)}
        type="number"
        inputMode="decimal"
        {...{ min, max, step, placeholder }}
        value={textOf(value)}
        onInput={({ currentTarget: { value: text, valueAsNumber } }) =>
          onNumber(text === '' ? undefined : valueAsNumber)
        }
      />
    </Field>
  )
}

interface SelectProps extends FieldProps {
  value: string
  options: readonly (readonly [value: string, text: string])[]
  onValue(value: string): void
}

export function SelectField(props: SelectProps): JSX.Element {
  const { value, options, onValue } = props
  const id = useOwnId()
  return (
    <Field id={id} {...props}>
      <select
        {...described(id, props)}
        value={value}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        {options.map(([each, text]) => (
          <option key={each} value={each} selected={each === value}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  )
}

interface CheckProps {
  label: string
  checked: boolean
  onChecked(checked: boolean): void
}

export function CheckField({ label, checked, onChecked }: CheckProps): JSX.Element {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChecked(event.currentTarget.checked)} />
      {label}
    </label>
  )
}

interface ChecksProps extends Omit<FieldProps, 'label'> {
  legend: string
  options: readonly (readonly [value: string, text: string])[]
  /** What is checked; anything else than a list is none. */
  values: unknown
  /** In the order of the options. */
  onValues(values: string[]): void
}

/** Several of a few, under one legend. */
export function ChecksField(props: ChecksProps): JSX.Element {
  const { legend, options, values, hint, flaws = [], lang, onValues } = props
  const id = useOwnId()
  const checked = new Set<unknown>(Array.isArray(values) ? values : [])
  const isKept = (value: string, own: string, isChecked: boolean): boolean =>
    value === own ? isChecked : checked.has(value)
  return (
    <fieldset
      class="field checks"
      aria-describedby={described(id, { label: legend, hint, flaws })['aria-describedby']}
    >
      <legend>{legend}</legend>
      <div lang={lang}>
        {options.map(([each, text]) => (
          <CheckField
            key={each}
            label={text}
            checked={checked.has(each)}
            onChecked={(isChecked) =>
              onValues(options.map(([value]) => value).filter((value) => isKept(value, each, isChecked)))
            }
          />
        ))}
      </div>
      <Notes id={id} hint={hint} flaws={flaws} />
    </fieldset>
  )
}

interface ChoiceProps<Value extends string> {
  legend: string
  value: Value
  options: readonly (readonly [value: Value, text: string])[]
  onValue(value: Value): void
}

/** A few choices side by side. */
export function Switch<Value extends string>({
  legend,
  value,
  options,
  onValue,
}: ChoiceProps<Value>): JSX.Element {
  const name = useOwnId()
  return (
    <fieldset class="switch">
      <legend>{legend}</legend>
      <div>
        {options.map(([each, text]) => (
          <label key={each}>
            <input type="radio" name={name} checked={each === value} onChange={() => onValue(each)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
