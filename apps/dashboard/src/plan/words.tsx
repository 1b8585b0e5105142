/** What is said, by language: a field for each language that is there, and one for English where there is none. */
import type { JSX } from 'preact'
import { TextField } from '../parts/fields.tsx'
import type { PlanRule } from './plan.ts'

interface WordsProps {
  label: string
  hint: string
  text: PlanRule['text']
  flaw: string | undefined
  /** As many lines; default a field of one line. */
  lines?: number
  onText: (text: PlanRule['text']) => void
}

export function Words({ label, hint, text = {}, flaw, lines, onText }: WordsProps): JSX.Element {
  const languages = Object.keys(text).length === 0 ? ['en'] : Object.keys(text)
  return (
    <>
      {languages.map((language, index) => (
        <TextField
          key={language}
          label={`${label} (${language})`}
          hint={index === 0 ? hint : undefined}
          value={text[language] ?? ''}
          {...(lines !== undefined && { lines })}
          flaw={index === 0 ? flaw : undefined}
          onText={(said) => {
            const { [language]: _, ...others } = text
            const next = said === '' ? others : { ...text, [language]: said }
            onText(Object.keys(next).length === 0 ? undefined : next)
          }}
        />
      ))}
    </>
  )
}
