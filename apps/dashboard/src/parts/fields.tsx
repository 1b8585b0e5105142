/** Fields with their labels and hints. */
import type { ComponentChildren, JSX } from 'preact'
import { useId } from 'preact/hooks'

interface FieldProps {
  label: string
  hint?: string | undefined
  /** What is wrong with it. */
  flaw?: string | undefined
}

interface FrameProps extends FieldProps {
  children: (described: {
    id: string
    'aria-describedby': string | undefined
    'aria-invalid': boolean | undefined
  }) => ComponentChildren
}

function Field({ label, hint, flaw, children }: FrameProps): JSX.Element {
  const id = useId()
  const by = [hint && `${id}-hint`, flaw && `${id}-flaw`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': by || undefined, 'aria-invalid': flaw ? true : undefined })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {flaw && (
        <p class="flaw" id={`${id}-flaw`}>
          {flaw}
        </p>
      )}
    </div>
  )
}

interface TextProps extends FieldProps {
  value: string
  onText: (text: string) => void
  type?: 'text' | 'search' | 'password' | 'date' | 'number'
  isRequired?: boolean
  min?: number
  autocomplete?: string
  /** As many lines; default a field of one line. */
  lines?: number
  /** Told when somebody goes on from it. */
  onLeave?: () => void
}

export function TextField(props: TextProps): JSX.Element {
  const { value, onText, type = 'text', isRequired, min, autocomplete = 'off', lines, onLeave } = props
  return (
    <Field {...props}>
      {(described) =>
        lines === undefined ? (
          <input
            {...described}
            // Its type decides which roles an input may have, and there is none here.
            {...({ type } as { type: 'text' })}
            value={value}
            required={isRequired}
            min={min}
            autocomplete={autocomplete}
            spellcheck={false}
            onBlur={onLeave}
            onInput={(event) => onText(event.currentTarget.value)}
          />
        ) : (
          <textarea
            {...described}
            rows={lines}
            value={value}
            required={isRequired}
            spellcheck={false}
            onBlur={onLeave}
            onInput={(event) => onText(event.currentTarget.value)}
          />
        )
      }
    </Field>
  )
}

interface SelectProps extends FieldProps {
  value: string
  options: readonly (readonly [value: string, text: string])[]
  onValue: (value: string) => void
  onFocus?: () => void
}

export function SelectField(props: SelectProps): JSX.Element {
  const { value, options, onValue, onFocus } = props
  return (
    <Field {...props}>
      {(described) => (
        <select
          {...described}
          value={value}
          onFocus={onFocus}
          onChange={(event) => onValue(event.currentTarget.value)}
        >
          {options.map(([each, text]) => (
            <option key={each} value={each} selected={each === value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
