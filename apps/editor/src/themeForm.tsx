/** The looks of the card, which are a setting of the site, as a form. */
import type { SiteSettings, Theme } from '@earshot/contract'
import type { JSX } from 'preact'
import { put } from './change.ts'
import { flawsAt, NumberField, SelectField, TextField, useOwnId } from './fields.tsx'
import type { Flaw } from './judge.ts'

interface ThemeFormProps {
  /** Null where the settings cannot be read. */
  theme: Theme | null
  flaws: readonly Flaw[]
  onSettings(field: string, change: (settings: SiteSettings) => void): void
}

const schemes = [
  ['', 'As the visitor’s system'],
  ['light', 'Always light'],
  ['dark', 'Always dark'],
] as const
const densities = [
  ['', 'Normal'],
  ['compact', 'Compact'],
  ['roomy', 'Roomy'],
] as const

export function ThemeForm({ theme, flaws, onSettings }: ThemeFormProps): JSX.Element {
  const swatch = useOwnId()
  if (!theme)
    return <p class="soft">The settings cannot be read. Mend them in the JSON, then this form goes on.</p>
  const of = flaws.filter((each) => each.document === 'settings')
  const at = (field: string): Flaw[] => flawsAt(of, `theme.${field}`)
  const set = (field: keyof Theme, value: unknown): void =>
    onSettings(field, (settings) => {
      const next = { ...settings.theme }
      put(next, field, value === '' ? undefined : value)
      put(settings, 'theme', Object.keys(next).length > 0 ? next : undefined)
    })
  const isHex = typeof theme.accent === 'string' && /^#[\da-f]{6}$/i.test(theme.accent)
  return (
    <>
      <p class="hint">These are settings of the site: they hold for all its surveys.</p>
      <div class="row">
        <TextField
          label="Accent colour"
          hint="#rrggbb, rgb(…), hsl(…) or oklch(…)"
          value={theme.accent}
          placeholder="#1d4ed8"
          flaws={at('accent')}
          onText={(text) => set('accent', text)}
        />
        <div class="field">
          <label for={swatch}>Pick the accent</label>
          <input
            id={swatch}
            type="color"
            value={isHex ? theme.accent : '#1d4ed8'}
            onInput={(event) => set('accent', event.currentTarget.value)}
          />
        </div>
      </div>
      <div class="row">
        <SelectField
          label="Scheme"
          value={theme.scheme === 'auto' ? '' : (theme.scheme ?? '')}
          options={schemes}
          flaws={at('scheme')}
          onValue={(value) => set('scheme', value)}
        />
        <SelectField
          label="Density"
          value={theme.density === 'normal' ? '' : (theme.density ?? '')}
          options={densities}
          flaws={at('density')}
          onValue={(value) => set('density', value)}
        />
      </div>
      <NumberField
        label="Radius of the corners, in pixels"
        value={theme.radius}
        max={24}
        placeholder="12"
        flaws={at('radius')}
        onNumber={(value) => set('radius', value)}
      />
    </>
  )
}
