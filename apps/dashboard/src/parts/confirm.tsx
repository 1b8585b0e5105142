/** A button for what cannot be undone: it asks first, in the place where it stands. */
import type { ComponentChildren, JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'

interface ConfirmProps {
  label: string
  question: string
  yes: string
  onYes: () => Promise<void> | void
  /** What is to be chosen before. */
  children?: ComponentChildren
}

export function Confirm({ label, question, yes, onYes, children }: ConfirmProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  const [isBusy, setBusy] = useState(false)
  const close = (): void => dialog.current?.close()
  return (
    <>
      <button type="button" class="danger" onClick={() => dialog.current?.showModal()}>
        {label}
      </button>
      <dialog ref={dialog} aria-label={label}>
        <p>{question}</p>
        {children}
        <div class="row">
          <button
            type="button"
            class="danger"
            aria-disabled={isBusy}
            onClick={() => {
              if (isBusy) return
              setBusy(true)
              void Promise.resolve(onYes()).finally(() => {
                setBusy(false)
                close()
              })
            }}
          >
            {yes}
          </button>
          <button type="button" onClick={close}>
            Leave it
          </button>
        </div>
      </dialog>
    </>
  )
}
