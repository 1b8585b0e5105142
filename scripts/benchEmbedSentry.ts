/** @sentry/browser as its documentation has it installed for user feedback: `init` with a DSN and the feedback integration, nothing switched off, opened by the button that it puts on the page. */
import * as Sentry from '@sentry/browser'

Sentry.init({
  dsn: `${location.protocol}//key@${location.host}/1`,
  integrations: [Sentry.feedbackIntegration({ colorScheme: 'system' })],
})
// What a visitor does with it.
document.querySelector('#sentry-feedback')?.shadowRoot?.querySelector<HTMLElement>('.widget__actor')?.click()
