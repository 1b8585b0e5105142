/** What a site with @sentry/browser bundles for its feedback dialog, and nothing more: tracing, replay and the default integrations stay out. */
import { feedbackIntegration, init } from '@sentry/browser'

const feedback = feedbackIntegration({
  autoInject: false,
  enableScreenshot: false,
  showName: false,
  showEmail: false,
})
init({
  dsn: `${location.protocol}//key@${location.host}/1`,
  defaultIntegrations: false,
  integrations: [feedback],
})
type Form = Awaited<ReturnType<typeof feedback.createForm>>
const host = window as unknown as { form: Promise<Form> }
host.form = feedback.createForm().then((form) => {
  form.appendToDom()
  form.open()
  return form
})
