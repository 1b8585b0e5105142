/** Which packages from npm the embed benchmark compares Earshot with, and in which versions they are installed. */
import { readFileSync } from 'node:fs'

export const comparedPackages = ['posthog-js', 'survey-core', 'survey-js-ui', '@sentry/browser'] as const

/** The installed version of one of them. */
export function versionOf(name: (typeof comparedPackages)[number]): string {
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as {
    version: string
  }
  return version
}
