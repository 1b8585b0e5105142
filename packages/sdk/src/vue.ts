/** Earshot in Vue: a plugin that holds the client, composables, and a place for a survey. */
import {
  defineComponent,
  h,
  inject,
  onActivated,
  onBeforeUnmount,
  onDeactivated,
  onMounted,
  onScopeDispose,
  ref,
  watch,
  type App,
  type DefineSetupFnComponent,
  type InjectionKey,
} from 'vue'
import type { Earshot, EarshotEvents, EarshotOptions, Scalar } from './index.ts'
import { createHolder, type Holder } from './wrapper/holder.ts'

export type { Earshot, EarshotEvents, EarshotOptions, Scalar }

/** What `app.use` takes. */
export interface EarshotPlugin {
  install(app: App): void
}

/** What `Survey` is given. A type, because Vue wants an index. */
export type SurveyProps = {
  /** Of the survey. */
  id: string
  /** Shows it whatever protects from too many questions. */
  force?: boolean
  /** Values for the survey's hidden fields. */
  hidden?: Record<string, Scalar>
}

/** What `Survey` tells. */
export type SurveyEmits = {
  /** An answer is stored on this device. */
  answered: (detail: EarshotEvents['answered']) => void
  /** The respondent reached the end. */
  completed: (detail: EarshotEvents['completed']) => void
  /** It was closed before the end. */
  dismissed: (detail: EarshotEvents['dismissed']) => void
}

const holderKey: InjectionKey<Holder> = /* @__PURE__ */ Symbol('earshot')

/**
 * Starts Earshot in the browser when an app uses it, and ends it when the app is unmounted. On a server nothing is
 * started. Takes options, or a client that somebody else starts and ends.
 *
 * @throws TypeError when it is used with options that are missing or malformed; the message says how to mend them
 * @example
 * createApp(Root).use(createEarshotPlugin({ key: 'pk_…', collector: 'https://feedback.example.com' }))
 */
export function createEarshotPlugin(source: EarshotOptions | Earshot): EarshotPlugin {
  return {
    install(app) {
      const holder = createHolder()
      app.provide(holderKey, holder)
      if (typeof document !== 'undefined') app.onUnmount(holder.start(source))
    },
  }
}

/**
 * The client of the app. To be called in `setup`. On a server its commands do nothing.
 *
 * @throws Error when the app does not use the plugin
 * @example
 * const earshot = useEarshot()
 * earshot.track('checkout_done')
 */
export function useEarshot(): Earshot {
  return useHolder().earshot
}

/**
 * Hears an event until the component is unmounted. To be called in `setup`.
 *
 * @example
 * useEarshotEvent('completed', ({ survey }) => console.log(survey))
 */
export function useEarshotEvent<Name extends keyof EarshotEvents>(
  name: Name,
  handler: (detail: EarshotEvents[Name]) => void,
): void {
  onScopeDispose(useEarshot().on(name, handler))
}

/**
 * A place in the page that shows a survey when it is mounted, if no rule speaks against it, and closes it when it is
 * unmounted.
 *
 * @example
 * h(Survey, { id: 'nps-q4', onCompleted: () => console.log('thanks') })
 */
export const Survey: DefineSetupFnComponent<SurveyProps, SurveyEmits> = /* @__PURE__ */ defineComponent<
  SurveyProps,
  SurveyEmits
>(
  (props, { emit }) => {
    const holder = useHolder()
    const element = ref<Element>()
    let close = (): void => {}
    const open = (): void => {
      close()
      close = holder.place(element.value as Element, props.id, () => props)
    }
    onMounted(open)
    watch(() => props.id, open, { flush: 'post' })
    onBeforeUnmount(() => close())
    // Kept alive it is out of the page, and so is its survey.
    onActivated(open)
    onDeactivated(() => close())
    const isIts = ({ survey }: { survey: string }): boolean => survey === props.id
    useEarshotEvent('answered', (detail) => isIts(detail) && emit('answered', detail))
    useEarshotEvent('completed', (detail) => isIts(detail) && emit('completed', detail))
    useEarshotEvent('dismissed', (detail) => isIts(detail) && emit('dismissed', detail))
    return () => h('div', { ref: element })
  },
  {
    name: 'EarshotSurvey',
    props: { id: { type: String, required: true }, force: Boolean, hidden: Object } as never,
    emits: ['answered', 'completed', 'dismissed'] as never,
  },
)

function useHolder(): Holder {
  const holder = inject(holderKey, null)
  if (!holder)
    throw new Error(
      'Earshot: there is no client here. Have the app use the plugin, app.use(createEarshotPlugin({ … })), and call this in setup.',
    )
  return holder
}
