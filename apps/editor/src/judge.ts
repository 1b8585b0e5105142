/** Judges both documents: all that is wrong with them at once, with the line, and what is sound. */
import type { SiteSettings, Survey } from '@earshot/contract'
import { settingsSchema, surveySchema, validateSurvey } from '@earshot/contract/schema'
import { checkTheme } from '@earshot/sdk/theme'
import { readText } from './jsonText.ts'

/** Which of the two documents. */
export type DocumentName = 'survey' | 'settings'

/** One thing that is wrong. */
export interface Flaw {
  document: DocumentName
  /** Dotted; empty for the whole. */
  path: string
  line: number
  /** Where, what is wrong, and how to mend it. */
  message: string
  severity: 'error' | 'warning'
}

/** A document as far as it could be read. */
export interface Judged<Value> {
  /** What the text holds; undefined where it is no JSON. */
  value: unknown
  /** What is accepted; null where there is an error. */
  sound: Value | null
  flaws: Flaw[]
}

/** Both. */
export interface Verdict {
  survey: Judged<Survey>
  settings: Judged<SiteSettings>
  flaws: Flaw[]
}

/** Both as they were typed. */
interface Typed {
  survey: string
  settings: string
}

export function judge(state: Typed): Verdict {
  const survey = judgeSurvey(state.survey)
  const settings = judgeSettings(state.settings)
  return { survey, settings, flaws: [...survey.flaws, ...settings.flaws] }
}

function noJson(document: DocumentName, { line, message }: { line: number; message: string }): Judged<never> {
  const flaw: Flaw = { document, path: '', line, message: `This is not JSON: ${message}`, severity: 'error' }
  return { value: undefined, sound: null, flaws: [flaw] }
}

function judgeSurvey(text: string): Judged<Survey> {
  const { value, error, lineOf } = readText(text)
  if (error) return noJson('survey', error)
  const flaws = validateSurvey(value).map(({ path, message, severity }): Flaw => ({
    document: 'survey',
    path,
    line: lineOf(path),
    message,
    severity,
  }))
  const parsed = surveySchema.safeParse(value)
  return { value, sound: parsed.success ? parsed.data : null, flaws }
}

const settingNames: readonly string[] = ['limits', 'privacy', 'theme'] satisfies (keyof SiteSettings)[]

function judgeSettings(text: string): Judged<SiteSettings> {
  const { value, error, lineOf } = readText(text)
  if (error) return noJson('settings', error)
  const flaws: Flaw[] = []
  const add = (path: string, message: string, severity: Flaw['severity']): void => {
    if (!flaws.some((each) => each.path === path))
      flaws.push({ document: 'settings', path, line: lineOf(path), message, severity })
  }
  const parsed = settingsSchema.safeParse(value)
  const { theme } = (value ?? {}) as { theme?: unknown }
  // What is wrong with a theme is told with what is used instead, where only a page would read it.
  const changes = typeof theme === 'object' && theme !== null ? checkTheme(theme).changes : []
  for (const { at, message, used } of changes)
    if (used !== null) add(`theme.${at}`, `theme.${message}`, 'warning')
    else
      add(
        `theme.${at}`,
        `theme.${message.replace(/, so it is ignored$/, '')}; correct it, or take it out`,
        'error',
      )
  for (const { path, message } of parsed.error?.issues ?? []) {
    const at = path.join('.')
    add(at, `${at || 'the whole'}: ${message}`, 'error')
  }
  if (typeof value === 'object' && value !== null)
    for (const name of Object.keys(value))
      if (!settingNames.includes(name))
        add(name, `${name} is no setting; allowed are ${settingNames.join(', ')}`, 'error')
  const isSound = parsed.success && flaws.every((each) => each.severity === 'warning')
  return { value, sound: isSound ? parsed.data : null, flaws }
}
