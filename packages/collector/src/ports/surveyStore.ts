/** What keeps definitions of surveys, and the settings that hold for all of them. */
import type { SiteSettings, Survey } from '@earshot/contract'
import type { PutDecision, StoredSurvey, SurveyName } from '../core/surveys.ts'
import type { Millis } from '../core/time.ts'

/** Keeps surveys, all of their versions, and settings. */
export interface SurveyStore {
  /** What holds for all surveys of the site; null until it was put. */
  settings(site: number): Promise<SiteSettings | null>
  putSettings(site: number, settings: SiteSettings, at: Millis): Promise<void>
  /** All definitions, or all versions of one id, in the order of id and version. */
  surveys(site: number, id?: string): Promise<StoredSurvey[]>
  /** Names of all definitions, in the order of id and version. */
  surveyNames(site: number): Promise<SurveyName[]>
  /** The latest served version of each survey, in the order of the ids. */
  servedSurveys(site: number): Promise<Survey[]>
  /** Lets `decide` judge the stored versions of this id, and stores what it created; in one transaction. */
  putSurvey(
    site: number,
    survey: Survey,
    decide: (stored: readonly StoredSurvey[]) => PutDecision,
    at: Millis,
  ): Promise<PutDecision>
  /** Removes an inline definition that no response uses, and says what became of it; in one transaction. */
  dropSurvey(site: number, id: string, version: number): Promise<'dropped' | 'unknown' | 'served' | 'used'>
}
