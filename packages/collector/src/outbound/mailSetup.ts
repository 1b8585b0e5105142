/** Reads how mail goes out, as an operator says it. */
import type { MailSetup } from './mailWork.ts'
import { createSmtp, senderOf } from './smtp.ts'

/**
 * The way of all mail; null where none is wanted.
 *
 * @throws in words, without the password
 * @example
 * mailSetup({ mail: { smtp: 'smtp://localhost:25', from: 'hi@acme.example' }, publicUrl: 'https://feedback.example.com' })
 */
export function mailSetup({
  mail,
  publicUrl,
}: {
  mail?: { smtp: string; from: string } | undefined
  publicUrl?: string | undefined
}): MailSetup | null {
  if (!mail) return null
  const isWeb = publicUrl !== undefined && URL.canParse(publicUrl) && /^https?:/.test(publicUrl)
  if (!isWeb)
    throw new Error(
      'Mail has links, so it needs the address at which people reach the collector: name it with publicUrl or --public-url https://feedback.example.com.',
    )
  const smtp = createSmtp({ url: mail.smtp })
  return { smtp, from: senderOf(mail.from), publicUrl: publicUrl.replace(/\/+$/, '') }
}
