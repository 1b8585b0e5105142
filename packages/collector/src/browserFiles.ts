/** The SDK's files for browsers, as they come along with this package. */
import { fileURLToPath } from 'node:url'

/** Their directory. The build copies them there; before it, nothing is in it. */
export function ownBrowserFiles(): string {
  return fileURLToPath(new URL('../dist/browser', import.meta.url))
}
