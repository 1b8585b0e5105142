/** The least of @sentry/browser that still shows its feedback dialog: without the default integrations, the button, and the fields and the screenshot that can be left out. */
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
