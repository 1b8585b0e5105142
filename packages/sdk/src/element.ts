/** Earshot as a custom element: `<earshot-survey survey="nps-q4">` is a place for a survey in any page. */
import type { Earshot, EarshotEvents, EarshotOptions, Scalar } from './index.ts'
import { createHolder, type Holder } from './wrapper/holder.ts'

export type { Earshot, EarshotEvents, EarshotOptions, Scalar }

/** An element of this kind. It dispatches `answered`, `completed` and `dismissed`, which do not bubble. */
export interface EarshotSurveyElement extends HTMLElement {
  /** Values for hidden fields that no attribute can name or hold: numbers, capitals. They win over attributes. */
  hiddenFields?: Record<string, Scalar>
}

/** The events of the element. Their `detail` is that of the client's event of the same name. */
export type EarshotSurveyEvents = {
  [Name in 'answered' | 'completed' | 'dismissed']: CustomEvent<EarshotEvents[Name]>
}

/** Holders of the elements that were defined here. */
const holders = /* @__PURE__ */ new WeakMap<CustomElementConstructor, Holder>()
/** The place that an element has now. */
const places = /* @__PURE__ */ new WeakMap<Element, () => void>()

/**
 * Defines `<earshot-survey survey="nps-q4" force hidden-plan="pro">`, which shows the survey where it stands, if no rule
 * speaks against it, and closes it when it is taken out of the page. Elements that are in the page already become alive.
 * Defined again under the same name, all of them go over to the new client. On a server nothing happens.
 *
 * @param source options of a client to start, or a client
 * @returns the client; on a server its commands do nothing
 * @throws TypeError when the name is none for an element or is taken by another one, or an option is malformed
 * @example
 * const earshot = defineEarshotElement({ key: 'pk_…', collector: 'https://feedback.example.com' })
 * earshot.track('checkout_done')
 */
export function defineEarshotElement(
  source: EarshotOptions | Earshot,
  name: string = 'earshot-survey',
): Earshot {
  if (typeof customElements === 'undefined') return createHolder().earshot
  const taken = customElements.get(name)
  const known = taken && holders.get(taken)
  if (taken && !known)
    throw new TypeError(`Earshot: the element name "${name}" is taken; give another, "acme-survey"`)
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(name))
    throw new TypeError(`Earshot: "${name}" is no name for an element; it must be like "acme-survey"`)
  const holder = known ?? createHolder()
  holder.start(source)
  if (!known) {
    const element = createElementType(holder)
    holders.set(element, holder)
    customElements.define(name, element)
  }
  return holder.earshot
}

/** The type of the element, written as a function: what runs is what a class would be. */
function createElementType(holder: Holder): CustomElementConstructor {
  function EarshotSurvey(): HTMLElement {
    return Reflect.construct<[], HTMLElement>(HTMLElement, [], new.target as never)
  }

  const close = (element: HTMLElement): void => {
    places.get(element)?.()
    places.delete(element)
  }

  const open = (element: HTMLElement): void => {
    const survey = element.getAttribute('survey')
    if (!survey) return
    const names = ['answered', 'completed', 'dismissed'] as const
    const stops = names.map((name) =>
      holder.earshot.on(name, (detail) => {
        if (detail.survey === survey) element.dispatchEvent(new CustomEvent(name, { detail }))
      }),
    )
    stops.push(
      holder.place(element, survey, () => ({
        force: element.hasAttribute('force'),
        hidden: hiddenOf(element),
      })),
    )
    places.set(element, () => {
      for (const stop of stops) stop()
    })
  }

  const parts = {
    connectedCallback(this: HTMLElement): void {
      if (!places.has(this)) open(this)
    },
    disconnectedCallback(this: HTMLElement): void {
      // One that was only moved is connected again by then.
      queueMicrotask(() => {
        if (!this.isConnected) close(this)
      })
    },
    /** Where a page moves it by `moveBefore`, nothing happens. */
    connectedMoveCallback(): void {},
    attributeChangedCallback(
      this: HTMLElement,
      _name: string,
      before: string | null,
      now: string | null,
    ): void {
      if (before === now || !this.isConnected) return
      close(this)
      open(this)
    },
  }
  EarshotSurvey.observedAttributes = ['survey']
  EarshotSurvey.prototype = Object.assign(Object.create(HTMLElement.prototype), parts)
  EarshotSurvey.prototype.constructor = EarshotSurvey
  Object.setPrototypeOf(EarshotSurvey, HTMLElement)
  return EarshotSurvey as unknown as CustomElementConstructor
}

function hiddenOf(element: EarshotSurveyElement): Record<string, Scalar> | undefined {
  const prefix = 'hidden-'
  const named = [...element.attributes].filter(({ name }) => name.startsWith(prefix))
  const fields = Object.fromEntries(named.map(({ name, value }) => [name.slice(prefix.length), value]))
  return { ...fields, ...element.hiddenFields }
}
