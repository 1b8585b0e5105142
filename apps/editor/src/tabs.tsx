/** Two views of one thing, of which one is seen. */
import type { ComponentChildren, JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { useOwnId } from './fields.tsx'

interface TabsProps<Name extends string> {
  label: string
  value: Name
  tabs: readonly (readonly [name: Name, text: string, panel: ComponentChildren])[]
  onValue(value: Name): void
}

export function Tabs<Name extends string>({ label, value, tabs, onValue }: TabsProps<Name>): JSX.Element {
  const id = useOwnId()
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(([name]) => name === value)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = (to + tabs.length) % tabs.length
    onValue((tabs[next] as (typeof tabs)[number])[0])
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus()
  }
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map(([name, text]) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            aria-selected={name === value}
            aria-controls={`${id}-${name}-panel`}
            tabIndex={name === value ? 0 : -1}
            onClick={() => onValue(name)}
          >
            {text}
          </button>
        ))}
      </div>
      {tabs.map(([name, , panel]) => (
        <div
          key={name}
          role="tabpanel"
          id={`${id}-${name}-panel`}
          aria-labelledby={`${id}-${name}`}
          hidden={name !== value}
        >
          {panel}
        </div>
      ))}
    </>
  )
}
