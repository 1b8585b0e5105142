/** The lazy chunk of the rules: ties them to the page, for each client on it by itself. */
import { rules } from '../core/rules/rules.ts'
import { extend } from '../core/rules/engine.ts'
import type { scrubDraft as ScrubDraft } from '../core/rules/scrub.ts'
import type { RulesChunk, RuntimeTools } from '../ports.ts'
import { address } from './address.ts'
import { type Carrier, createCarrier } from './carryOut.ts'
import { startSensors } from './sensors.ts'

export { pageFacts } from './pageFacts.ts'
export { rules }

/** A module is there once, and clients may be several: what carries out for one is known by what that one gave. */
const carriers = new WeakMap<RuntimeTools, Carrier>()

function carrierOf(tools: RuntimeTools): Carrier {
  const carrier = carriers.get(tools) ?? createCarrier(rules, startSensors, loadScrub)
  carriers.set(tools, carrier)
  return carrier
}

export const step: RulesChunk['step'] = (state, input, advance) => extend(advance, rules)(state, input)

export const erase: RulesChunk['erase'] = (visitor, tools) => carrierOf(tools).erase(visitor, tools)

export const carryOut: RulesChunk['carryOut'] = (effect, tools) => carrierOf(tools).carryOut(effect, tools)

/** Few sites ask for it, so it comes only where one does; what is not there yet shows no survey (see `carryOut`). */
let scrubDraft: typeof ScrubDraft | undefined
const loadScrub = async (): Promise<void> => {
  ;({ scrubDraft } = await import('../core/rules/scrub.ts'))
}

export const cleaned: RulesChunk['cleaned'] = (event, { privacy = {} }, survey) => {
  const context = { ...event.context, url: address(privacy) }
  if (event.type !== 'answer' || !privacy.scrub?.length) return { ...event, context }
  if (!scrubDraft) throw new Error('what scrubs texts is not there yet')
  const question = survey?.questions.find((each) => each.id === event.data.question)
  return { ...event, ...scrubDraft(event, privacy, question), context }
}

export const explain: RulesChunk['explain'] = async (state, survey, now) =>
  (await import('../core/rules/explain.ts')).explain(state(), survey, now(), rules)

export const destroy: RulesChunk['destroy'] = (tools) => carriers.get(tools)?.destroy()
