/** How a survey is looked at while it is written, and what of it was sound last. */
import type { Language, SiteSettings, Survey } from '@earshot/contract'

/** Width of the page in the preview. */
export type Width = '320' | '390' | 'desktop'

/** How the preview is looked at. */
export interface View {
  /** What the visitor's system has. */
  scheme: 'light' | 'dark'
  width: Width
  /** What the visitor's browser speaks; empty for the language of the survey. */
  language: Language | ''
  /** Whether the page runs from right to left. */
  rtl: boolean
  offline: boolean
}

/** What was sound last. */
export interface Sound {
  survey: Survey
  settings: SiteSettings
}

/** How it is looked at first. */
export const firstView: View = {
  scheme: 'light',
  // On a phone a desk would be drawn so small that nothing could be read.
  width: globalThis.innerWidth < 600 ? '320' : 'desktop',
  language: '',
  rtl: false,
  offline: false,
}

/** A document as text. */
export const toText = (value: unknown): string => JSON.stringify(value, null, 2)

/** Languages that are written from right to left. */
export const isRtl = (language: string): boolean => language === 'ar' || language === 'he'
