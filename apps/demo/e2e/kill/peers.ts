/** Which packages from npm the kill test compares Earshot with, and in which versions they are installed. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const peers = [
  '@rudderstack/analytics-js',
  '@snowplow/browser-tracker',
  'workbox-background-sync',
  'mixpanel-browser',
  '@segment/analytics-next',
  'posthog-js',
] as const

/** The installed version of one of them. */
export function versionOf(name: (typeof peers)[number]): string {
  const file = fileURLToPath(new URL(`../../../../node_modules/${name}/package.json`, import.meta.url))
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
