/** The lazy chunk of the rules: ties them to the page, for each client on it by itself. */
import { rules } from '../core/rules/rules.ts'
import { resume } from '../core/memory.ts'
import { extend } from '../core/rules/engine.ts'
import type { State } from '../core/model.ts'
import type { MemoryChange } from '../core/remembered.ts'
import type * as Scrubber from '../core/rules/scrub.ts'
import type { RulesChunk, RuntimeTools } from '../ports/rules.ts'
import { address } from './address.ts'
import { type Carrier, createCarrier } from './carryOut.ts'
import { startSensors } from './sensors.ts'

export { pageFacts } from './pageFacts.ts'
export { rules }

/** A module is there once, and clients may be several: what carries out for one is known by what that one gave. */
const carriers = new WeakMap<RuntimeTools, Carrier>()

function carrierOf(tools: RuntimeTools): Carrier {
  const carrier = carriers.get(tools) ?? createCarrier(rules, startSensors, loadScrub, scrubChange)
  carriers.set(tools, carrier)
  return carrier
}

export const step: RulesChunk['step'] = (state, input, advance) => extend(advance, rules)(state, input)

export const erase: RulesChunk['erase'] = (tools) => carrierOf(tools).erase(tools)

export const carryOut: RulesChunk['carryOut'] = (effect, tools) => carrierOf(tools).carryOut(effect, tools)

/** Few sites ask for it, so it comes only where one does, before a survey is shown (see `carryOut`). */
let scrubber: typeof Scrubber | undefined
const loadScrub = async (): Promise<void> => {
  scrubber = await import('../core/rules/scrub.ts')
}

/** What is kept to go on with is scrubbed like what is sent. */
const scrubChange = (change: MemoryChange, { settings, surveys }: State): MemoryChange => {
  const scrub = settings.privacy?.scrub ?? []
  if (change.kind !== 'survey' || !change.patch.progress || !scrub.length || !scrubber) return change
  const { progress } = change.patch
  const questions = surveys.find((each) => each.id === change.survey)?.questions ?? []
  const answers = scrubber.scrubAnswers(progress.answers, scrub, questions)
  return { ...change, patch: { ...change.patch, progress: { ...progress, answers } } }
}

/** Where the site began to ask for it while a card was open: coarse, but at once, and nothing is lost but what may identify. */
const mask = (text: string): string => text.replace(/\S*@\S*/g, '[email]').replace(/\d/g, '#')

export const cleaned: RulesChunk['cleaned'] = (event, { privacy = {} }, survey) => {
  const context = { ...event.context, url: address(privacy) }
  if (event.type !== 'answer' || !privacy.scrub?.length) return { ...event, context }
  const question = survey?.questions.find((each) => each.id === event.data.question)
  if (scrubber) return { ...event, ...scrubber.scrubDraft(event, privacy, question), context }
  if (question?.kind === 'text' && (question.input === 'email' || question.pattern))
    return { ...event, context }
  const { value, other } = event.data
  const data = { ...event.data, value: typeof value === 'string' ? mask(value) : value }
  return { ...event, data: other === undefined ? data : { ...data, other: mask(other) }, context }
}

export const explain: RulesChunk['explain'] = async (tools, survey) => {
  const loaded = await import('../core/rules/explain.ts')
  // Other tabs have a part in it. Without anything stored, this page's own memory is all there is.
  const stored = await tools.store.readMemory()
  const { clock, random } = tools
  const at = clock.now()
  const state = tools.state()
  const isSame = stored?.visitor !== undefined && stored.visitor === state.memory?.visitor
  const memory = isSame ? resume(stored, at, random.id) : state.memory
  return loaded.explain({ ...state, memory }, survey, at, rules)
}

export const destroy: RulesChunk['destroy'] = (tools) => carriers.get(tools)?.destroy()
