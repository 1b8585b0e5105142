/** Reads how mail goes out from the words of a command. */
import type { CollectorOptions } from '../index.ts'
import { usageError } from './usage.ts'

/** Its flags. */
export const mailFlags: readonly string[] = ['smtp', 'mail-from']

/** Both of the server and the sender, or neither. */
export function mailOf(smtp: string | undefined, from: string | undefined): CollectorOptions['mail'] {
  if (smtp === undefined && from === undefined) return undefined
  if (smtp === undefined || from === undefined)
    throw usageError('--smtp and --mail-from belong together: name the mail server, and who mail is from.')
  return { smtp, from }
}
