/** Lives synthetic visitors beside the page, so that the page stays quick. */
import type { SiteSettings, Survey } from '@earshot/contract'
import { simulateVisitors, type VisitorsResult } from '@earshot/sdk/simulate'

export interface SimulateTask {
  survey: Survey
  settings: SiteSettings
  visitors: number
  days: number
}

export type SimulateAnswer = { result: VisitorsResult } | { problem: string }

addEventListener('message', ({ data }: MessageEvent<SimulateTask>) => {
  const { survey, settings, visitors, days } = data
  let answer: SimulateAnswer
  try {
    answer = { result: simulateVisitors({ surveys: [survey], settings, visitors, days }) }
  } catch (error) {
    answer = { problem: error instanceof Error ? error.message : String(error) }
  }
  postMessage(answer)
})
