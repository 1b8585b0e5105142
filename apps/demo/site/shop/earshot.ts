/** Calls Earshot from the scripts of the shop, whether its script is there already or not. */
import type { Earshot } from '@earshot/sdk'

type Call = (command: keyof Earshot, ...input: unknown[]) => unknown
type Queue = Call & { q?: unknown[][] }

/** What was called before the script came waits in `q`, in order. */
const queue: Queue = (...call) => {
  ;(queue.q ??= []).push(call)
}

const host = window as unknown as { earshot?: Call }

/** Like `earshot('track', 'order_placed')` in a plain page. */
export function earshot(...call: Parameters<Call>): void {
  host.earshot ??= queue
  host.earshot(...call)
}
