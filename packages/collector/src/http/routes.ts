/** The table of all routes. */
import type { Deps, Route } from './route.ts'
import { accessRoutes } from './routes/access.ts'
import { auditRoutes } from './routes/audit.ts'
import { caseRoutes } from './routes/cases.ts'
import { configRoutes } from './routes/config.ts'
import { dashboardRoutes } from './routes/dashboard.ts'
import { docsRoutes } from './routes/docs.ts'
import { eraseRoutes } from './routes/erase.ts'
import { exportRoutes } from './routes/export.ts'
import { importRoutes } from './routes/import.ts'
import { feedbackRoutes } from './routes/feedback.ts'
import { fileRoutes } from './routes/files.ts'
import { findingRoutes } from './routes/findings.ts'
import { followUpRoutes } from './routes/followUps.ts'
import { healthRoutes } from './routes/health.ts'
import { jobRoutes } from './routes/jobs.ts'
import { hostedRoutes } from './routes/hosted.ts'
import { unsubscribeRoutes } from './routes/unsubscribe.ts'
import { lifecycleRoutes } from './routes/lifecycle.ts'
import { mailRoutes } from './routes/mail.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { openapiRoutes } from './routes/openapi.ts'
import { noteRoutes } from './routes/notes.ts'
import { peopleRoutes } from './routes/people.ts'
import { privacyRoutes } from './routes/privacy.ts'
import { placeRoutes } from './routes/places.ts'
import { readyRoutes } from './routes/ready.ts'
import { recommendationRoutes } from './routes/recommendations.ts'
import { reportRoutes } from './routes/reports.ts'
import { responseRoutes } from './routes/responses.ts'
import { sessionRoutes } from './routes/session.ts'
import { settingsRoutes } from './routes/settings.ts'
import { statsRoutes } from './routes/stats.ts'
import { suspectRoutes } from './routes/suspects.ts'
import { streamRoutes } from './routes/stream.ts'
import { surveyRoutes } from './routes/surveys.ts'
import { webhookRoutes } from './routes/webhooks.ts'

/** Makes the routes. Where two paths fit, the first one counts. */
export function createRoutes(deps: Deps): Route[] {
  const routes: Route[] = [
    ...feedbackRoutes(deps),
    ...configRoutes(deps),
    ...placeRoutes(deps),
    ...eraseRoutes(deps),
    ...surveyRoutes(deps),
    ...settingsRoutes(deps),
    ...responseRoutes(deps),
    ...reportRoutes(deps),
    ...findingRoutes(deps),
    ...lifecycleRoutes(deps),
    ...recommendationRoutes(deps),
    ...accessRoutes(deps),
    ...sessionRoutes(deps),
    ...auditRoutes(deps),
    ...privacyRoutes(deps),
    ...peopleRoutes(deps),
    ...suspectRoutes(deps),
    ...followUpRoutes(deps),
    ...jobRoutes(deps),
    ...webhookRoutes(deps),
    ...caseRoutes(deps),
    ...noteRoutes(deps),
    ...mailRoutes(deps),
    ...hostedRoutes(deps),
    ...unsubscribeRoutes(deps),
    ...statsRoutes(deps),
    ...exportRoutes(deps),
    ...importRoutes(deps),
    ...streamRoutes(deps),
    ...fileRoutes(deps),
    ...dashboardRoutes(deps),
    ...healthRoutes(),
    ...readyRoutes(deps),
    ...metricsRoutes(deps),
    ...openapiRoutes(deps, () => routes),
    ...docsRoutes(deps),
  ]
  return routes
}
