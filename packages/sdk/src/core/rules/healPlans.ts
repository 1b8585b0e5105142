/** What becomes of plans when the clock that made them is set back. */
import type { Memory, Plan } from '../remembered.ts'
import type { Instant } from '../time.ts'

/** With plans that were made by a clock which has been set back since: they wait their spans from now on. */
export function healed<Known extends Pick<Memory, 'plans'>>(memory: Known, at: Instant): Known {
  const plans = Object.entries(memory.plans ?? {})
  if (!plans.some(([, plan]) => plan.at > at)) return memory
  return { ...memory, plans: Object.fromEntries(plans.map(([id, plan]) => [id, backFrom(plan, at)])) }
}

function backFrom(plan: Plan, at: Instant): Plan {
  const ahead = Math.max(0, plan.at - at)
  const { due, expires, before } = plan
  return {
    ...plan,
    at: (plan.at - ahead) as Instant,
    due: (due - ahead) as Instant,
    expires: (expires - ahead) as Instant,
    ...(before && {
      before: {
        ...before,
        at: Math.min(before.at, at) as Instant,
        due: (before.due - Math.max(0, before.at - at)) as Instant,
      },
    }),
  }
}
