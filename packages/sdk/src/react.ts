/** Earshot in React: a provider that holds the client, hooks, and a place for a survey. */
import {
  createContext,
  createElement,
  useContext,
  useEffect,
  useRef,
  useState,
  type ReactElement,
  type ReactNode,
} from 'react'
import type { Earshot, EarshotEvents, EarshotOptions, Scalar } from './index.ts'
import { createHolder, type Holder } from './wrapper/holder.ts'

export type { Earshot, EarshotEvents, EarshotOptions, Scalar }

/** What a provider gets: options, or a client that somebody else starts and ends. */
export type EarshotProviderProps = { children?: ReactNode } & (
  | { options: EarshotOptions; client?: undefined }
  | { client: Earshot; options?: undefined }
)

/** Where a survey is to stand, and what it is asked with. */
export interface SurveyProps {
  /** Of the survey. */
  id: string
  /** Shows it whatever protects from too many questions. */
  force?: boolean
  /** Values for the survey's hidden fields. */
  hidden?: Record<string, Scalar>
  /** Of the element around it. */
  className?: string
  /** An answer is stored on this device. */
  onAnswered?: (detail: EarshotEvents['answered']) => void
  /** The respondent reached the end. */
  onCompleted?: (detail: EarshotEvents['completed']) => void
  /** It was closed before the end. */
  onDismissed?: (detail: EarshotEvents['dismissed']) => void
}

const HolderContext = /* @__PURE__ */ createContext<Holder | null>(null)

/**
 * Starts Earshot in the browser when it is mounted, and ends it when it is unmounted. On a server it renders its
 * children and nothing else. Other options take effect with another `key`; a `client` that is given is never ended here.
 *
 * @throws TypeError when it is mounted with options that are missing or malformed; the message says how to mend them
 * @example
 * createElement(EarshotProvider, { options: { key: 'pk_…', collector: 'https://feedback.example.com' } }, app)
 */
export function EarshotProvider({ options, client, children }: EarshotProviderProps): ReactElement {
  const [holder] = useState(createHolder)
  const latest = useLatest(options)
  const key = options?.key
  useEffect(
    () => holder.start(client ?? { ...(latest.current as EarshotOptions), key: key as string }),
    [holder, latest, client, key],
  )
  return createElement(HolderContext.Provider, { value: holder }, children)
}

/**
 * The client of the provider above, the same for as long as that is mounted. Commands that are given before it has
 * started wait for it, also those of effects; on a server they do nothing.
 *
 * @throws Error when there is no provider above
 * @example
 * const earshot = useEarshot()
 * earshot.track('checkout_done')
 */
export function useEarshot(): Earshot {
  return useHolder().earshot
}

/**
 * Hears an event while the component is mounted. The handler may be another one at each rendering.
 *
 * @example
 * useEarshotEvent('completed', ({ survey }) => console.log(survey))
 */
export function useEarshotEvent<Name extends keyof EarshotEvents>(
  name: Name,
  handler: (detail: EarshotEvents[Name]) => void,
): void {
  const earshot = useEarshot()
  const latest = useLatest(handler)
  useEffect(() => earshot.on(name, (detail) => latest.current(detail)), [earshot, latest, name])
}

/**
 * A place in the page that shows a survey when it is mounted, if no rule speaks against it, and closes it when it is
 * unmounted.
 *
 * @example
 * createElement(Survey, { id: 'nps-q4', onCompleted: () => console.log('thanks') })
 */
export function Survey({
  id,
  force,
  hidden,
  className,
  onAnswered,
  onCompleted,
  onDismissed,
}: SurveyProps): ReactElement {
  const holder = useHolder()
  const element = useRef<HTMLDivElement>(null)
  const how = useLatest({ force, hidden })
  useEffect(() => holder.place(element.current as Element, id, () => how.current), [holder, how, id])
  useEarshotEvent('answered', (detail) => detail.survey === id && onAnswered?.(detail))
  useEarshotEvent('completed', (detail) => detail.survey === id && onCompleted?.(detail))
  useEarshotEvent('dismissed', (detail) => detail.survey === id && onDismissed?.(detail))
  // oxlint-disable-next-line react/refs -- handed over, as JSX would
  return createElement('div', { ref: element, className })
}

function useHolder(): Holder {
  const holder = useContext(HolderContext)
  if (!holder)
    throw new Error(
      'Earshot: there is no client here. Put <EarshotProvider options={…}> around the component.',
    )
  return holder
}

/** What was rendered last, for what happens later. Set by the first effect, so that those after it find it. */
function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value)
  useEffect(() => {
    latest.current = value
  })
  return latest
}
