/** The script tag: starts a client by the tag's attributes and puts it where the page called for it. The only module with an effect on import. */
import type { Earshot } from '../index.ts'
import type { PagesChunk } from '../ports/card.ts'
import { createClient } from '../shell/client.ts'
import { readConfig } from '../shell/readConfig.ts'
import { sdkVersion } from '../shell/version.ts'

/** `earshot('track', 'checkout_done')` and `earshot.track('checkout_done')` are the same. */
type Global = Earshot & ((command: keyof Earshot, ...input: unknown[]) => unknown)
type Queue = { q?: Iterable<unknown>[] }

const host = window as { earshot?: Global | Queue }

const start = (): void => {
  // Where there is none, it was not loaded by a tag, and ends here.
  const script = document.currentScript as HTMLScriptElement
  const base = new URL('.', script.src).href
  const options = readConfig(script, base)
  if (!options || (host.earshot && Object.hasOwn(host.earshot, 'destroy'))) return
  const early = (host.earshot as Queue | undefined)?.q ?? []
  // The address carries the version and never changes its content, so it may be cached for ever.
  // Chromium never asks again for one that it could not fetch, so the next attempt has another address.
  const missed: Record<string, string> = {}
  const load = <Chunk>(name: string): Promise<Chunk> => {
    const again = (missed[name] ??= '')
    return import(/* @vite-ignore */ `${base}sdk/${sdkVersion}/${name}.js${again}`).catch(
      (error: unknown) => {
        missed[name] += again ? '1' : '?'
        throw error
      },
    )
  }
  /** Where the code for delivery is. */
  let file = 'outbox'
  const client = createClient(options, {
    loadCard: () => load((file = 'card')),
    loadKinds: async (surveys) =>
      (await load<PagesChunk>('kinds')).loadFor(surveys, (type) => load('kind-' + type)),
    loadOutbox: () => load(file),
    loadKeeper: () => load('keeper'),
    loadRules: () => load('rules'),
  })
  const call = (command: keyof Earshot, ...input: unknown[]): unknown =>
    Object.hasOwn(client, command) && (client[command] as (...input: unknown[]) => unknown)(...input)
  host.earshot = Object.assign<typeof call, Earshot>(call, client)
  for (const [command, ...input] of early) call(command as keyof Earshot, ...input)
}

try {
  start()
} catch {
  // A page without a tag, or whose Promise or crypto is broken, gets no card, and no error of ours.
}
