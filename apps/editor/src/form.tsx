/** The survey as a form. What it has no field for stays as it is in the JSON. */
import { languages, type SiteSettings, type Survey, type Theme } from '@earshot/contract'
import type { JSX } from 'preact'
import { put } from './change.ts'
import { flawsAt, NumberField, SelectField, TextField } from './fields.tsx'
import type { Flaw } from './judge.ts'
import { Questions } from './questionForm.tsx'
import { ThemeForm } from './themeForm.tsx'
import { Triggers } from './triggerForm.tsx'

/** Changes a copy of the survey. The name says which field it is, so that typing in it is one step. */
export type EditSurvey = (field: string, change: (survey: Survey) => void) => void

export interface FormProps {
  /** The company; null where no template's texts name one. */
  name: string | null
  survey: Survey
  /** Null where the settings cannot be read, undefined where they are not written here. */
  theme: Theme | null | undefined
  flaws: readonly Flaw[]
  onName?: ((name: string) => void) | undefined
  onSurvey: EditSurvey
  onSettings?: ((field: string, change: (settings: SiteSettings) => void) => void) | undefined
}

const layouts = [
  ['', 'Default: bottom, end'],
  ['bottom-end', 'Bottom, end'],
  ['bottom-start', 'Bottom, start'],
  ['top-end', 'Top, end'],
  ['top-start', 'Top, start'],
  ['inline', 'In the page'],
  ['modal', 'As a dialog'],
  ['tab', 'Behind a tab'],
  ['page', 'A page of its own'],
] as const

const names = new Intl.DisplayNames(['en'], { type: 'language' })
/** `de` becomes `German`. */
export const languageText = (tag: string): string => {
  try {
    return names.of(tag) ?? tag
  } catch {
    return tag
  }
}

const known: readonly string[] = languages

export function Form(props: FormProps): JSX.Element {
  const { name, survey, theme, flaws, onName, onSurvey, onSettings } = props
  const of = flaws.filter((each) => each.document === 'survey')
  const at = (path: string): Flaw[] => flawsAt(of, path)
  const set = (path: string, field: string) => (value: unknown) =>
    onSurvey(path, (draft) =>
      put(path === field ? draft : draft[path.split('.')[0] as 'thanks'], field, value),
    )
  const locale = typeof survey.locale === 'string' ? survey.locale : ''
  const tags = known.includes(locale) ? known : [locale, ...known]
  const { sampling } = survey
  return (
    <div class="form">
      <details open>
        <summary>
          <h3>Words</h3>
        </summary>
        <div class="group">
          <div class="row">
            {name !== null && onName && <CompanyField name={name} onName={onName} />}
            <SelectField
              label="Language of the texts"
              value={locale}
              options={tags.map((tag) => [tag, languageText(tag)] as const)}
              flaws={at('locale')}
              onValue={set('locale', 'locale')}
            />
          </div>
          <Questions survey={survey} flaws={of} onSurvey={onSurvey} />
          <TextField
            label="Thanks"
            long
            value={survey.thanks.title}
            lang={locale}
            flaws={at('thanks.title')}
            onText={set('thanks.title', 'title')}
          />
          <TextField
            label="Below the thanks"
            long
            value={survey.thanks.text}
            lang={locale}
            flaws={at('thanks.text')}
            onText={(text) => set('thanks.text', 'text')(text === '' ? undefined : text)}
          />
        </div>
      </details>
      <details>
        <summary>
          <h3>When it appears</h3>
        </summary>
        <div class="group">
          <Triggers survey={survey} flaws={of} onSurvey={onSurvey} />
        </div>
      </details>
      <details>
        <summary>
          <h3>How often, and where</h3>
        </summary>
        <div class="group">
          <p class="hint">Days before the same person may see it again, after …</p>
          <div class="row four">
            {(['answered', 'dismissed', 'shown', 'snoozed'] as const).map((each) => (
              <NumberField
                key={each}
                label={recontactTexts[each]}
                value={survey.recontact[each]}
                flaws={at(`recontact.${each}`)}
                {...(each === 'snoozed' && { placeholder: '7' })}
                onNumber={set(`recontact.${each}`, each)}
              />
            ))}
          </div>
          <div class="row">
            <NumberField
              label="Share of visitors, in percent"
              hint="Empty: everybody who may be asked."
              value={typeof sampling === 'number' ? Number((sampling * 100).toFixed(6)) : sampling}
              min={1}
              max={100}
              placeholder="100"
              flaws={at('sampling')}
              onNumber={(percent) =>
                set(
                  'sampling',
                  'sampling',
                )(percent === undefined ? undefined : Number((percent / 100).toFixed(8)))
              }
            />
            <SelectField
              label="Place"
              value={survey.layout ?? ''}
              options={layouts}
              flaws={at('layout')}
              onValue={(value) => set('layout', 'layout')(value === '' ? undefined : value)}
            />
          </div>
          {(survey.layout === 'inline' || survey.into !== undefined) && (
            <TextField
              label="Into which element, by CSS selector"
              value={survey.into}
              flaws={at('into')}
              onText={(text) => set('into', 'into')(text === '' ? undefined : text)}
            />
          )}
          <div class="row">
            <TextField
              label="Id"
              hint="Answers are filed under it."
              value={survey.id}
              flaws={at('id')}
              onText={set('id', 'id')}
            />
            <NumberField
              label="Version"
              hint="Raise it when a question or a scale changes."
              value={survey.version}
              min={1}
              flaws={at('version')}
              onNumber={set('version', 'version')}
            />
          </div>
        </div>
      </details>
      {theme !== undefined && onSettings && (
        <details>
          <summary>
            <h3>Looks</h3>
          </summary>
          <div class="group">
            <ThemeForm theme={theme} flaws={flaws} onSettings={onSettings} />
          </div>
        </details>
      )}
    </div>
  )
}

const recontactTexts = {
  answered: 'An answer',
  dismissed: 'A refusal',
  shown: 'No reaction',
  snoozed: '“Later”',
}

/** A company without a name is none: what is empty waits for the next letter. */
function CompanyField({ name, onName }: { name: string; onName(name: string): void }): JSX.Element {
  return (
    <TextField
      label="Company or product"
      hint="As the template’s texts name it."
      value={name}
      onText={(text) => text.trim() !== '' && onName(text)}
    />
  )
}
