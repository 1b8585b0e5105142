/** Starts the playground: judges each state, and keeps what was sound last. */
import { render } from 'preact'
import { judge, type Sound } from '@earshot/editor'
import '@earshot/editor/editor.css'
import { begin, type State } from './state.ts'
import { createStore } from './store.ts'
import { Playground } from './view.tsx'

const firstTemplate = 'relationshipNps'
const place = document.getElementById('playground') as HTMLElement

let sound: Sound | null = null

function draw(state: State, wrong: string | null): void {
  const verdict = judge(state)
  sound = soundOf(state, verdict)
  render(<Playground {...{ state, verdict, sound, wrong }} store={store} />, place)
}

/** What is accepted now, or was last. The same object as long as it says the same, so that no preview begins anew. */
function soundOf(state: State, { survey, settings }: ReturnType<typeof judge>): Sound {
  const last = sound ?? firstSound(state.template)
  const next: Sound = { survey: survey.sound ?? last.survey, settings: settings.sound ?? last.settings }
  return sound && JSON.stringify(sound) === JSON.stringify(next) ? sound : next
}

/** A link may hold what is not sound yet: then its template is what there is. */
function firstSound(template: string): Sound {
  const { survey, settings } = judge(begin(template))
  if (!survey.sound || !settings.sound) throw new Error(`The template ${template} is not sound.`)
  return { survey: survey.sound, settings: settings.sound }
}

const store = createStore(firstTemplate, draw)
await store.start()

// The address has another use for its fragment.
document.querySelector('.skip')?.addEventListener('click', (event) => {
  event.preventDefault()
  document.getElementById('main')?.focus()
})
