/** The choice of the language in which a message is looked at. */
import { languages } from '@earshot/contract'
import type { JSX } from 'preact'
import { SelectField } from './fields.tsx'

const names = new Intl.DisplayNames(['en'], { type: 'language' })

/** The name of a language, in English. */
export const languageName = (tag: string): string => names.of(tag) ?? tag

interface LanguageProps {
  /** Empty: that of the survey. */
  value: string
  onValue: (language: string) => void
}

export function LanguageField({ value, onValue }: LanguageProps): JSX.Element {
  return (
    <SelectField
      label="Language of the person"
      value={value}
      options={[['', 'that of the survey'], ...languages.map((tag) => [tag, languageName(tag)] as const)]}
      onValue={onValue}
    />
  )
}
