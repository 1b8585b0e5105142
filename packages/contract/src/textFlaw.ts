/** Which demand of a text question a value does not meet. A file of its own, because the browser loads it only with such a question. */
import type { compilePattern } from './pattern.ts'
import type { TextQuestion } from './question.ts'

/**
 * The demand that is not met; null when it fits.
 *
 * @param compile `compilePattern`; passed in, since whoever asks may have it already
 */
export function textFlaw(
  { input, least = -Infinity, most = Infinity, minLength = 0, maxLength, pattern }: TextQuestion,
  value: unknown,
  compile: typeof compilePattern,
): 'number' | 'type' | 'length' | 'email' | 'pattern' | null {
  if (input === 'number')
    return Number.isFinite(value) && least <= (value as number) && (value as number) <= most ? null : 'number'
  if (typeof value !== 'string') return 'type'
  if (value.length < minLength || value.length > maxLength) return 'length'
  // Whether mail arrives there is only known when some did, so this refuses no more than what cannot be one.
  if (input === 'email' && !/^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(value)) return 'email'
  return pattern && !compile(pattern, { whole: true })(value) ? 'pattern' : null
}
